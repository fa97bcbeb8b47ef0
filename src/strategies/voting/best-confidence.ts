import { internal } from '../../domain/internal.ts';
import type { Voter } from '../../domain/voter.ts';
import { byConfidence, Poll, pollVoter } from './poll.ts';

/**
 * The answer of the most confident model. A vote without a confidence ranks below every vote with one. A tie goes to the
 * answer with more votes, then to the model that is first in the panel.
 *
 * `metadata.consensus` is the share of votes that agree with the answer, so a confident outsider has a low consensus. Its
 * confidence is `metadata.confidence`.
 *
 * @example
 * ```ts
 * import { bestConfidence, createEnsemble, defineModel } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('a', () => ({ text: 'Lyon', confidence: 0.4 })),
 *     defineModel('b', () => ({ text: 'Paris', confidence: 0.9 })),
 *   ],
 *   strategy: bestConfidence(),
 * });
 * const { answer, metadata } = await ensemble.predict('What is the capital of France?');
 * answer; // => 'paris'
 * metadata.confidence; // => 0.9
 * metadata.consensus; // => 0.5
 * ```
 */
export const bestConfidence = (): Voter => ({
  ...pollVoter('bestConfidence', () => new ConfidencePoll(byConfidence)),
  [internal]: {
    usesConfidence: true,
    undecidedBecause: 'any pending vote may be the most confident one',
  },
});

/** Nothing is decided early: any pending vote may be the most confident one. */
class ConfidencePoll extends Poll {
  override get margin(): number {
    return 0;
  }
}
