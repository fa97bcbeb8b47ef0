import type { Model } from '../domain/model.ts';
import { bound, faultsOf, refuse } from '../options.ts';
import { createGatedCalls } from './gated-calls.ts';

export interface ConcurrencyOptions {
  /** How many calls may be out at once, over all models that the policy is applied to: from 1, or `Infinity`. */
  readonly maxConcurrent: number;
  /** How many more may wait; the next fails at once with `QueueFullError`. From 0; default `Infinity`. */
  readonly maxQueued?: number | undefined;
}

/**
 * A policy that lets a bounded number of calls be out at once. The others wait, first come, first served; a
 * place that becomes free goes to the longest waiting call in the same tick. The limit is made with the policy:
 * all models that it is applied to share it.
 *
 * ```text
 * maxConcurrent: 1
 * a    ^----4|
 * b    -----^----4|      asked at once, started when a has ended
 * ```
 *
 * A call that is unsubscribed while it waits is never made. A full line turns the newest call away with
 * `QueueFullError`, which is retryable. Costs no calls and no timers.
 *
 * @throws {ConfigError} for options that are no limits.
 *
 * @example
 * ```ts
 * import { concurrency } from 'crucible-ensemble/policies';
 *
 * const perProvider = concurrency({ maxConcurrent: 2 });
 * const models = [1, 2, 3].map((seed) => perProvider(simulated({ id: `model-${seed}`, seed, accuracy: 1 })));
 * const { answer } = await createEnsemble({ models }).predict('What is 2 + 2?');
 * answer; // => '4'
 * ```
 */
export const concurrency = (options: ConcurrencyOptions): ((model: Model) => Model) => {
  refuse([
    ...faultsOf('concurrency', options, { maxConcurrent: bound(1), maxQueued: bound(0) }),
    ...(options?.maxConcurrent === undefined ? ['concurrency: option "maxConcurrent" is missing'] : []),
  ]);
  const { maxConcurrent, maxQueued = Number.POSITIVE_INFINITY } = options;
  let out = 0;
  return createGatedCalls<void>(
    {
      needOf: () => undefined,
      tryEnter() {
        if (out >= maxConcurrent) return false;
        out += 1;
        return true;
      },
      leave() {
        out -= 1;
      },
    },
    maxQueued,
  ).policy;
};
