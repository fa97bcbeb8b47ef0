import { checked, completed, oneOf, wholeNumber } from '../../options.ts';
import { type CalibrationMap, type IsotonicMap, type LogisticMap, logOddsOf } from './calibrate.ts';
import { type ConfidenceGroup, type ConfidencePair, groupsOf } from './confidence-group.ts';
import { type Block, isotonicBlocks, pooled } from './isotonic-blocks.ts';
import { logisticFit } from './logistic-fit.ts';

/** Options of {@link fitCalibration}. */
export interface FitCalibrationOptions {
  /**
   * `isotonic`: any rising curve, for some hundred answers and more. `platt`: a logistic curve with two numbers,
   * for fewer. `temperature`: with one, which makes all confidences more, or less, extreme. Default `isotonic`.
   */
  readonly method?: CalibrationMap['method'];
  /** How many answers each level of an isotonic curve rests on at least. From 1. Default 20. */
  readonly leastAnswers?: number;
}

/**
 * What confidences mean, learned from answers that are known to be right or wrong: a map for {@link calibrate},
 * as plain JSON. Fit it on some questions, and judge it by `calibrationOf` on **others**: on its own questions
 * every map looks good.
 *
 * No map says 0 or 1, however few answers it has seen: a level of an isotonic curve rests on `leastAnswers` and
 * is drawn to the accuracy of all by the weight of two answers; logistic curves have the targets of Platt. The
 * order of confidences stays: at most, different ones become equal. Without any answers, every confidence is 0.5.
 *
 * Costs no calls, and memory for each different confidence.
 *
 * @throws {ConfigError} for a confidence outside of 0..1, and for options that are none.
 *
 * Formulas: Zadrozny and Elkan, KDD 2002 (isotonic); Platt, "Probabilistic outputs for support vector machines",
 * 1999, on log-odds; Guo et al., "On calibration of modern neural networks", ICML 2017 (temperature).
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
  const completedOptions = checked('fitCalibration', options, specs);
  return fitCalibrationToGroups(groupsOf('fitCalibration', pairs), completedOptions);
};

const specs = {
  method: [oneOf(['isotonic', 'platt', 'temperature'], ''), 'isotonic'],
  leastAnswers: [wholeNumber(1), 20],
} as const;

/** The same for answers that are grouped already, from the least sure group on. */
export const fitCalibrationToGroups = (
  groups: readonly ConfidenceGroup[],
  options: FitCalibrationOptions = {},
): CalibrationMap => {
  const { method, leastAnswers } = completed(options, specs);
  return method === 'isotonic' ? isotonicMap(groups, leastAnswers) : logisticMap(groups, method);
};

const totalOf = (groups: readonly ConfidenceGroup[], part: 'count' | 'right'): number =>
  groups.reduce((total, group) => total + group[part], 0);

/** How many answers' worth of the overall accuracy every level is mixed with. */
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
  // What is drawn further for having fewer answers may fall below what comes before it.
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

/** Blocks pooled with what follows until each has its weight; what is left at the end goes with the last. */
const withAtLeast = (least: number, blocks: readonly Block[]): readonly Block[] => {
  const enough: Block[] = [];
  let open: Block | undefined;
  for (const block of blocks) {
    open = open === undefined ? block : pooled(open, block);
    if (open.weight < least) continue;
    enough.push(open);
    open = undefined;
  }
  if (open === undefined) return enough;
  const last = enough.pop();
  return [...enough, last === undefined ? open : pooled(last, open)];
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
  // Where the sure answers are the wrong ones, confidence says nothing; it is not turned around.
  const { intercept } = hasIntercept
    ? logisticFit(
        cases.map((each) => ({ ...each, x: 0 })),
        true,
      )
    : curve;
  return { method, count, slope: 0, intercept };
};
