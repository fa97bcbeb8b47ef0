import { isObject } from '../domain/is-object.ts';
import type { Scorecard } from '../experiment/scorecard/scorecard.ts';
import type { ReliabilityCurve } from '../experiment/statistics/reliability-curve.ts';
import { refuse, shown } from '../options.ts';

/** The content of a report. */
export interface ReportContent {
  readonly title: string;
  /** The origin of the figures: simulated models, recorded or live answers, and which questions. */
  readonly basis?: string;
  /** Facts about the comparison, by name: models, options, dataset, dates. Shown as a table in this order. */
  readonly about?: Readonly<Record<string, string>>;
  readonly scorecard: Scorecard;
  /** The accuracy of panels of each size. If it is missing, its chart is left out. */
  readonly reliability?: ReliabilityCurve;
}

/** @throws {ConfigError} if the content has no valid scorecard. */
export const refuseWithoutScorecard = (owner: string, content: unknown): void => {
  const scorecard = own(content, 'scorecard');
  const isScorecard =
    own(scorecard, 'format') === 'crucible-ensemble/scorecard' &&
    [1, 2].includes(own(scorecard, 'version') as number);
  if (isScorecard) return;
  refuse([
    `${owner}: option "scorecard" must be a scorecard of version 1 or 2 (await scorecard(trials)), but got ${shown(scorecard)}`,
  ]);
};

const own = (value: unknown, name: string): unknown =>
  isObject(value) ? Reflect.get(value, name) : undefined;
