import { isIncomplete } from '../experiment/left-out.ts';
import type { ConditionComparison, Scorecard } from '../experiment/scorecard/scorecard.ts';
import type { Estimate } from '../experiment/statistics/interval.ts';
import { counted, formatPercent, formatPValue, percentFigure } from '../rendering/amounts.ts';
import { measuredAccuracy } from './summary.ts';

/** The probability below which a difference is taken for real. */
const LEVEL = 0.05;

/** The maximum number of differing pairs that a verdict names. */
const MAX_PAIRS = 3;

/** A pair of conditions that differ beyond chance. */
interface Difference {
  readonly better: string;
  readonly worse: string;
  /** How much better, from 0 to 1, with its interval. */
  readonly by: Estimate;
}

/** Says in a sentence or two what an experiment shows: which conditions differ beyond chance, by how much. */
export const verdictOf = (scorecard: Scorecard): string => {
  const { conditions, comparisons } = scorecard;
  const left = conditions.filter((score) => isIncomplete(score)).map(({ condition }) => condition);
  const withheld =
    left.length === 0
      ? ''
      : ` ${left.join(', ')}: no verdict, because calls failed or are missing for more than 5 % of the questions.`;
  if (comparisons.length === 0) return `${aloneIn(scorecard)}${withheld}`;
  const differences = comparisons.flatMap(differenceIn);
  const others = comparisons.length - differences.length;
  if (differences.length === 0) {
    const least = Math.min(...comparisons.map(({ adjustedPValue }) => adjustedPValue));
    const pairs = others === 1 ? 'The two conditions do not differ' : 'No two conditions differ';
    return `${pairs} beyond chance (p = ${formatPValue(least)}${others === 1 ? '' : ` at least, of ${others} pairs`}).${withheld}`;
  }
  const rest =
    others === 0
      ? ''
      : ` ${others === 1 ? 'The other pair does' : `The other ${others} pairs do`} not differ beyond chance.`;
  return `${extremeIn(differences, conditions.length) ?? listOf(differences)}.${rest}${withheld}`;
};

/** The verdict about conditions that are not compared. */
const aloneIn = ({ conditions }: Scorecard): string => {
  const [only] = conditions;
  const accuracy = only && measuredAccuracy(only);
  if (only === undefined || conditions.length > 1 || accuracy === undefined)
    return 'Nothing can be compared.';
  return `${only.condition} is right on ${formatPercent(accuracy.value)} of ${counted(only.labelled, 'question')} (${percentFigure(accuracy.low)} to ${percentFigure(accuracy.high)}).`;
};

const differenceIn = ({ first, second, adjustedPValue, difference }: ConditionComparison): Difference[] => {
  if (difference === undefined || !(adjustedPValue < LEVEL)) return [];
  const { value, low, high } = difference;
  return value > 0
    ? [{ better: second, worse: first, by: difference }]
    : [{ better: first, worse: second, by: { value: -value, low: -high, high: -low } }];
};

/** Names the one condition that is better, or worse, than each other one. */
const extremeIn = (differences: readonly Difference[], conditions: number): string | undefined => {
  if (conditions < 3) return undefined;
  for (const [side, word] of [
    ['worse', 'worse'],
    ['better', 'better'],
  ] as const) {
    for (const [name, own] of Map.groupBy(differences, (difference) => difference[side])) {
      if (own.length !== conditions - 1 || own.length !== differences.length) continue;
      const [least] = own.toSorted((one, other) => one.by.value - other.by.value);
      if (least !== undefined)
        return `${name} is ${word} than every other condition, by ${points(least.by)} or more`;
    }
  }
  return undefined;
};

const listOf = (differences: readonly Difference[]): string => {
  const largest = differences.toSorted((one, other) => other.by.value - one.by.value);
  const named = largest
    .slice(0, MAX_PAIRS)
    .map(({ better, worse, by }) => `${better} is better than ${worse} by ${points(by)}`);
  const more = largest.length - named.length;
  return `${named.join('; ')}${more === 0 ? '' : `; and ${counted(more, 'more pair')} differ${more === 1 ? 's' : ''}`}`;
};

const points = ({ value, low, high }: Estimate): string =>
  `${percentFigure(value)} points (${percentFigure(low)} to ${percentFigure(high)})`;
