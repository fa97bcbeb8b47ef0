import { concat, type Observable } from 'rxjs';
import type { Call, Schedule } from '../../domain/execution.ts';
import type { Outcome } from '../../domain/outcome.ts';

/** `concat` takes the first call from an array in front of all others, which is slow for an array of some ten thousand. */
const MOST_AT_ONCE = 1000;

/** Subscribes to each call when the one before has completed: `concat(...calls)`, in linear time for any number. */
export const oneByOne: Schedule = (calls) => {
  if (calls.length <= MOST_AT_ONCE) return concat(...calls);
  return concat(...partsOf(calls).map((part) => concat(...part)));
};

const partsOf = <Answer>(calls: readonly Call<Answer>[]): (readonly Observable<Outcome<Answer>>[])[] =>
  Array.from({ length: Math.ceil(calls.length / MOST_AT_ONCE) }, (_, part) =>
    calls.slice(part * MOST_AT_ONCE, (part + 1) * MOST_AT_ONCE),
  );
