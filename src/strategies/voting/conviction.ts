import type { Vote } from '../../domain/outcome.ts';

/**
 * Compares two votes: above 0 if `a` is more confident, or equally confident and first in the panel. The vote with the
 * most conviction speaks for its answer, in any order of arrival.
 */
export const conviction = (a: Vote, b: Vote): number =>
  (a.confidence ?? -1) - (b.confidence ?? -1) || b.index - a.index;
