import type { StopRule } from '../../execution.ts';

/**
 * Stops once any of the rules does.
 *
 * @example
 * ```ts
 * const quickly = anyOf(decided(), confident(0.95));
 * createEnsemble({ models: [defineModel('echo', (prompt) => prompt)], earlyStop: quickly });
 * ```
 */
export const anyOf =
  (...rules: readonly StopRule[]): StopRule =>
  (tally) =>
    rules.some((rule) => rule(tally));
