import { shown } from '../options.ts';

/** What is wrong with the content of a report that would show only in the midst of it. */
export const reportFaults = (owner: string, content: unknown): readonly string[] => {
  const scorecard = own(content, 'scorecard');
  return own(scorecard, 'format') === 'crucible-ensemble/scorecard' &&
    [1, 2].includes(own(scorecard, 'version') as number)
    ? []
    : [
        `${owner}: option "scorecard" must be a scorecard of version 1 or 2, awaited, but got ${shown(scorecard)}`,
      ];
};

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
