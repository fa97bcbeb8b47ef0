import type { StopRule } from '../../execution.ts';

/**
 * Stops once all of the rules do, at the same time.
 *
 * @example
 * ```ts
 * const surely = allOf(decided(), consensus(0.8));
 * createEnsemble({ models: [defineModel('echo', (prompt) => prompt)], earlyStop: surely });
 * ```
 */
export const allOf =
  (...rules: readonly StopRule[]): StopRule =>
  (tally) =>
    rules.every((rule) => rule(tally));
