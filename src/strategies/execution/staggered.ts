import { type Observable, timer } from 'rxjs';
import type { Outcome } from '../../domain/outcome.ts';
import { delayMs, faultsOf, refuse } from '../../options.ts';
import { stagger } from './hedging/stagger.ts';

/**
 * A schedule that starts the next call a while after the last was started, or at once for each call that fails or
 * abstains, and where nothing is out. Calls already out go on; ending them is the stop rule's part.
 *
 * ```text
 * a    ^------------4
 * b    ---^--x              started at the delay; fails
 * c    ------^-----4        started at b's failure
 * ```
 *
 * @throws {ConfigError} for a delay that timers cannot wait for.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1, latencyMs: 5 })),
 *   execution: { schedule: staggered(1000), earlyStop: firstAnswer(), minResponses: () => 1 },
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['model-1']
 * ```
 */
export const staggered = (
  gapMs: number,
): (<Answer>(calls: readonly Observable<Outcome<Answer>>[]) => Observable<Outcome<Answer>>) => {
  refuse(faultsOf('staggered', { gapMs }, { gapMs: delayMs }));
  return <Answer>(calls: readonly Observable<Outcome<Answer>>[]) =>
    stagger<Answer, Observable<Outcome<Answer>>>(calls, {
      maxCalls: Number.POSITIVE_INFINITY,
      begin: (call) => call,
      late: () => timer(gapMs),
      mayFallBack: () => true,
      fallbackFailed: () => undefined,
    });
};
