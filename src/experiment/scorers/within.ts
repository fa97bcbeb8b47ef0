import { faultsOf, oneOf, refuse } from '../../options.ts';
import type { Scorer } from './scorer.ts';

/** How far a number may be off; where both are given, either is enough. */
export interface Tolerance {
  /** By so much, in the unit of the answer. Default 0. */
  readonly absolute?: number;
  /** By so large a share of the expected number: 0.01 is one percent. Default 0. */
  readonly relative?: number;
}

/**
 * Right is a number that is close to the expected one. What is no number is wrong, and so is everything where
 * no number is expected; texts are read as the condition reads answers.
 *
 * @throws {ConfigError} for a tolerance that is no number from 0 on.
 *
 * @example
 * ```ts
 * import { within } from 'crucible-ensemble/experiment';
 *
 * const score = within({ relative: 0.01 });
 * const question = { id: '1', question: 'How high is Mont Blanc, in metres?', expected: 4806 };
 * score(4810, question, { readAnswer: Number }); // => true
 * ```
 */
export const within = (tolerance: Tolerance): Scorer => {
  const amount = oneOf(
    [],
    'a number from 0 on',
    (value) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY,
  );
  refuse(faultsOf('within', tolerance, { absolute: amount, relative: amount }));
  const { absolute = 0, relative = 0 } = tolerance;
  return (answer, { expected }, { readAnswer }) => {
    const [given, right] = [answer, expected].map((value) =>
      typeof value === 'string' ? asNumber(readAnswer(value)) : asNumber(value),
    ) as [number, number];
    // False for what is no number, on either side.
    return Math.abs(given - right) <= Math.max(absolute, relative * Math.abs(right));
  };
};

const asNumber = (value: unknown): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
};
