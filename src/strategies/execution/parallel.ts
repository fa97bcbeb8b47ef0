import { merge } from 'rxjs';
import type { Execution, Schedule } from '../../domain/execution.ts';

/**
 * The schedule of nearly all predictions. It says what is meant; a run that has it starts its calls itself, which
 * comes to the same and needs no Observable for a call, and none to merge them.
 */
export const allAtOnce: Schedule = (calls) => merge(...calls);

/**
 * Asks all models at once and hears every one of them, or fewer with the ensemble's `earlyStop`. Asks
 * for votes from at least half of the panel, rounded up. Costs one call a model.
 *
 * ```text
 * a        ----4
 * b        --4
 * c        --------5
 * decided  ----^         two of three agree: c is aborted
 * ```
 *
 * @example
 * ```ts
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
