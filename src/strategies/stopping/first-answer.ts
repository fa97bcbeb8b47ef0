import type { StopRule } from '../../domain/execution.ts';
import { hasResult } from './is-decided.ts';
import { ruleOf } from './rule-of.ts';

/**
 * Stops at the first vote; an abstention or a failure is not a vote. If the voter has no winner yet, the vote continues. An
 * ensemble waits for `minResponses` votes before any rule: set it to 1 to stop at the very first.
 *
 * ```text
 * a       ------------4
 * b       ----4
 * stops   ----^          a is cancelled
 * ```
 *
 * @example
 * ```ts
 * import { createEnsemble, firstAnswer, simulated } from 'crucible-ensemble';
 *
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
export const firstAnswer = (): StopRule =>
  ruleOf('firstAnswer', (tally) => tally.successes > 0 && hasResult(tally));
