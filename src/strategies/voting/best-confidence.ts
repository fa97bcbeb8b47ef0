import type { Voter } from '../../domain/voter.ts';
import { byConfidence, Poll, pollVoter } from './poll.ts';

/**
 * The answer of the most confident model. A vote without a confidence ranks below every vote with one;
 * a tie goes to the answer with more votes, then to the model that stands first in the panel.
 *
 * `metadata.consensus` is still the share of votes that agree with the answer, so that a confident
 * outsider is seen as one; the confidence itself is `metadata.confidence`.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('a', () => ({ text: 'Lyon', confidence: 0.4 })),
 *     defineModel('b', () => ({ text: 'Paris', confidence: 0.9 })),
 *   ],
 *   strategy: bestConfidence(),
 * });
 * const { text, metadata } = await ensemble.predict('What is the capital of France?');
 * text; // => 'Paris'
 * metadata.confidence; // => 0.9
 * metadata.consensus; // => 0.5
 * ```
 */
export const bestConfidence = (): Voter =>
  pollVoter('bestConfidence', () => new ConfidencePoll(byConfidence));

/** Any vote still out may be the more confident one, however many agree: nothing is decided early. */
class ConfidencePoll extends Poll {
  override get margin(): number {
    return 0;
  }
}
