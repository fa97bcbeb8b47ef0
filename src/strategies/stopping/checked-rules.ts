import type { StopRule } from '../../domain/execution.ts';
import { faultsOf, ofType, refuse } from '../../options.ts';

/** Checks the rules of a combination, which needs at least one. */
export const checkedRules = (owner: string, rules: readonly StopRule[]): readonly StopRule[] => {
  const named = Object.entries(rules).map(([index, rule]) => [`rules[${index}]`, rule] as const);
  refuse(
    rules.length === 0
      ? [`${owner}: expected at least one stop rule, such as decided(), but got none`]
      : named.flatMap(([name, rule]) => faultsOf(owner, { [name]: rule }, { [name]: ofType('function') })),
  );
  return rules;
};
