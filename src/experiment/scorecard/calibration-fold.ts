import { drawsFor } from '../../models/random.ts';
import { calibrate } from '../statistics/calibrate.ts';
import { calibrationOfGroups } from '../statistics/calibration-of.ts';
import { type ConfidenceGroup, confidenceCounter } from '../statistics/confidence-group.ts';
import { fitCalibrationToGroups } from '../statistics/fit-calibration.ts';
import { type RiskCoverage, riskCoverageOfGroups } from '../statistics/risk-coverage.ts';
import type { ScoredCalibration } from './scorecard.ts';

/** Confidences are rounded to a thousandth, so there are at most 1001 different ones. */
const STEPS = 1000;
/** The largest number of points of a curve. */
const MAX_POINTS = 101;

/** Collects confidences and whether the answers were right, in memory that does not grow with their number. */
export const calibrationFold = () => {
  const [first, second] = [confidenceCounter(), confidenceCounter()];
  return {
    add(id: string, confidence: number | undefined, isRight: boolean): void {
      if (confidence === undefined || !(confidence >= 0 && confidence <= 1)) return;
      // By the id of the question, so that it is in the same half in every run and condition.
      const half = drawsFor(`half/${id}`)() < 0.5 ? first : second;
      half.add({ confidence: Math.round(confidence * STEPS) / STEPS, count: 1, right: isRight ? 1 : 0 });
    },
    calibration(): ScoredCalibration {
      const [one, other] = [first.groups(), second.groups()];
      const all = merge([...one, ...other]);
      return {
        before: calibrationOfGroups(all),
        after: calibrationOfGroups(merge([...calibrateGroups(one, other), ...calibrateGroups(other, one)])),
        map: fitCalibrationToGroups(all),
      };
    },
    riskCoverage(questions: number): RiskCoverage {
      const all = merge([...first.groups(), ...second.groups()]);
      const curve = riskCoverageOfGroups(all, { questions });
      return { ...curve, points: thin(curve.points) };
    },
  };
};

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
const merge = (groups: readonly ConfidenceGroup[]): readonly ConfidenceGroup[] => {
  const counter = confidenceCounter();
  groups.forEach(counter.add);
  return counter.groups();
};

const thin = <T>(points: readonly T[]): readonly T[] =>
  points.length <= MAX_POINTS
    ? points
    : Array.from(
        { length: MAX_POINTS },
        (_, index) => points[Math.round((index * (points.length - 1)) / (MAX_POINTS - 1))] as T,
      );
