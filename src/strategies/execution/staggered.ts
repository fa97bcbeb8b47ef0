import { timer } from 'rxjs';
import type { Schedule } from '../../domain/execution.ts';
import { accepting, checked, delayMs, required, suchThat } from '../../options.ts';
import { stagger } from './hedging/stagger.ts';

/**
 * A schedule that starts the next call `gapMs` after the last start. It does not wait if a call fails or abstains, or if no
 * call is in flight. Calls in flight continue; the stop rule ends them.
 *
 * ```text
 * a    ^------------4
 * b    ---^--x              started at the delay; fails
 * c    ------^-----4        started at b's failure
 * ```
 *
 * @throws {ConfigError} for a delay outside 0 to 2³¹ − 1 ms.
 *
 * @example
 * ```ts
 * import { createEnsemble, firstAnswer, simulated, staggered } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1, latencyMs: 5 })),
 *   execution: { schedule: staggered(1000), earlyStop: firstAnswer(), minResponses: () => 1 },
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['model-1']
 * ```
 */
export const staggered = (gapMs: number): Schedule => {
  checked('staggered', { gapMs }, { gapMs: required(delayMs) });
  const schedule: Schedule = (calls) =>
    stagger(calls, {
      maxCalls: Number.POSITIVE_INFINITY,
      begin: (call) => call,
      late: () => timer(gapMs),
      mayFallBack: () => true,
      fallbackFailed: () => undefined,
    });
  return accepting('staggered', suchThat('an array of calls', Array.isArray), schedule) as Schedule;
};
