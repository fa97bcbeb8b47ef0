import { isObject } from './is-object.ts';

/** The value that a normalizer returns in order to abstain with a reason of its own. */
export interface Abstention {
  /** Tells an abstention from an answer, because no JSON has symbols for keys. */
  readonly [Symbol.toStringTag]: 'Abstention';
  readonly reason: string;
}

/**
 * A normalizer reads the answer out of what a model wrote: text in, canonical answer out. Returning
 * `undefined` or `null` abstains; returning {@link abstain}`(reason)` abstains and says why.
 *
 * Two answers are the same vote when {@link answerKey} gives them the same key, so a normalizer has
 * only to return equal values for equal answers; key order in objects does not matter.
 */
export type Normalizer<Answer = unknown> = (text: string) => Answer | Abstention | null | undefined;

/** The answer type that a normalizer yields. */
export type AnswerOf<N> = N extends (text: string) => infer Result
  ? Exclude<Result, Abstention | null | undefined>
  : never;

/**
 * Says, from within a normalizer, that a text holds no usable answer, and why.
 *
 * @example
 * ```ts
 * const even = (text: string) => (Number(text) % 2 === 0 ? Number(text) : abstain('an odd number'));
 * ```
 */
export const abstain = (reason: string): Abstention => ({ [Symbol.toStringTag]: 'Abstention', reason });

const isAbstention = (value: unknown): value is Abstention =>
  isObject(value) && Reflect.get(value, Symbol.toStringTag) === 'Abstention';

/** Returns the reason of an {@link Abstention}, and `undefined` for any other value. */
export const abstentionReason = (value: unknown): string | undefined =>
  isAbstention(value) ? value.reason : undefined;
