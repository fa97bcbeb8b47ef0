import { asapScheduler } from 'rxjs';

/** Those who wait for their turn. */
export interface Turns {
  /** Joins the line; `enter` is called at the head of it, and says whether its wait is over. */
  wait(enter: () => boolean): { readonly leave: () => void };
  isWaitedFor(): boolean;
  /**
   * Something has become free: lets enter who can, in turn, up to the first who cannot. A little later, since when a
   * whole prediction is cancelled, those that wait are about to leave as well.
   */
  advance(): void;
}

interface Waiting {
  readonly enter: () => boolean;
  isGone: boolean;
}

/** First come, first served, in constant time each, and nobody enters within the entry of another. */
export const createTurns = (): Turns => {
  let line: Waiting[] = [];
  let head = 0;
  let waiting = 0;
  let isScheduled = false;

  const drop = (who: Waiting): void => {
    if (who.isGone) return;
    who.isGone = true;
    waiting -= 1;
  };
  const letEnter = (): void => {
    isScheduled = false;
    for (let who = line[head]; who !== undefined; who = line[head]) {
      if (!who.isGone && !who.enter()) break;
      drop(who);
      head += 1;
    }
    if (2 * head < line.length) return;
    line = line.slice(head);
    head = 0;
  };

  const advance = (): void => {
    if (isScheduled || waiting === 0) return;
    isScheduled = true;
    asapScheduler.schedule(letEnter);
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
