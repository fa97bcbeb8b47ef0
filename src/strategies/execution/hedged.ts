import type { Execution } from '../../execution.ts';
import { delayMs, faultsOf, refuse, wholeNumber } from '../../options.ts';
import { firstAnswer } from '../stopping/first-answer.ts';
import { staggered } from './staggered.ts';

/** Options of {@link hedged}. */
export interface HedgedOptions {
  /** How long a call is given before the next model is asked as well, in milliseconds. Default 1000. */
  readonly hedgeDelayMs?: number;
  /** How many models may be asked besides the first. Default 2. */
  readonly maxHedges?: number;
}

/**
 * Asks the first model, and the next one as well when an answer is slow in coming or the call fails.
 * The first answer wins and the rest is aborted. Costs one call when the first model is quick, at most
 * `1 + maxHedges`.
 *
 * ```text
 * a    ^---------------!       slow: aborted
 * b    ------^---4             asked after hedgeDelayMs; its answer is taken
 * c                            never asked
 * ```
 *
 * @throws {ConfigError} for a delay that timers cannot wait for, or a negative `maxHedges`.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     simulated({ id: 'slow', accuracy: 1, latencyMs: 5000 }),
 *     simulated({ id: 'backup', accuracy: 1, latencyMs: 1 }),
 *   ],
 *   execution: hedged({ hedgeDelayMs: 5 }),
 * });
 * const { outcomes } = await ensemble.predict('What is 2 + 2?');
 * outcomes.map(({ model, status }) => [model, status]); // => [['slow', 'cancelled'], ['backup', 'answered']]
 * ```
 */
export const hedged = (options: HedgedOptions = {}): Execution => {
  refuse(faultsOf('hedged', options, { hedgeDelayMs: delayMs, maxHedges: wholeNumber(0) }));
  const { hedgeDelayMs = 1000, maxHedges = 2 } = options;
  const schedule = staggered(hedgeDelayMs);
  return {
    name: 'hedged',
    schedule: (calls) => schedule(calls.slice(0, 1 + maxHedges)),
    stopWhen: firstAnswer(),
    minResponses: () => 1,
  };
};
