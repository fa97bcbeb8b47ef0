import { concat } from 'rxjs';
import type { Schedule } from '../../domain/execution.ts';
import { inParts } from '../../domain/in-parts.ts';

/** `concat` takes the first call from an array in front of all others, which is slow for an array of some ten thousand. */
const MOST_AT_ONCE = 1000;

/** Subscribes to each call when the one before has completed: `concat(...calls)`, in linear time for any number. */
export const oneByOne: Schedule = (calls) => {
  if (calls.length <= MOST_AT_ONCE) return concat(...calls);
  return concat(...inParts(calls, MOST_AT_ONCE).map((part) => concat(...part)));
};
