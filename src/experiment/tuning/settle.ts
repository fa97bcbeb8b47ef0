import type { Estimate } from '../statistics/interval.ts';
import { type AimMiss, missesOf } from './aim-misses.ts';
import type { Assessed } from './assess.ts';
import type { BallotTable } from './ballot-table.ts';
import { kindOf } from './candidate.ts';
import { isForCoverage } from './choose.ts';
import { type Lead, leadOf, type ShareName } from './expectation.ts';
import type { Recipe } from './fitted-panel.ts';
import type { Aim, PanelExpectation } from './panel.ts';

/** A chosen panel with its expectation. */
export interface Option extends Assessed {
  readonly expected: PanelExpectation;
}

/** The name of a baseline. */
export type BaselineName = 'bestSingle' | 'plurality';

/** The best panel that the search found, compared with the best baseline. */
export interface Comparison {
  readonly baseline: BaselineName;
  /** The figure that is compared. */
  readonly figure: ShareName;
  /** By how much the panel exceeds the baseline on the same questions, 0..1; below 0 if the baseline is better. */
  readonly lead: Estimate;
  /** Whether the panel is chosen; otherwise the baseline is, because it is simpler and the panel is no better beyond noise. */
  readonly isPanelChosen: boolean;
  /** By how much the panel misses each bound of the aim; empty if it meets the aim. */
  readonly misses: readonly AimMiss[];
}

/** The option that is chosen, and the comparison that decided it. */
export interface Settlement {
  readonly chosen: Option;
  readonly comparison: Comparison;
}

type Baseline = readonly [name: BaselineName, option: Option];

/**
 * Decides between the panel that a search found and the baselines, by what each of them is expected to do on other questions.
 * The panel is chosen if it is better by more than one standard error of the paired difference, or if it is no worse and
 * cheaper. An option that keeps the aim comes before one that does not.
 *
 * Source: the one-standard-error rule of Breiman and others (1984), with the baseline as the simpler model.
 */
export const settle = (
  table: BallotTable,
  aim: Aim,
  found: Option,
  baselines: readonly Baseline[],
): Settlement => {
  const keeps = ({ expected }: Option): boolean => missesOf(aim, expected).length === 0;
  const keeping = baselines.filter(([, option]) => keeps(option));
  const figure: ShareName = !isForCoverage(aim)
    ? 'accuracy'
    : keeps(found) || keeping.length > 0
      ? 'coverage'
      : 'precision';
  const rivals = keeping.length > 0 ? keeping : baselines;
  const rival = rivals.reduce((best, one) => (isBetter(one[1], best[1], figure) ? one : best));
  const same = baselines.find(([, { recipe }]) => isSameRecipe(found.recipe, recipe, table.models.length));
  const [name, baseline] = same ?? rival;
  const lead = leadOf(table, found.evidence, baseline.evidence, figure) ?? NO_LEAD;
  const isCheaper = costOf(found) < costOf(baseline);
  const isPanelChosen = ((): boolean => {
    if (same !== undefined) return false;
    if (keeps(found) !== keeping.length > 0) return keeps(found);
    if (keeps(found) && 'minimize' in aim) return true;
    if (!keeps(found) && !isForCoverage(aim) && 'maximize' in aim) return true;
    const least = 'minimize' in aim ? -lead.standardError : 0;
    return (lead.value >= least && isCheaper) || lead.value > lead.standardError;
  })();
  return {
    chosen: isPanelChosen ? found : baseline,
    comparison: {
      baseline: name,
      figure,
      lead: { value: lead.value, low: lead.low, high: lead.high },
      isPanelChosen,
      misses: missesOf(aim, found.expected),
    },
  };
};

const NO_LEAD: Lead = { value: 0, low: -1, high: 1, standardError: 1 };

const costOf = ({ expected: { costUsd, calls } }: Option): number => (costUsd ?? calls).value;

const isBetter = (a: Option, b: Option, figure: ShareName): boolean => {
  const gain = a.expected[figure].value - b.expected[figure].value;
  return gain > 0 || (gain === 0 && costOf(a) < costOf(b));
};

/** Whether what was found is a baseline itself. */
const isSameRecipe = (
  { candidate: found, acceptShare }: Recipe,
  { candidate: baseline, acceptShare: share }: Recipe,
  models: number,
): boolean =>
  acceptShare === share &&
  kindOf(found, models) === 'baseline' &&
  found.rule === baseline.rule &&
  found.members.join() === baseline.members.join();
