import { ConfigError } from './errors.ts';
import { readSafely } from './foreign.ts';
import { isObject } from './is-object.ts';
import type { AnswerContext } from './normalizer.ts';
import type { RoleCall } from './role-call.ts';

/** What a check may use. */
export interface CheckContext extends AnswerContext {
  /** Makes a call whose cost is part of the prediction. It is cancelled with the call of the answer. */
  readonly call: RoleCall;
  /** Aborts when the call of the answer ends, for example because another answer won. */
  readonly signal: AbortSignal;
}

/**
 * Decides whether an answer counts: `true`, or `false` or the reason why it does not, or a {@link Miss} that says how much of it
 * passed. May be asynchronous.
 */
export type Check<Answer = unknown> = (
  answer: Answer,
  context: CheckContext,
) => CheckResult | PromiseLike<CheckResult>;

/** What a check may return. */
export type CheckResult = boolean | string | Miss;

/** The value with which a check refuses an answer and says how near it was. */
export interface Miss {
  readonly [Symbol.toStringTag]: 'Miss';
  readonly reason: string;
  /** The share of what was checked that passed, from 0 to below 1. */
  readonly passed: number;
}

/**
 * Returns the value with which a check refuses an answer and says how much of it passed. If no answer of a prediction passes, its
 * error has the nearest miss.
 *
 * @param passed the share that passed, from 0 to 1.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, miss } from 'crucible-ensemble';
 *
 * const words = ['red', 'green', 'blue'];
 * const ensemble = createEnsemble({
 *   models: ['red and blue', 'red'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   check: (answer) => {
 *     const named = words.filter((word) => answer.includes(word)).length;
 *     return named === words.length || miss(`it names ${named} of ${words.length} colors`, named / words.length);
 *   },
 * });
 * const error = await ensemble.predict('Which are the primary colors of light?').catch((reason) => reason);
 * error.nearestMiss; // => { model: 'model-0', text: 'red and blue', reason: 'it names 2 of 3 colors', passed: 2 / 3 }
 * ```
 */
export const miss = (reason: string, passed: number): Miss => new OwnMiss(reason, passed);

/** A class, because its private field tells it from any other object, and reading that runs no foreign code. */
class OwnMiss implements Miss {
  readonly [Symbol.toStringTag] = 'Miss';
  readonly reason: string;
  readonly passed: number;
  readonly #isOwn = true;

  constructor(reason: string, passed: number) {
    this.reason = reason;
    this.passed = passed;
  }

  static is(value: object): value is OwnMiss {
    return #isOwn in value;
  }
}

/** Whether a value is a {@link Miss}. */
export const isMiss = (value: unknown): value is Miss => isObject(value) && OwnMiss.is(value);

/**
 * Returns the context of a check.
 *
 * @throws {ConfigError} if a caller of the check gives it none.
 */
export const contextOf = (owner: string, context: CheckContext): CheckContext => {
  const text = readSafely(readSafely(context, 'response'), 'text');
  if (typeof text !== 'string' || typeof readSafely(context, 'call') !== 'function')
    throw new ConfigError([
      `${owner}: a check receives an answer and its context from an ensemble: pass it as option "check"`,
    ]);
  return context;
};
