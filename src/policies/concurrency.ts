import type { Model } from '../domain/model.ts';
import { bound, checked, required } from '../options.ts';
import { createGatedCalls } from './gated-calls.ts';

/** How many calls may be in flight, and how many may wait. */
export interface ConcurrencyOptions {
  /** The maximum number of calls in flight, over all models that the policy is applied to: from 1, or `Infinity`. */
  readonly maxConcurrent: number;
  /** The maximum number of waiting calls; another call fails at once with `QueueFullError`. From 0; default `Infinity`. */
  readonly maxQueued?: number | undefined;
}

/**
 * A policy that limits how many calls are in flight. The others wait, first come, first served; a slot that becomes free
 * goes to the longest waiting call in the same tick. All models that the policy is applied to share its limit.
 *
 * ```text
 * maxConcurrent: 1
 * a    ^----4|
 * b    -----^----4|      called at once, starts when a has ended
 * ```
 *
 * If a call is unsubscribed while it waits, nothing is sent. If the queue is full, the newest call fails with
 * `QueueFullError`, which is retryable. Costs no calls and no timers.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { concurrency } from 'crucible-ensemble/policies';
 *
 * const perProvider = concurrency({ maxConcurrent: 2 });
 * const models = [1, 2, 3].map((seed) => perProvider(simulated({ id: `model-${seed}`, seed, accuracy: 1 })));
 * const { answer } = await createEnsemble({ models }).predict('What is 2 + 2?');
 * answer; // => '4'
 * ```
 */
export const concurrency = (options: ConcurrencyOptions): ((model: Model) => Model) => {
  const { maxConcurrent, maxQueued } = checked('concurrency', options, {
    maxConcurrent: required(bound(1)),
    maxQueued: [bound(0), Number.POSITIVE_INFINITY],
  });
  let inFlight = 0;
  return createGatedCalls<void>(
    'concurrency',
    {
      needOf: () => undefined,
      tryEnter() {
        if (inFlight >= maxConcurrent) return false;
        inFlight += 1;
        return true;
      },
      leave() {
        inFlight -= 1;
      },
    },
    maxQueued,
  ).policy;
};
