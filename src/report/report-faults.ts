import { isObject } from '../domain/is-object.ts';
import { shown } from '../options.ts';

/** Returns the fault of a report without a valid scorecard. */
export const reportFaults = (owner: string, content: unknown): readonly string[] => {
  const scorecard = own(content, 'scorecard');
  return own(scorecard, 'format') === 'crucible-ensemble/scorecard' &&
    [1, 2].includes(own(scorecard, 'version') as number)
    ? []
    : [
        `${owner}: option "scorecard" must be a scorecard of version 1 or 2 (await scorecard(trials)), but got ${shown(scorecard)}`,
      ];
};

const own = (value: unknown, name: string): unknown =>
  isObject(value) ? Reflect.get(value, name) : undefined;
