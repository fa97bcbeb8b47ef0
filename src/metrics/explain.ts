import { answerKey } from '../domain/answer-key.ts';
import type { Outcome, Vote } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { VoteFunction, Voter } from '../domain/voter.ts';
import { fromUnits, toUnits } from '../domain/weight-units.ts';
import { type Check, faultsOf, oneOf, refuse } from '../options.ts';
import { contributionsTo, sideOf } from './explanation/contribution.ts';
import { dissentFrom } from './explanation/dissent.ts';
import type { Explanation } from './explanation/explanation.ts';
import { findVoter } from './explanation/find-voter.ts';
import { pivotalVotes } from './explanation/pivotal-votes.ts';
import { findRival, runnerUpOf } from './explanation/runner-up.ts';
import { sentencesOf } from './explanation/sentences.ts';

/** Options of {@link explain}. */
export interface ExplainOptions {
  /**
   * What the ensemble was given as `strategy`, so that its votes can be counted again: needed for
   * `weighted({ weights })` and for a strategy of your own. Default: the built-in one that
   * `metadata.strategy` names.
   */
  readonly voter?: Voter | VoteFunction;
}

const isVoter: Check = oneOf(
  [],
  'a voter, such as majority(), or a function of the votes',
  (value) =>
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      ['init', 'add', 'tally'].every((part) => typeof Reflect.get(value, part) === 'function')),
);

const isVote = (outcome: Outcome): outcome is Vote => outcome.status === 'answered';

/** The prediction knows its quorum: what share of the calls that its panel has came to a vote. */
const neverAskedOf = ({ metadata: { quorum, successes }, outcomes }: Prediction): number =>
  quorum > 0 ? Math.max(0, Math.round(successes / quorum) - outcomes.length) : 0;

/**
 * Why an answer won: what each member did for it, how far the runner-up was behind, whose vote decided it,
 * and who did not vote and why. In data, and in plain sentences. Nothing is asked again.
 *
 * A vote is pivotal if the answer would not have won without it, or had it been for the runner-up (where all
 * agree: for an answer that nobody gave). That is found by counting the votes that were cast again, with the
 * voting strategy itself; a vote that was not waited for stays out. It takes two counts a vote, so O(n²).
 *
 * A prediction holds the name of its strategy and nothing else of it. Where the strategy has options or is
 * your own, pass it as `voter`; without it, or with one that comes to other votes than the prediction has,
 * `support`, `share`, `pivotal` and `switchesNeeded` are `undefined` and `notRecounted` says why.
 *
 * The text quotes answers and ids on one line, escaped and cut; it has no prompt, no response and no error
 * message. Works on a prediction that was read back from JSON as well.
 *
 * @throws {ConfigError} for a `voter` that is none; {@link UserCodeError} where it throws.
 *
 * @example
 * ```ts
 * import { explain } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => 'Lyon'),
 *     defineModel('medium', () => 'Paris'),
 *     defineModel('large', () => 'Paris'),
 *   ],
 * });
 * const { margin, pivotal, text } = explain(await ensemble.predict('What is the capital of France?'));
 * margin; // => 1
 * pivotal?.map(({ model }) => model); // => ['medium', 'large']
 * text.split('\n')[0];
 * // => 'The answer is “paris”, by majority, with 2 of 3 votes; the runner-up “lyon” has 1.'
 * ```
 */
export function explain(prediction: Prediction, options: ExplainOptions = {}): Explanation {
  refuse(faultsOf('explain', options, { voter: isVoter }));
  const votes = prediction.outcomes.filter(isVote);
  const found = findVoter(prediction, votes, options.voter);
  const recount = 'recount' in found ? found.recount : undefined;
  const winner = answerKey(prediction.answer);
  const side = sideOf(prediction.answer, prediction.metadata.votes, votes, recount);
  const contributions = contributionsTo(side, prediction, recount);
  const rival = findRival(prediction, votes, contributions, recount);
  const runnerUp = rival && runnerUpOf(rival, prediction, votes, contributions, recount);
  const facts = {
    winner: { key: winner, votes: side.total },
    runnerUp,
    margin:
      side.total === undefined ? undefined : fromUnits(toUnits(side.total) - toUnits(runnerUp?.votes ?? 0)),
    contributions,
    pivotal: recount && pivotalVotes(votes, winner, rival ?? dissentFrom(prediction.answer), recount),
    missing: prediction.metadata.missing,
    neverAsked: neverAskedOf(prediction),
    notRecounted: 'reason' in found ? found.reason : undefined,
  };
  const text = sentencesOf(facts, prediction, votes).join('\n');
  return { ...facts, text, toString: () => text };
}
