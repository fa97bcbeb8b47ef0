import { ConfigError } from '../../domain/errors.ts';
import { type RuleTraits, type StopRule, traitsOf } from '../../domain/execution.ts';
import { kindOf } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';

/**
 * Makes a stop rule that refuses what is not a tally. Every rule without rules of a caller is made by it.
 *
 * @param owner the name of the factory, for messages.
 * @param traits what the engine is to know of it.
 */
export const ruleOf = (owner: string, stops: StopRule, traits: RuleTraits = {}): StopRule =>
  withTraits(traits, (tally) => {
    try {
      return stops(tally);
    } catch {
      throw new ConfigError([`${owner}: the rule expected a tally, but got ${kindOf(tally)}`]);
    }
  });

/** Gives a rule its traits, and returns it. */
export const withTraits = (traits: RuleTraits, rule: StopRule): StopRule =>
  Object.assign(rule, { [internal]: traits });

/** The threshold of several rules: the lowest if any of them stops, the highest if all have to. */
export const thresholdOf = (
  rules: readonly (StopRule | undefined)[],
  choose: (...thresholds: number[]) => number,
): number | undefined => {
  const thresholds = rules.flatMap((rule) => traitsOf(rule).threshold ?? []);
  return thresholds.length === 0 ? undefined : choose(...thresholds);
};
