import { ConfigError } from '../../domain/errors.ts';
import type { StopRule } from '../../domain/execution.ts';
import { shown } from '../../options.ts';

/**
 * Makes a stop rule that refuses what is not a tally. Every rule without rules of a caller is made by it.
 *
 * @param owner the name of the factory, for messages.
 */
export const ruleOf =
  (owner: string, stops: StopRule): StopRule =>
  (tally) => {
    try {
      return stops(tally);
    } catch {
      throw new ConfigError([`${owner}: the rule expected a tally, but got ${shown(tally)}`]);
    }
  };
