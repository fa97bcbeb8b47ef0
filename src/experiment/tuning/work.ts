/** Does a work to its end without a pause. */
export const finished = <Result>(work: Generator<unknown, Result>): Result => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value as Result;
  }
};

/** Does a work for each item of a list, with a pause after every 250. */
export function* pausingEach<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => void,
): Generator<unknown, void> {
  for (const [index, item] of items.entries()) {
    work(item, index);
    if (index % 250 === 249) yield;
  }
}

/** Does a work that does not tell the share of it that is done: yields the same share at each of its pauses. */
export function* pausing<Result>(share: number, work: Generator<unknown, Result>): Generator<number, Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value as Result;
    yield share;
  }
}

/** Does a work in steps that yields the share of it that is done, and yields that share between two others. */
export function* scaled<Result>(
  work: Generator<number, Result>,
  from: number,
  to: number,
): Generator<number, Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    yield from + (to - from) * value;
  }
}
