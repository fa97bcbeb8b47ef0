import type { StopRule } from '../../domain/execution.ts';
import { checkedRules } from './checked-rules.ts';
import { thresholdOf, withTraits } from './rule-of.ts';

/**
 * Stops when any of the rules does.
 *
 * @throws {ConfigError} without a rule.
 *
 * @example
 * ```ts
 * import { anyOf, confident, createEnsemble, decided, defineModel } from 'crucible-ensemble';
 *
 * const quickly = anyOf(decided(), confident(0.95));
 * createEnsemble({ models: [defineModel('echo', (prompt) => prompt)], earlyStop: quickly });
 * ```
 */
export const anyOf = (...rules: readonly StopRule[]): StopRule => {
  const all = checkedRules('anyOf', rules);
  return withTraits({ threshold: thresholdOf(rules, Math.min) }, (tally) => all.some((rule) => rule(tally)));
};
