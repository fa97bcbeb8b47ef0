import type { CallResult } from '../domain/call-result.ts';
import { readSafely } from '../domain/foreign.ts';

/**
 * Returns `true` for a response that does not count: it was cut off, filtered or refused, or it is empty. For
 * `shouldHandle` in {@link retry}, {@link fallback} and {@link circuitBreaker}.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, type CallResult } from 'crucible-ensemble';
 * import { isTransient, isUnusable, retry } from 'crucible-ensemble/policies';
 *
 * let calls = 0;
 * const chatty = defineModel('chatty', () => {
 *   calls += 1;
 *   return calls === 1 ? { text: 'Well, let me', finishReason: 'length' } : 'Paris';
 * });
 * const shouldHandle = (result: CallResult) => isTransient(result) || isUnusable(result);
 * const models = [retry({ baseDelayMs: 1, shouldHandle })(chatty)];
 * const { answer } = await createEnsemble({ models }).predict('What is the capital of France?');
 * answer; // => 'paris'
 * ```
 */
export const isUnusable = (result: CallResult): boolean => readSafely(result, 'reason') !== undefined;
