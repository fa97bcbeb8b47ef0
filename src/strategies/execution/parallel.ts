import { merge } from 'rxjs';
import type { Execution, Schedule } from '../../domain/execution.ts';

/**
 * The schedule of nearly all predictions. The engine recognizes it and starts the calls itself: the result is the
 * same, without an Observable for each call and one that merges them.
 */
export const allAtOnce: Schedule = (calls) => merge(...calls);

/**
 * Asks all models at once and waits for all of them, unless the ensemble's `earlyStop` ends the vote. Requires votes
 * from half of the panel, rounded up. Costs one call a model.
 *
 * ```text
 * a        ----4
 * b        --4
 * c        --------5
 * decided  ----^         two of three agree: c is cancelled
 * ```
 *
 * @example
 * ```ts
 * import { createEnsemble, parallel, simulated } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 *   execution: parallel(),
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.successes; // => 3
 * ```
 */
export const parallel = (): Execution => ({
  name: 'parallel',
  schedule: allAtOnce,
});
