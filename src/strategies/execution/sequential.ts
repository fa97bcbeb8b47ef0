import { concat } from 'rxjs';
import type { Execution } from '../../domain/execution.ts';
import { between, faultsOf, refuse } from '../../options.ts';
import { consensus } from '../stopping/consensus.ts';

/** Options of {@link sequential}. */
export interface SequentialOptions {
  /** The share of the votes cast that ends the election, 0..1. Default 0.7. */
  readonly minConsensus?: number;
}

/**
 * Asks one model after the other until enough of them agree, never before two votes. Costs between two
 * calls and one a model, and the time of all calls made.
 *
 * ```text
 * a     --4|
 * b        ---4|
 * c            (never asked: 2 of 2 agree)
 * ```
 *
 * @throws {ConfigError} for a `minConsensus` outside 0..1.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 *   execution: sequential({ minConsensus: 0.8 }),
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['model-1', 'model-2']
 * ```
 */
export const sequential = (options: SequentialOptions = {}): Execution => {
  refuse(faultsOf('sequential', options, { minConsensus: between(0, 1) }));
  return {
    name: 'sequential',
    schedule: (calls) => concat(...calls),
    earlyStop: consensus(options.minConsensus ?? 0.7),
    minResponses: () => 2,
  };
};
