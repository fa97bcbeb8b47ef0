import type { StopRule } from '../../domain/execution.ts';

/**
 * Stops at the first vote. An abstention or a failure is none. In an ensemble, `minResponses` votes are
 * heard first: set it to 1 to stop at the very first.
 *
 * ```text
 * a       ------------4
 * b       ----4
 * stops   ----^          a is aborted
 * ```
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     simulated({ id: 'slow', accuracy: 1, latencyMs: 2000 }),
 *     simulated({ id: 'fast', accuracy: 1, latencyMs: 1 }),
 *   ],
 *   earlyStop: firstAnswer(),
 *   minResponses: 1,
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.cancelled; // => 1
 * ```
 */
export const firstAnswer = (): StopRule => (tally) => tally.successes > 0;
