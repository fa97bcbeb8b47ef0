import { concat } from 'rxjs';
import type { Execution } from '../../domain/execution.ts';
import { between, faultsOf, refuse, wholeNumber } from '../../options.ts';
import { confident } from '../stopping/confident.ts';

/** Options of {@link cascade}. */
export interface CascadeOptions {
  /** The confidence, 0..1, at which the leading answer is taken. Default 0.9. */
  readonly confidenceThreshold?: number;
  /** The votes to hear before any answer is taken. Default 1. */
  readonly minResponses?: number;
}

/**
 * Asks one model after the other, cheapest first in the panel, until the leading answer is confident
 * enough. A model that gives no confidence never ends it. Costs between one call and one a model.
 *
 * ```text
 * small    --4 (0.6)|
 * medium            ---4 (0.95)|
 * large                         (never asked)
 * ```
 *
 * @throws {ConfigError} for a threshold outside 0..1, or a `minResponses` below 1.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => ({ text: '4', confidence: 0.6 })),
 *     defineModel('medium', () => ({ text: '4', confidence: 0.95 })),
 *     defineModel('large', () => ({ text: '4', confidence: 0.99 })),
 *   ],
 *   execution: cascade({ confidenceThreshold: 0.9 }),
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['small', 'medium']
 * ```
 */
export const cascade = (options: CascadeOptions = {}): Execution => {
  refuse(faultsOf('cascade', options, { confidenceThreshold: between(0, 1), minResponses: wholeNumber(1) }));
  return {
    name: 'cascade',
    schedule: (calls) => concat(...calls),
    earlyStop: confident(options.confidenceThreshold ?? 0.9),
    minResponses: () => options.minResponses ?? 1,
  };
};
