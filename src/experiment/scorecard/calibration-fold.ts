import { drawsFor } from '../../models/random.ts';
import { calibrate } from '../statistics/calibrate.ts';
import { calibrationOfGroups } from '../statistics/calibration-of.ts';
import type { ConfidenceGroup } from '../statistics/confidence-group.ts';
import { fitCalibrationToGroups } from '../statistics/fit-calibration.ts';
import { type RiskCoverage, riskCoverageOfGroups } from '../statistics/risk-coverage.ts';
import type { ScoredCalibration } from './scorecard.ts';

/** Confidences are rounded to a thousandth, so there are at most 1001 different ones. */
const STEPS = 1000;
/** The largest number of points of a curve. */
const MAX_POINTS = 101;

type Counts = Map<number, { count: number; right: number }>;

/** Collects confidences and whether the answers were right, in memory that does not grow with their number. */
export const calibrationFold = () => {
  const halves: readonly [Counts, Counts] = [new Map(), new Map()];
  return {
    add(id: string, confidence: number | undefined, isRight: boolean): void {
      if (confidence === undefined || !(confidence >= 0 && confidence <= 1)) return;
      // By the id of the question, so that it is in the same half in every run and condition.
      const half = halves[drawsFor(`half/${id}`)() < 0.5 ? 0 : 1];
      const step = Math.round(confidence * STEPS);
      const counts = half.get(step) ?? { count: 0, right: 0 };
      half.set(step, counts);
      counts.count += 1;
      if (isRight) counts.right += 1;
    },
    calibration(): ScoredCalibration {
      const [one, other] = halves.map(groupsIn) as [ConfidenceGroup[], ConfidenceGroup[]];
      const all = merge([...one, ...other]);
      return {
        before: calibrationOfGroups(all),
        after: calibrationOfGroups(merge([...calibrateGroups(one, other), ...calibrateGroups(other, one)])),
        map: fitCalibrationToGroups(all),
      };
    },
    riskCoverage(questions: number): RiskCoverage {
      const curve = riskCoverageOfGroups(merge(halves.flatMap(groupsIn)), { questions });
      return { ...curve, points: thin(curve.points) };
    },
  };
};

const groupsIn = (counts: Counts): ConfidenceGroup[] =>
  Array.from(counts, ([step, { count, right }]) => ({ confidence: step / STEPS, count, right })).sort(
    (a, b) => a.confidence - b.confidence,
  );

/** Calibrates one half with the map fitted to the other. */
const calibrateGroups = (
  groups: readonly ConfidenceGroup[],
  fittedOn: readonly ConfidenceGroup[],
): readonly ConfidenceGroup[] => {
  const map = fitCalibrationToGroups(fittedOn);
  return groups.map((group) => ({
    ...group,
    confidence: calibrate(map, group.confidence) ?? group.confidence,
  }));
};

/** Merges groups of equal confidence, in ascending order of confidence. */
const merge = (groups: readonly ConfidenceGroup[]): readonly ConfidenceGroup[] =>
  Array.from(
    Map.groupBy(groups, ({ confidence }) => confidence),
    ([confidence, same]) => ({
      confidence,
      count: same.reduce((sum, { count }) => sum + count, 0),
      right: same.reduce((sum, { right }) => sum + right, 0),
    }),
  ).sort((a, b) => a.confidence - b.confidence);

const thin = <T>(points: readonly T[]): readonly T[] =>
  points.length <= MAX_POINTS
    ? points
    : Array.from(
        { length: MAX_POINTS },
        (_, index) => points[Math.round((index * (points.length - 1)) / (MAX_POINTS - 1))] as T,
      );
