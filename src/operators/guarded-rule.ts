import type { StopRule } from '../domain/execution.ts';
import { returned } from '../domain/foreign.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import { trueOrFalse } from '../options.ts';

/** A stop rule of a caller. What it throws, or that it returns no boolean, is the error of the operator. */
export const guardedRule =
  (owner: string, rule: StopRule): StopRule =>
  (tally) => {
    const stops = rule(tally);
    try {
      return returned(stops, trueOrFalse);
    } catch (cause) {
      throw new UserCodeError(`the rule of ${owner}`, { cause });
    }
  };
