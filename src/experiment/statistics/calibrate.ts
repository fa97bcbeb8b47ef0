/** A fitted calibration as plain JSON: what {@link calibrate} reads confidences through. */
export type CalibrationMap = IsotonicMap | LogisticMap;

/** Straight lines between knots, flat before the first and after the last; rising, or level. */
export interface IsotonicMap {
  readonly method: 'isotonic';
  /** How many answers it was fitted on. */
  readonly count: number;
  /** By rising confidence: what is made of each. */
  readonly knots: readonly { readonly confidence: number; readonly calibrated: number }[];
}

/**
 * `1 / (1 + e^-(slope · ln(c / (1 - c)) + intercept))`, for c held within 0.001..0.999; and
 * no nearer to 0 and 1 than `1 / (count + 2)`.
 */
export interface LogisticMap {
  readonly method: 'platt' | 'temperature';
  /** How many answers it was fitted on. */
  readonly count: number;
  /** How much further apart confidences come to lie, from 0 on; 1 over the temperature. */
  readonly slope: number;
  /** 0 for `temperature`. */
  readonly intercept: number;
}

/** The log-odds of a confidence; certainty has none, and counts as one in a thousand from it. */
export const logOddsOf = (confidence: number): number => {
  const held = Math.min(0.999, Math.max(0.001, confidence));
  return Math.log(held / (1 - held));
};

/** The probability with these log-odds. */
export const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/**
 * The probability, 0..1, that an answer of this confidence is right, as a fitted map has it. A confidence that is
 * not known, or is no number from 0 to 1, stays unknown. A greater confidence never becomes a smaller one.
 *
 * With `withConfidence`, a model gives calibrated confidences by itself, so that a cascade's threshold or a vote
 * by confidence means what it says.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, withConfidence } from 'crucible-ensemble';
 * import { calibrate } from 'crucible-ensemble/experiment';
 *
 * const map = { method: 'temperature', count: 500, slope: 0.5, intercept: 0 } as const;
 * calibrate(map, 0.9)?.toFixed(2); // => '0.75'
 * calibrate(map, undefined); // => undefined
 *
 * const boastful = defineModel('boastful', () => ({ text: 'Paris', confidence: 0.9 }));
 * const model = withConfidence(boastful, ({ confidence }) => calibrate(map, confidence));
 * const { metadata } = await createEnsemble({ models: [model] }).predict('What is the capital of France?');
 * metadata.confidence?.toFixed(2); // => '0.75'
 * ```
 */
export const calibrate = (map: CalibrationMap, confidence: number | undefined): number | undefined => {
  if (confidence === undefined || !(confidence >= 0 && confidence <= 1)) return undefined;
  if (map.method !== 'isotonic') {
    // No surer than as many answers can make anybody who has seen nothing else.
    const least = 1 / (map.count + 2);
    const calibrated = logistic(map.slope * logOddsOf(confidence) + map.intercept);
    return Math.min(1 - least, Math.max(least, calibrated));
  }
  const next = map.knots.findIndex((knot) => knot.confidence >= confidence);
  // Before the first knot, and, where `next` is -1, beyond the last one.
  if (next <= 0) return map.knots.at(next)?.calibrated;
  const [before, after] = [map.knots[next - 1], map.knots[next]];
  if (before === undefined || after === undefined) return undefined;
  const share = (confidence - before.confidence) / (after.confidence - before.confidence);
  return before.calibrated + share * (after.calibrated - before.calibrated);
};
