import type { Estimate } from '../statistics/interval.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import { shareEstimate } from '../statistics/share-estimate.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import type { BallotTable } from './ballot-table.ts';
import type { PanelExpectation } from './panel.ts';
import type { Course } from './play.ts';

/** A share, with its Wilson interval; of nothing, it is 0, and may be anything. */
export const heldOutShare = (count: number, n: number): Estimate =>
  shareEstimate(count, n) ?? { value: 0, low: 0, high: 1 };

/** What is known of a chosen panel, by the places of the rows. */
export interface Evidence {
  /** The chosen panel in cross-validation: lucky, because it was chosen by these results. */
  readonly chosen: Course;
  /** The choices without each part, in the cross-validation by which they were chosen: as lucky. */
  readonly promised: readonly Course[];
  /** The same choices on the parts that they have not seen: without luck. */
  readonly delivered: Course;
}

export const expectationOf = (
  { unit, rows }: BallotTable,
  evidence: Evidence,
  size: number,
): PanelExpectation => {
  const isGiven = ({ sureness }: Course, row: number): number => ((sureness[row] ?? -1) >= 0 ? 1 : 0);
  const always = (): number => 1;
  const isRight = ({ right }: Course, row: number): number => right[row] ?? 0;
  const ratio = (part: Value, whole: Value) => ratioOf(evidence, rows.length, part, whole);
  const calls = ratio(({ calls }, row) => calls[row] ?? 0, always);
  const cost = ratio(({ cost }, row) => cost[row] ?? 0, always);
  return {
    accuracy: shareFrom(ratio(isRight, always)),
    calls: meanFrom(calls, 1, size),
    ...(unit === 'usd' && { costUsd: meanFrom(cost, 0, Number.POSITIVE_INFINITY) }),
    coverage: shareFrom(ratio(isGiven, always)),
    precision: shareFrom(ratio(isRight, isGiven)),
  };
};

type Value = (course: Course, row: number) => number;

const ratioOf = ({ chosen, promised, delivered }: Evidence, n: number, part: Value, whole: Value) => {
  const at = (course: Course) => {
    let [p, w] = [0, 0];
    for (let row = 0; row < n; row += 1) {
      if (course.calls[row] === 0) continue;
      p += part(course, row);
      w += whole(course, row);
    }
    return {
      p,
      w,
      ratio: w === 0 ? 0 : p / w,
      influence: (row: number) =>
        w === 0 || course.calls[row] === 0 ? 0 : ((part(course, row) - (p / w) * whole(course, row)) * n) / w,
    };
  };
  const c = at(chosen),
    d = at(delivered),
    ps = promised.map(at);
  const k = promised.length;
  const pm = ps.reduce((s, x) => s + x.ratio, 0) / k;
  const value = c.w === 0 || d.w === 0 ? c.ratio : c.ratio - pm + d.ratio;
  let squares = 0;
  for (let row = 0; row < n; row += 1) {
    const v = c.influence(row) - ps.reduce((s, x) => s + x.influence(row), 0) / k + d.influence(row);
    squares += v * v;
  }
  const spread =
    promised.reduce((s, course) => {
      let [p, w] = [0, 0];
      for (let row = 0; row < n; row += 1) {
        if (course.calls[row] === 0) continue;
        p += part(chosen, row);
        w += whole(chosen, row);
      }
      const x = at(course);
      return s + ((w === 0 ? 0 : p / w) - x.ratio) ** 2;
    }, 0) / k;
  const rowVar = squares / n / (n - 1);
  (globalThis as any).dbg?.push({ value, raw: c.ratio, pm, d: d.ratio, rowVar, spread, count: c.w });
  return { value, variance: rowVar + spread, count: c.w };
};

const Z = normalQuantile(0.975);
const meanFrom = (
  { value, variance }: { value: number; variance: number },
  least: number,
  most: number,
): Estimate => {
  const half = Z * Math.sqrt(variance);
  const within = (x: number) => Math.min(most, Math.max(least, x));
  return { value: within(value), low: within(value - half), high: within(value + half) };
};
const shareFrom = ({
  value,
  variance,
  count,
}: {
  value: number;
  variance: number;
  count: number;
}): Estimate => {
  if (count === 0) return { value: 0, low: 0, high: 1 };
  const share = Math.min(1, Math.max(0, value));
  const smooth = (share * count + 1) / (count + 2);
  const effective = count / Math.max(1, (variance * count) / (smooth * (1 - smooth)));
  return { value: share, ...wilsonInterval(share * effective, effective) };
};

/** Sums numbers. */
export const sumOf = (values: Uint8Array | Uint16Array | Float64Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};
