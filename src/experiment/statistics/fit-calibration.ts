import { checked, completed, oneOf, reading, wholeNumber } from '../../options.ts';
import { type CalibrationMap, type IsotonicMap, type LogisticMap, logOddsOf } from './calibrate.ts';
import { type ConfidenceGroup, type ConfidencePair, groupsOf } from './confidence-group.ts';
import { type Block, isotonicBlocks, pool } from './isotonic-blocks.ts';
import { logisticFit } from './logistic-fit.ts';

/** Options of {@link fitCalibration}. */
export interface FitCalibrationOptions {
  /**
   * `isotonic`: any curve that never falls, for some hundred answers and more. `platt`: a logistic curve with two
   * parameters, for fewer answers. `temperature`: a logistic curve with one parameter, which makes all confidences more
   * or less extreme. Default `isotonic`.
   */
  readonly method?: CalibrationMap['method'];
  /** The fewest answers for each level of an isotonic curve, from 1. Default 20. */
  readonly leastAnswers?: number;
}

/**
 * Fits a calibration to answers that are known to be right or wrong: a map for {@link calibrate}, as plain
 * JSON. Fit it on some questions, and evaluate it with `calibrationOf` on **others**, because every map looks
 * good on its own questions.
 *
 * No map returns 0 or 1, even for few answers. A level of an isotonic curve has at least `leastAnswers`
 * answers and is shrunk towards the overall accuracy with the weight of two answers; logistic curves use the
 * targets of Platt. The order of confidences never changes, but different ones may become equal. Without
 * answers, every confidence becomes 0.5.
 *
 * Makes no calls, and takes memory for each different confidence.
 *
 * @throws {ConfigError} if a confidence is outside of 0..1, or if an option is invalid.
 *
 * Formulas: Zadrozny and Elkan, KDD 2002 (isotonic); Platt, "Probabilistic outputs for support vector
 * machines", 1999, on log-odds; Guo et al., "On calibration of modern neural networks", ICML 2017
 * (temperature).
 *
 * @example
 * ```ts
 * import { calibrate, fitCalibration } from 'crucible-ensemble/experiment';
 *
 * // Says 0.9 whenever it is right in 3 of 5 cases, and 0.5 whenever in 1 of 5.
 * const pairs = Array.from({ length: 1000 }, (_, index) => ({
 *   confidence: index < 500 ? 0.5 : 0.9,
 *   isRight: index < 500 ? index % 5 === 0 : index % 5 < 3,
 * }));
 * const map = fitCalibration(pairs);
 * [0.5, 0.9].map((confidence) => calibrate(map, confidence)?.toFixed(2)); // => ['0.20', '0.60']
 * ```
 */
export const fitCalibration = (
  pairs: Iterable<ConfidencePair>,
  options: FitCalibrationOptions = {},
): CalibrationMap => {
  return reading('fitCalibration', () => {
    const completedOptions = checked('fitCalibration', options, specs);
    return fitCalibrationToGroups(groupsOf('fitCalibration', pairs), completedOptions);
  });
};

const specs = {
  method: [oneOf(['isotonic', 'platt', 'temperature'], ''), 'isotonic'],
  leastAnswers: [wholeNumber(1), 20],
} as const;

/** Like {@link fitCalibration}, for groups in ascending order of confidence. */
export const fitCalibrationToGroups = (
  groups: readonly ConfidenceGroup[],
  options: FitCalibrationOptions = {},
): CalibrationMap => {
  const { method, leastAnswers } = completed(options, specs);
  return method === 'isotonic' ? isotonicMap(groups, leastAnswers) : logisticMap(groups, method);
};

const totalOf = (groups: readonly ConfidenceGroup[], part: 'count' | 'right'): number =>
  groups.reduce((total, group) => total + group[part], 0);

/** The weight of the overall accuracy in every level, in answers. */
const PRIOR_ANSWERS = 2;

const isotonicMap = (groups: readonly ConfidenceGroup[], leastAnswers: number): IsotonicMap => {
  const count = totalOf(groups, 'count');
  const overall = (totalOf(groups, 'right') + 1) / (count + 2);
  if (count === 0) return { method: 'isotonic', count, knots: [{ confidence: 0.5, calibrated: overall }] };
  const levels = withAtLeast(
    leastAnswers,
    isotonicBlocks(groups.map((group) => ({ weight: group.count, mean: group.right / group.count }))),
  );
  const drawn = levels.map(({ weight, mean }) => ({
    weight,
    mean: (weight * mean + PRIOR_ANSWERS * overall) / (weight + PRIOR_ANSWERS),
  }));
  // Shrinking levels with few answers can break their order, so they are pooled again.
  const values = isotonicBlocks(drawn).flatMap(({ length, mean }) => Array<number>(length).fill(mean));
  let end = 0;
  const knots = levels.flatMap(({ length }, level) => {
    const within = groups.slice(end, end + length);
    end += length;
    const calibrated = values[level] ?? overall;
    const ends = new Set([within[0]?.confidence ?? 0, within.at(-1)?.confidence ?? 1]);
    return Array.from(ends, (confidence) => ({ confidence, calibrated }));
  });
  return { method: 'isotonic', count, knots };
};

/** Pools blocks with the next ones until each has its weight; the rest joins the last block. */
const withAtLeast = (least: number, blocks: readonly Block[]): readonly Block[] => {
  const enough: Block[] = [];
  let open: Block | undefined;
  for (const block of blocks) {
    open = open === undefined ? block : pool(open, block);
    if (open.weight < least) continue;
    enough.push(open);
    open = undefined;
  }
  if (open === undefined) return enough;
  const last = enough.pop();
  return [...enough, last === undefined ? open : pool(last, open)];
};

const logisticMap = (groups: readonly ConfidenceGroup[], method: LogisticMap['method']): LogisticMap => {
  const count = totalOf(groups, 'count');
  const right = totalOf(groups, 'right');
  if (count === 0) return { method, count, slope: 0, intercept: 0 };
  const [ifRight, ifWrong] = [(right + 1) / (right + 2), 1 / (count - right + 2)];
  const cases = groups.map((group) => ({
    x: logOddsOf(group.confidence),
    weight: group.count,
    target: (group.right * ifRight + (group.count - group.right) * ifWrong) / group.count,
  }));
  const hasIntercept = method === 'platt';
  const curve = logisticFit(cases, hasIntercept);
  if (curve.slope >= 0) return { method, count, ...curve };
  // If confident answers are the wrong ones, the map ignores the confidence; it does not invert it.
  const { intercept } = hasIntercept
    ? logisticFit(
        cases.map((each) => ({ ...each, x: 0 })),
        true,
      )
    : curve;
  return { method, count, slope: 0, intercept };
};
