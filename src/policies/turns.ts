/** Those who wait for their turn. */
export interface Turns {
  /** Joins the line; `enter` is called at the head of it, and says whether its wait is over. */
  wait(enter: () => boolean): { readonly leave: () => void };
  isWaitedFor(): boolean;
  /** Something has become free: lets enter who can, in turn, up to the first who cannot. */
  advance(): void;
}

interface Waiting {
  readonly enter: () => boolean;
  isGone: boolean;
}

/** First come, first served, in constant time each; whoever enters within another's entry is served by the same loop. */
export const createTurns = (): Turns => {
  let line: Waiting[] = [];
  let head = 0;
  let waiting = 0;
  let isAdvancing = false;

  const drop = (who: Waiting): void => {
    if (who.isGone) return;
    who.isGone = true;
    waiting -= 1;
  };
  const advance = (): void => {
    if (isAdvancing) return;
    isAdvancing = true;
    for (let who = line[head]; who !== undefined; who = line[head]) {
      if (!who.isGone && !who.enter()) break;
      drop(who);
      head += 1;
    }
    isAdvancing = false;
    if (2 * head < line.length) return;
    line = line.slice(head);
    head = 0;
  };

  return {
    wait(enter) {
      const who: Waiting = { enter, isGone: false };
      line.push(who);
      waiting += 1;
      return {
        leave() {
          const isFirst = line[head] === who;
          drop(who);
          if (isFirst) advance();
        },
      };
    },
    isWaitedFor: () => waiting > 0,
    advance,
  };
};
