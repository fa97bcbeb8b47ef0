import { answerKey } from '../../domain/answer-key.ts';
import { isA } from '../../domain/foreign.ts';
import { UserCodeError } from '../../domain/no-prediction.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { VoteFunction, Voter } from '../../domain/voter.ts';
import { strategies } from '../../strategies/named-strategies.ts';
import { fieldwise } from '../../strategies/voting/fieldwise.ts';
import { fromVoteFunction } from '../../strategies/voting/from-vote-function.ts';
import { type Recount, recountWith, winnerOf } from './recount.ts';
import { verdictIn } from './verdict-in.ts';

/** A way to count the votes of a prediction again, or the reason why there is no such way. */
export type FoundVoter = { readonly recount?: Recount; readonly reason?: string };

const builtIn: Readonly<Record<string, () => Voter>> = { ...strategies, fieldwise };

/** A custom voter may add weights in another order, which changes the last digits of a sum. */
const isAsMuch = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));

const haveSameVotes = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean => {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isAsMuch(a[key] ?? 0, b[key] ?? 0))
  );
};

const comesToTheSame = (recount: Recount, prediction: Prediction, votes: readonly Vote[]) => {
  try {
    const tally = recount(votes);
    const hasWinner = verdictIn(prediction) !== undefined || winnerOf(tally) === answerKey(prediction.answer);
    return hasWinner && haveSameVotes(tally.votes, prediction.metadata.votes);
  } catch (error) {
    // A voter that the caller gave must not fail silently.
    if (isA(error, UserCodeError)) throw error;
    return false;
  }
};

/**
 * Finds the voter that counted a prediction: the given one, or the built-in one of its name. It must reproduce the
 * votes and the answer, because a prediction contains the name of its strategy and not its options; another voter would
 * explain another election.
 */
export const findVoter = (
  prediction: Prediction,
  votes: readonly Vote[],
  given: Voter | VoteFunction | undefined,
): FoundVoter => {
  const { strategy } = prediction.metadata;
  const named = Object.hasOwn(builtIn, strategy) ? builtIn[strategy]?.() : undefined;
  const panel = prediction.outcomes.map(({ model }) => model);
  const voter = typeof given === 'function' ? fromVoteFunction(given, panel) : (given ?? named);
  if (voter === undefined) return { reason: 'the voting strategy is not built in; pass it as "voter"' };
  const recount = recountWith(voter);
  if (comesToTheSame(recount, prediction, votes)) return { recount };
  return {
    reason:
      given === undefined
        ? 'a prediction does not contain the options of its voting strategy; pass it as "voter"'
        : 'the votes that the given voter counts differ from those of the prediction',
  };
};
