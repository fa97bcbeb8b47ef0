import { appendFileSync } from 'node:fs';
import { type Bar, bars, type RowName } from './bars.ts';
import { judge, median } from './judge.ts';

/** The figure of each round of a row; or a text that says why the row has no figures, such as "not installed". */
export type Measured = readonly number[] | string;

/** What was measured, by the keys of `bars.ts`. */
export type Figures = Readonly<Partial<Record<RowName, Measured>>>;

/** The file to which the benches that `table.ts` starts append their figures, a line for each report. */
export const FIGURES_FILE = 'BENCH_FIGURES_FILE';

/** Returns a number with three digits, or whole if it is large. */
export const shown = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4 });

/** Returns the bar of a row, such as `≤ 1,024`. */
export const barOf = ({ bar, better }: Bar): string =>
  bar === undefined ? '' : `${better === 'less' ? '≤' : '≥'} ${shown(bar)}`;

/** Returns a line with a row's figure, bar, unit and name, and a note if the bar is not met. */
export const lineOf = (name: RowName, measured: Measured): string => {
  const row: Bar = bars[name];
  if (typeof measured === 'string') return `${measured.padStart(30)}  ${row.name}`;
  const verdict = judge(row, measured);
  const note = verdict === 'missed' || verdict === 'near' ? `   ${verdict}` : '';
  return `${shown(median(measured)).padStart(10)} ${barOf(row).padStart(10)} ${row.unit.padEnd(16)}  ${row.name}${note}`;
};

/**
 * Prints the figures of a bench beside their bars, and ends the process with 1 if a bar is missed beyond noise, see
 * `judge`. The command that prints the whole table reads the same figures.
 */
export const report = (figures: Figures): void => {
  console.log();
  for (const [name, measured] of Object.entries(figures) as [RowName, Measured][]) {
    console.log(lineOf(name, measured));
    if (typeof measured !== 'string' && judge(bars[name], measured) === 'missed') process.exitCode = 1;
  }
  const file = process.env[FIGURES_FILE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figures)}\n`);
};
