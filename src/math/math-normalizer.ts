import type { Abstention } from '../domain/normalizer.ts';
import { normalizerWith } from '../normalizers/normalizer-readers.ts';
import { checked, oneOf, reading, suchThat } from '../options.ts';
import type { MathAnswer } from './math-answer.ts';
import { mathReader } from './math-reader.ts';
import type { MathSettings } from './read-math.ts';

/** Options of {@link math}. */
export interface MathOptions {
  /**
   * The number of significant digits, from 1 to 9, to which values that are no whole numbers and have no names are rounded, so
   * that `3.14` and `π` are one answer with 3. Default: 10 digits, and what is not a whole number never counts as one.
   */
  readonly digits?: number;
  /** Whether `35%` is 35 (`drop`), or 0.35 (`divide`). Default `drop`. */
  readonly percent?: 'drop' | 'divide';
  /** Whether units are dropped, so that `5 cm` is 5, or are part of the answer (`keep`). Default `drop`. */
  readonly units?: 'drop' | 'keep';
}

const digitsCheck = suchThat(
  'an integer from 1 to 9',
  (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 9,
);

/**
 * Returns a normalizer that reads a mathematical answer: a number, an expression, an equation, an inequality, a set, an interval,
 * a tuple, a matrix, in LaTeX, ASCII or Unicode. Equal answers are the same vote, however they are written: `\\frac{1}{2}` and
 * 0.5, `(x-2)(x-7)` and `x²-9x+14`, `{2, 5}` and "x = 2 or x = 5". Units, money and a name before a value are dropped.
 *
 * The answer prints as people write it, has a `number` if it is a real number, and counts under its `key`. The key of a number has
 * 10 significant digits, that of an expression its values at points that depend on its names alone.
 *
 * Abstains from sentences, sums to infinity, integrals, two numbers side by side, an equation that does not hold, and what takes
 * more than 4,096 characters, 2,000 tokens, 50 levels or 60,000 steps to read.
 *
 * @throws {ConfigError} if an option is unknown or has another value.
 *
 * @example
 * ```ts
 * import { math } from 'crucible-ensemble/math';
 *
 * String(math()('So the area is \\\\boxed{\\\\frac{9\\\\pi}{4}}.')); // => '9π/4'
 * ```
 */
export const math = (options: MathOptions = {}): ((text: string) => MathAnswer | Abstention) =>
  reading('math', () => {
    const settings = settingsOf('math', options);
    const reader = mathReader(settings);
    return normalizerWith(() => reader);
  });

export const settingsOf = (owner: string, options: MathOptions): MathSettings => {
  const { digits, percent, units } = checked(owner, options, {
    digits: digitsCheck,
    percent: [oneOf(['drop', 'divide'], ''), 'drop'],
    units: [oneOf(['drop', 'keep'], ''), 'drop'],
  });
  return { digits, dividesPercent: percent === 'divide', keepsUnits: units === 'keep' };
};
