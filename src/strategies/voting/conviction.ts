import type { Vote } from '../../domain/outcome.ts';

/**
 * Which of two votes for one answer speaks for it: above 0 where `a` does, being the more confident one, or
 * as confident and first in the panel. The same for every order of arrival.
 */
export const conviction = (a: Vote, b: Vote): number =>
  (a.confidence ?? -1) - (b.confidence ?? -1) || b.index - a.index;
