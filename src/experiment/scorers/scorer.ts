import { asPromise, kindOf } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import { isPromise } from '../../domain/is-promise.ts';
import { UserCodeError } from '../../domain/no-prediction.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { Graded } from '../jury/grade.ts';
import type { Question } from '../question.ts';

/** The part of a condition that a scorer may use. */
export interface ScoringContext {
  /** Reads the answer from a text as the condition does; `undefined` if it finds no answer. */
  readonly readAnswer: (text: string) => unknown;
  /**
   * How a scorer that calls models must treat a call that is not recorded: with `error`, as in a rescoring, it must make no
   * calls.
   */
  readonly onMiss?: 'call' | 'error';
  /** Receives the calls of a judge. @internal */
  readonly [internal]?: ScoringCallListener | undefined;
}

/** Receives the outcome of each call that a scorer makes and, if the scorer is a jury, its verdict. */
export type ScoringCallListener = (outcomes: readonly Outcome[], graded?: Graded) => void;

/**
 * Scores an answer: `true` or 1 if it is right, `false` or 0 if it is wrong, a number between if it is partly right.
 * Called only if the right answer is known, except for a judge with a rubric.
 */
export type Scorer = (
  answer: unknown,
  question: Question,
  context: ScoringContext,
) => number | boolean | Promise<number | boolean>;

const withoutLabel = new WeakSet<Scorer>();

/** Notes that a scorer needs no right answer. */
export const scoresWithoutLabel = (scorer: Scorer): void => {
  withoutLabel.add(scorer);
};

/** Whether a scorer scores only questions with a right answer. */
export const needsLabel = (scorer: unknown): boolean => !withoutLabel.has(scorer as Scorer);

/**
 * Runs a scorer of a caller. Returns the score at once unless the scorer is async.
 *
 * @throws {UserCodeError} if it throws, or if its score is neither a boolean nor a number from 0 to `most`.
 */
export const scored = (
  scorer: Scorer,
  answer: unknown,
  question: Question,
  context: ScoringContext,
  most = 1,
): number | Promise<number> => {
  const fail = (cause: unknown): never => {
    throw new UserCodeError(`the scorer, at question ${quotedName(question.id)},`, { cause });
  };
  try {
    const score = scorer(answer, question, context);
    if (!isPromise(score)) return numberOf(score, most);
    return asPromise(() => score)
      .then((settled) => numberOf(settled, most))
      .catch(fail);
  } catch (error) {
    return fail(error);
  }
};

const numberOf = (score: unknown, most: number): number => {
  if (typeof score === 'boolean') return Number(score);
  if (typeof score === 'number' && score >= 0 && score <= most) return score;
  throw new RangeError(`a score must be a number from 0 to ${most}, but got ${kindOf(score)}`);
};
