import type { Voter } from '../../voter.ts';
import { addVote, byWeight, createPoll, type Poll, standingOf } from './poll.ts';

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
export const unanimous = (): Voter<Poll> => ({
  name: 'unanimous',
  init: createPoll,
  add: (poll, vote) => addVote(poll, vote, 1, byWeight),
  tally: (poll) =>
    poll.candidates.size > 1
      ? standingOf(poll, undefined, Number.POSITIVE_INFINITY)
      : standingOf(poll, poll.leader, 0),
});
