import type { StopRule } from '../../domain/execution.ts';
import { faultsOf, ofType, refuse } from '../../options.ts';

/** The rules that a combination was given, of which there must be one. */
export const checkedRules = (owner: string, rules: readonly StopRule[]): readonly StopRule[] => {
  const named = Object.entries(rules).map(([index, rule]) => [`rules[${index}]`, rule] as const);
  refuse(
    rules.length === 0
      ? [`${owner}: expected at least one stop rule, but got none`]
      : named.flatMap(([name, rule]) => faultsOf(owner, { [name]: rule }, { [name]: ofType('function') })),
  );
  return rules;
};
