import type { Vote } from '../../domain/outcome.ts';
import type { Voter } from '../../domain/voter.ts';
import { byWeight, Poll, pollVoter } from './poll.ts';

/**
 * The answer that every vote agrees on; a single dissenting vote means no answer, and `predict` fails
 * with `NoConsensusError`, which carries the votes.
 *
 * Abstentions and failures are no votes and dissent from nothing: ask for `minResponses` equal to the
 * size of the panel where every model has to answer. With `earlyStop: 'decided'` the first dissent ends
 * the election and aborts the calls still out.
 *
 * @example
 * ```ts
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

/** One more vote can end an agreement, and none can end a disagreement. */
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
