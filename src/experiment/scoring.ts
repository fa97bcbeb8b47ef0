import { JournalWriteError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { isPromise } from '../domain/is-promise.ts';
import { CancelledError, NoPredictionError, UserCodeError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { LabelCheck } from './dataset/label-checks.ts';
import { isLabelled } from './dataset/label-faults.ts';
import { isJudgeDown, leftOutAs, whyUnscored } from './left-out.ts';
import {
  needsLabel,
  type Scorer,
  type ScoringCallListener,
  type ScoringContext,
  scored,
} from './scorers/scorer.ts';
import type { Trial } from './trial.ts';

/** A score, or why it is missing; `missing` is the error of a judge. */
export interface Scoring extends Pick<Trial, 'score' | 'unscored' | 'leftOut' | 'graded'> {
  readonly missing?: NoPredictionError;
}

const UNMATCHED =
  'no answer of this condition can be equal to the right answer: correct it, or choose another normalization';

/** Scores the result of a condition for a question, or says why it cannot be scored: at once unless the scorer is async. */
export const scoringOf = (
  { question, result }: Pick<Trial, 'question' | 'result'>,
  context: ScoringContext,
  scorer: Scorer | 'none',
  canMatch: LabelCheck['canMatch'],
): Scoring | Promise<Scoring> => {
  if (scorer === 'none' || (!isLabelled(question) && needsLabel(scorer))) return { score: undefined };
  const leftOut = leftOutAs(result);
  if (leftOut !== undefined) return { score: undefined, unscored: whyUnscored(result, leftOut) };
  if (!canMatch(question)) return { score: undefined, unscored: UNMATCHED };
  if (isA(result, Error)) return { score: 0 };
  let verdict: Pick<Trial, 'graded'> = {};
  const listener: ScoringCallListener = (outcomes, graded) => {
    if (graded !== undefined) verdict = { graded };
    context[internal]?.(outcomes, graded);
  };
  try {
    const score = scored(scorer, result.answer, question, { ...context, [internal]: listener });
    return isPromise(score)
      ? score.then(
          (settled) => ({ score: settled, ...verdict }),
          (error) => ({ ...withoutVerdict(error), ...verdict }),
        )
      : { score };
  } catch (error) {
    return withoutVerdict(error);
  }
};

/** @throws the error of a scorer that concerns all answers. */
const withoutVerdict = (error: unknown): Scoring => {
  const missing = missingVerdict(error);
  if (missing === undefined) throw error;
  return {
    score: undefined,
    unscored: `the judge gave no verdict: ${missing.message}`,
    missing,
    ...(isJudgeDown(missing) && { leftOut: 'failed' as const }),
  };
};

/** Returns the error of a judge that has no verdict on this answer. Any other error of a scorer concerns all answers. */
export const missingVerdict = (error: unknown): NoPredictionError | undefined => {
  if (!isA(error, UserCodeError)) return undefined;
  const { cause } = error;
  if (!isA(cause, NoPredictionError) || isA(cause, CancelledError) || isA(cause, UserCodeError))
    return undefined;
  return cause.outcomes.some(isNotWritten) ? undefined : cause;
};

const isNotWritten = (outcome: Outcome): boolean =>
  outcome.status === 'failed' &&
  (isA(outcome.error, JournalWriteError) || isA(outcome.error.cause, JournalWriteError));
