import type { Execution } from '../../domain/execution.ts';
import { between, checked, wholeNumber } from '../../options.ts';
import { confident } from '../stopping/confident.ts';
import { bestConfidence } from '../voting/best-confidence.ts';
import { oneByOne } from './one-by-one.ts';

/** Options of {@link cascade}. */
export interface CascadeOptions {
  /** The confidence at which an answer is taken. Default 0.9, range 0..1. */
  readonly confidenceThreshold?: number;
  /** The votes that are needed before an answer is taken. Default 1, at least 1. */
  readonly minResponses?: number;
}

/**
 * Asks one model after the other, cheapest first in the panel, until one is confident enough: its answer wins, even against
 * the others before it. If none is, all models are asked, and the most confident answer wins. A vote without a confidence
 * never ends it. Costs between one call and one call a model.
 *
 * Its voting strategy is {@link bestConfidence}. With another `strategy` of the ensemble, the cascade continues until the
 * leading answer of that strategy has a vote that is confident enough.
 *
 * ```text
 * small    --5 (0.6)|
 * medium            ---4 (0.95)|
 * large                         (never asked)
 * ```
 *
 * @throws {ConfigError} for a threshold outside 0..1, or `minResponses` below 1.
 *
 * @example
 * ```ts
 * import { cascade, createEnsemble, defineModel } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('small', () => ({ text: '5', confidence: 0.6 })),
 *     defineModel('medium', () => ({ text: '4', confidence: 0.95 })),
 *     defineModel('large', () => ({ text: '4', confidence: 0.99 })),
 *   ],
 *   execution: cascade({ confidenceThreshold: 0.9 }),
 * });
 * const { answer, metadata } = await ensemble.predict('What is 2 + 2?');
 * answer; // => '4'
 * metadata.modelsUsed; // => ['small', 'medium']
 * ```
 */
export const cascade = (options: CascadeOptions = {}): Execution => {
  const { confidenceThreshold, minResponses } = checked('cascade', options, {
    confidenceThreshold: [between(0, 1), 0.9],
    minResponses: [wholeNumber(1), 1],
  });
  return {
    name: 'cascade',
    schedule: oneByOne,
    earlyStop: confident(confidenceThreshold),
    strategy: bestConfidence(),
    minResponses: () => minResponses,
  };
};
