import { type LogisticMap, logistic } from './calibrate.ts';

/** Cases with the same x, and their target proportion. */
interface Cases {
  readonly x: number;
  readonly weight: number;
  readonly target: number;
}

/** A logistic curve. */
export type LogisticCurve = Pick<LogisticMap, 'slope' | 'intercept'>;

const MAX_STEPS = 100;

/**
 * Fits the logistic curve with the greatest likelihood, by Newton's method with step halving: H.-T. Lin, C.-J. Lin and
 * R. C. Weng, "A note on Platt's probabilistic outputs for support vector machines", Machine Learning 68 (2007). It
 * exists if no target is 0 or 1. A parameter that the cases do not determine keeps its start value: slope 1, intercept
 * 0.
 */
export const logisticFit = (cases: readonly Cases[], hasIntercept: boolean): LogisticCurve => {
  let curve: LogisticCurve = { slope: 1, intercept: 0 };
  let loss = lossOf(cases, curve);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const towards = newtonStep(cases, curve, hasIntercept);
    let [share, next, nextLoss] = [1, move(curve, towards, 1), Number.POSITIVE_INFINITY];
    for (; share > 1e-10; share /= 2) {
      next = move(curve, towards, share);
      nextLoss = lossOf(cases, next);
      if (nextLoss <= loss) break;
    }
    const gained = loss - nextLoss;
    if (!(gained >= 0)) return curve;
    curve = next;
    loss = nextLoss;
    if (gained <= 1e-14 * Math.abs(loss)) return curve;
  }
  return curve;
};

const move = (curve: LogisticCurve, towards: LogisticCurve, share: number): LogisticCurve => ({
  slope: curve.slope + share * towards.slope,
  intercept: curve.intercept + share * towards.intercept,
});

/** The negative log-likelihood, in a form that does not overflow. */
const lossOf = (cases: readonly Cases[], { slope, intercept }: LogisticCurve): number =>
  cases.reduce((loss, { x, weight, target }) => {
    const z = slope * x + intercept;
    return loss + weight * (Math.max(0, z) - z * target + Math.log1p(Math.exp(-Math.abs(z))));
  }, 0);

const newtonStep = (
  cases: readonly Cases[],
  { slope, intercept }: LogisticCurve,
  hasIntercept: boolean,
): LogisticCurve => {
  let [bySlope, byIntercept] = [0, 0];
  // Regularization, small enough to matter only if the cases do not determine a parameter.
  let [slopeTwice, both, interceptTwice] = [1e-9, 0, 1e-9];
  for (const { x, weight, target } of cases) {
    const p = logistic(slope * x + intercept);
    bySlope += weight * (p - target) * x;
    byIntercept += weight * (p - target);
    slopeTwice += weight * p * (1 - p) * x * x;
    both += weight * p * (1 - p) * x;
    interceptTwice += weight * p * (1 - p);
  }
  if (!hasIntercept) return { slope: -bySlope / slopeTwice, intercept: 0 };
  const determinant = slopeTwice * interceptTwice - both ** 2;
  return {
    slope: (both * byIntercept - interceptTwice * bySlope) / determinant,
    intercept: (both * bySlope - slopeTwice * byIntercept) / determinant,
  };
};
