import type { Execution } from '../../domain/execution.ts';
import { between, checked } from '../../options.ts';
import { consensus } from '../stopping/consensus.ts';
import { oneByOne } from './one-by-one.ts';

/** Options of {@link sequential}. */
export interface SequentialOptions {
  /** The consensus, a share of the votes cast, at which no more models are asked. Default 0.7, range 0..1. */
  readonly minConsensus?: number;
}

/**
 * Asks one model after the other until enough of them agree, after at least two votes. Costs between two calls and
 * one call a model, and the time of all these calls.
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
 * import { createEnsemble, sequential, simulated } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 *   execution: sequential({ minConsensus: 0.8 }),
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['model-1', 'model-2']
 * ```
 */
export const sequential = (options: SequentialOptions = {}): Execution => {
  const { minConsensus } = checked('sequential', options, { minConsensus: [between(0, 1), 0.7] });
  return {
    name: 'sequential',
    schedule: oneByOne,
    earlyStop: consensus(minConsensus),
    minResponses: () => 2,
  };
};
