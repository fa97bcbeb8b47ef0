import type { StopRule } from '../../domain/execution.ts';
import { checkedRules } from './checked-rules.ts';
import { thresholdOf, withTraits } from './rule-of.ts';

/**
 * Stops when all of the rules do, at the same time.
 *
 * @throws {ConfigError} without a rule.
 *
 * @example
 * ```ts
 * import { allOf, consensus, createEnsemble, decided, defineModel } from 'crucible-ensemble';
 *
 * const surely = allOf(decided(), consensus(0.8));
 * createEnsemble({ models: [defineModel('echo', (prompt) => prompt)], earlyStop: surely });
 * ```
 */
export const allOf = (...rules: readonly StopRule[]): StopRule => {
  const all = checkedRules('allOf', rules);
  return withTraits({ threshold: thresholdOf(rules, Math.max) }, (tally) => all.every((rule) => rule(tally)));
};
