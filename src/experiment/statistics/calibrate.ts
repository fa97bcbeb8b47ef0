import { reading } from '../../options.ts';
/** A fitted calibration as plain JSON, for {@link calibrate}. */
export type CalibrationMap = IsotonicMap | LogisticMap;

/** Linear between knots, and constant before the first and after the last. Never falls. */
export interface IsotonicMap {
  readonly method: 'isotonic';
  /** The number of answers that it was fitted to. */
  readonly count: number;
  /** Confidences in ascending order, with their calibrated values. */
  readonly knots: readonly { readonly confidence: number; readonly calibrated: number }[];
}

/**
 * `1 / (1 + e^-(slope · ln(c / (1 - c)) + intercept))`, with c clamped to 0.001..0.999. The result is at least `1 /
 * (count + 2)` away from 0 and 1.
 */
export interface LogisticMap {
  readonly method: 'platt' | 'temperature';
  /** The number of answers that it was fitted to. */
  readonly count: number;
  /** The factor of the log-odds, at least 0: the inverse of the temperature. */
  readonly slope: number;
  /** 0 for `temperature`. */
  readonly intercept: number;
}

/** The log-odds of a confidence, clamped to 0.001..0.999 because certainty has none. */
export const logOddsOf = (confidence: number): number => {
  const held = Math.min(0.999, Math.max(0.001, confidence));
  return Math.log(held / (1 - held));
};

/** The probability with these log-odds. */
export const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/**
 * Calibrates a confidence: returns the probability, 0..1, that an answer of this confidence is right. If the confidence is
 * `undefined` or not a number from 0 to 1, so is the result `undefined`. The order of confidences never changes.
 *
 * Combine it with `withConfidence` for a model that reports calibrated confidences. Then a cascade's threshold of 0.9 really
 * means 90 % right answers, and votes by confidence have correct weights.
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
  return reading('calibrate', () => {
    if (confidence === undefined || !(confidence >= 0 && confidence <= 1)) return undefined;
    if (map.method !== 'isotonic') {
      // With this number of answers, the probability is not known more precisely than this.
      const least = 1 / (map.count + 2);
      const calibrated = logistic(map.slope * logOddsOf(confidence) + map.intercept);
      return Math.min(1 - least, Math.max(least, calibrated));
    }
    const next = map.knots.findIndex((knot) => knot.confidence >= confidence);
    // Before the first knot or, if `next` is -1, after the last.
    if (next <= 0) return map.knots.at(next)?.calibrated;
    const [before, after] = [map.knots[next - 1], map.knots[next]];
    if (before === undefined || after === undefined) return undefined;
    const share = (confidence - before.confidence) / (after.confidence - before.confidence);
    return before.calibrated + share * (after.calibrated - before.calibrated);
  });
};
