import { ConfigError } from '../domain/errors.ts';
import type { Execution, StopRule } from '../domain/execution.ts';
import { faultOf, isA, returned } from '../domain/foreign.ts';
import { trueOrFalse } from '../options.ts';
import { consensus } from '../strategies/stopping/consensus.ts';
import { thresholdOf, withTraits } from '../strategies/stopping/rule-of.ts';
import type { PredictionValues } from './forms.ts';

const earlyRule = (earlyStop: PredictionValues['earlyStop']): StopRule | undefined => {
  if (earlyStop === undefined || earlyStop === false) return undefined;
  return typeof earlyStop === 'number' ? consensus(earlyStop, { of: 'panel' }) : earlyStop;
};

/** The rule of the option `earlyStop` or of the execution, combined: either can stop; `undefined` if there is neither. */
export const stopRuleOf = (
  earlyStop: PredictionValues['earlyStop'],
  { earlyStop: own }: Execution,
): StopRule | undefined => {
  const early = earlyRule(earlyStop);
  if (own === undefined || early === undefined) return own ?? early;
  return withTraits({ threshold: thresholdOf([own, early], Math.min) }, (tally) =>
    [own, early].some((rule) => returned(rule(tally), trueOrFalse)),
  );
};

/** A stop rule that waits for `minResponses` votes. A rule that throws or is async does not stop, and leaves a warning. */
export const guarded =
  (rule: StopRule, minResponses: number, warnings: string[]): StopRule =>
  (tally) => {
    if (tally.successes < minResponses) return false;
    try {
      return returned(rule(tally), trueOrFalse);
    } catch (error) {
      const warning = isA(error, ConfigError) ? error.message : `the stop rule ${faultOf(error)}`;
      if (!warnings.includes(warning)) warnings.push(warning);
      return false;
    }
  };
