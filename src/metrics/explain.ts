import { answerKey } from '../domain/answer-key.ts';
import { asCounted } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { VoteFunction, Voter } from '../domain/voter.ts';
import { fromUnits, toUnits } from '../domain/weight-units.ts';
import { checked, hasMethods, reading, suchThat } from '../options.ts';
import { contributionsTo, sideOf } from './explanation/contribution.ts';
import type { Explanation } from './explanation/explanation.ts';
import { findVoter } from './explanation/find-voter.ts';
import { giveForms } from './explanation/give-forms.ts';
import { dissentFrom, pivotalVotes } from './explanation/pivotal-votes.ts';
import { findRival, runnerUpOf, switchesNeeded } from './explanation/runner-up.ts';
import { sentencesOf } from './explanation/sentences.ts';
import { verdictIn } from './explanation/verdict-in.ts';
import { named } from './explanation/words.ts';

/** Options of {@link explain}. */
export interface ExplainOptions {
  /**
   * The `strategy` of the ensemble, to count the votes again. Required for `weighted({ weights })` and for custom
   * strategies. Default: the built-in strategy that `metadata.strategy` names.
   */
  readonly voter?: Voter | VoteFunction;
}

const isVoter = suchThat(
  'a voter, such as majority(), or a function of the votes',
  (value) => typeof value === 'function' || hasMethods(value, 'init', 'add', 'tally'),
);

/** Derives the size of the panel from `quorum`, the proportion of its calls that voted. */
const neverAskedOf = ({ metadata: { quorum, successes }, outcomes }: Prediction): number =>
  quorum > 0 ? Math.max(0, Math.round(successes / quorum) - outcomes.length) : 0;

/**
 * Explains why an answer won: each member's contribution, the margin over the runner-up, the deciding votes, and the members
 * without a vote. Returns data and plain sentences. Makes no calls.
 *
 * A vote is pivotal if the answer would not have won without it, or if it had been for the runner-up. (If all votes agree:
 * for an answer that no member gave.) `explain` counts the received votes again with the voting strategy itself; cancelled
 * calls have no vote. That takes two counts for each vote, so O(n²).
 *
 * A prediction contains only the name of its strategy. If the strategy has options or is custom, pass it as `voter`. If it
 * is missing, or counts other votes than the prediction has, then `support`, `share`, `pivotal` and `switchesNeeded` are
 * `undefined` and `notRecounted` gives the reason.
 *
 * With a grouping, the votes of a group are votes for its answer, also if one of them had been missing or different. If a
 * decider chose or wrote the answer, the text quotes its reason, and `pivotal` and `switchesNeeded` are `undefined`, because
 * its verdict on other votes is not known.
 *
 * The text quotes answers and ids on one line, escaped and truncated. It contains no prompt, response or error message. Also
 * works on a prediction that was parsed from JSON.
 *
 * @throws {ConfigError} if `voter` is not a voter; {@link UserCodeError} if it throws.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { explain } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => 'Lyon'),
 *     defineModel('medium', () => 'Paris'),
 *     defineModel('large', () => 'Paris'),
 *   ],
 * });
 * const { margin, pivotal, text: summary } = explain(await ensemble.predict('What is the capital of France?'));
 * margin; // => 1
 * pivotal?.map(({ model }) => model); // => ['medium', 'large']
 * summary.split('\n')[0];
 * // => 'The answer is “paris”, by majority, with 2 of 3 votes; the runner-up “lyon” has 1.'
 * ```
 */
export function explain(prediction: Prediction, options: ExplainOptions = {}): Explanation {
  return reading('explain', () => {
    const { voter } = checked('explain', options, { voter: isVoter });
    return explained({ ...prediction, outcomes: asCounted(prediction.outcomes) }, prediction, voter);
  });
}

/** @param asSaid the same prediction, with the votes before they were grouped. */
const explained = (
  prediction: Prediction,
  asSaid: Prediction,
  voter: Voter | VoteFunction | undefined,
): Explanation => {
  const votes = prediction.outcomes.filter((outcome) => outcome.status === 'answered');
  giveForms(prediction, votes);
  const { recount, reason } = findVoter(prediction, votes, voter);
  const winner = answerKey(prediction.answer);
  const counted = { prediction, votes, recount };
  const side = sideOf(prediction.answer, counted);
  const contributions = contributionsTo(side, counted);
  const rival = findRival(counted, contributions);
  const verdict = verdictIn(prediction);
  // What a decider would have said of other votes is not known.
  const asking = verdict === undefined ? counted : { ...counted, recount: undefined };
  const runnerUp = rival && {
    ...runnerUpOf(rival, counted),
    switchesNeeded: switchesNeeded(rival, asking, contributions),
  };
  const facts = {
    winner: { key: winner, votes: side.total },
    runnerUp,
    margin:
      side.total === undefined ? undefined : fromUnits(toUnits(side.total) - toUnits(runnerUp?.votes ?? 0)),
    contributions,
    pivotal:
      asking.recount &&
      pivotalVotes({
        votes,
        winner,
        rival: rival ?? dissentFrom(prediction.answer),
        recount: asking.recount,
      }),
    missing: prediction.metadata.missing,
    neverAsked: neverAskedOf(prediction),
    notRecounted: reason ?? (verdict && `${named(verdict.by)} decided, and not the votes`),
  };
  const text = sentencesOf(facts, prediction, votes, asSaid).join('\n');
  return { ...facts, text, toString: () => text };
};
