import { ConfigError } from '../../domain/errors.ts';
import type { StopRule } from '../../domain/execution.ts';
import { faultOf, returned } from '../../domain/foreign.ts';
import { faultsOf, ofType, refuse, required, trueOrFalse } from '../../options.ts';

/**
 * Checks the rules of a combination, which needs at least one. Returns them so that each throws if its verdict is no
 * boolean.
 */
export const checkedRules = (owner: string, rules: readonly StopRule[]): readonly StopRule[] => {
  const named = Object.entries(rules).map(([index, rule]) => [`rules[${index}]`, rule] as const);
  refuse(
    rules.length === 0
      ? [`${owner}: expected at least one stop rule, such as decided(), but got none`]
      : named.flatMap(([name, rule]) =>
          faultsOf(owner, { [name]: rule }, { [name]: required(ofType('function')) }),
        ),
  );
  return rules.map((rule, place) => (tally) => {
    const verdict = rule(tally);
    try {
      return returned(verdict, trueOrFalse);
    } catch (error) {
      throw new ConfigError([`${owner}: rules[${place}] ${faultOf(error)}`]);
    }
  });
};
