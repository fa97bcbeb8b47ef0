import type { Vote } from '../../domain/outcome.ts';
import type { Voter } from '../../domain/voter.ts';
import { byWeight, Poll, pollVoter } from './poll.ts';

/**
 * The answer that every vote agrees on. A single dissenting vote means no answer: `predict` rejects with
 * `NoConsensusError`, which has the votes.
 *
 * Abstentions and failures are not votes and do not dissent. If every model has to answer, set `minResponses` to the size
 * of the panel. With `earlyStop: 'decided'`, the first dissent ends the vote and cancels the pending calls.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, unanimous } from 'crucible-ensemble';
 *
 * const panel = (...texts: string[]) =>
 *   createEnsemble({
 *     models: texts.map((text, index) => defineModel(`model-${index}`, () => text)),
 *     strategy: unanimous(),
 *   });
 * (await panel('yes', 'Yes.').predict('Is 7 prime?')).answer; // => 'yes'
 * await panel('yes', 'no').predict('Is 91 prime?').catch((error) => error.name); // => 'NoConsensusError'
 * ```
 */
export const unanimous = (): Voter => pollVoter('unanimous', () => new UnanimousPoll(byWeight));

/** One more vote can end an agreement; no vote can end a disagreement. */
class UnanimousPoll extends Poll {
  override get answer(): unknown {
    return this.answers > 1 ? undefined : super.answer;
  }
  override get leadingVote(): Vote | undefined {
    return this.answers > 1 ? undefined : super.leadingVote;
  }
  override get margin(): number {
    return this.answers > 1 ? Number.POSITIVE_INFINITY : 0;
  }
}
