/** Does a work to its end without a pause. */
export const finished = <Result>(work: Generator<unknown, Result>): Result => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value as Result;
  }
};

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
