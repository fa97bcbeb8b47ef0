import { isObject } from './is-object.ts';
import type { ModelResponse } from './model.ts';
import type { ModelRequest } from './request.ts';

/** The value that a normalizer returns in order to abstain with a reason. */
export interface Abstention {
  readonly [Symbol.toStringTag]: 'Abstention';
  readonly reason: string;
}

/**
 * Reads the answer out of the text of a model: text in, canonical answer out. The model abstains if it returns
 * `undefined` or `null`, or {@link abstain}`(reason)` to say why. The second argument has the query and the response.
 *
 * Two answers are the same vote if {@link answerKey} gives them the same key. A normalizer therefore returns equal values
 * for equal answers; the order of keys in an object does not matter.
 */
export type Normalizer<Answer = unknown> = (
  text: string,
  context: AnswerContext,
) => Answer | Abstention | null | undefined;

/** What an answer belongs to, for a function that judges it. */
export interface AnswerContext {
  /** The request that was answered, which is a query too. */
  readonly query: ModelRequest;
  /** The response that the answer is in. */
  readonly response: ModelResponse;
}

/** The type of a normalizer's answers. */
export type AnswerOf<N> = N extends (...parameters: never) => infer Result
  ? Exclude<Result, Abstention | null | undefined>
  : never;

/**
 * Returns the value with which a normalizer abstains, and gives the reason.
 *
 * @example
 * ```ts
 * import { abstain } from 'crucible-ensemble';
 *
 * const even = (text: string) => (Number(text) % 2 === 0 ? Number(text) : abstain('an odd number'));
 * ```
 */
export const abstain = (reason: string): Abstention => new OwnAbstention(reason);

/** A class, because its private field tells it from any other object, and reading that runs no foreign code. */
class OwnAbstention implements Abstention {
  readonly [Symbol.toStringTag] = 'Abstention';
  readonly reason: string;
  readonly #isOwn = true;

  constructor(reason: string) {
    this.reason = reason;
  }

  static is(value: object): value is OwnAbstention {
    return #isOwn in value;
  }
}

/**
 * Returns the reason of an {@link Abstention}, and `undefined` for any other value.
 *
 * @example
 * ```ts
 * import { abstain, abstentionReason } from 'crucible-ensemble';
 *
 * abstentionReason(abstain('an odd number')); // 'an odd number'
 * abstentionReason(7); // undefined
 * ```
 */
export const abstentionReason = (value: unknown): string | undefined =>
  isObject(value) && OwnAbstention.is(value) ? value.reason : undefined;
