import type { Node } from './node.ts';
import { type Operands, operate } from './operations.ts';
import { approximate, divide, exactly, multiply, type Quantity, whole } from './quantity.ts';
import { bitsOf, parseDecimal } from './rational.ts';
import { isTrigonometric } from './real-functions.ts';
import { NO_VALUE, NOTATION, stop, TOO_LARGE, TOO_LONG } from './unreadable.ts';

/** What an evaluation knows, and how much it may still do. */
export interface Evaluation {
  /** The values of the names; `undefined` for an expression without names. */
  readonly values?: ReadonlyMap<string, Quantity>;
  /** Whether a percent sign divides by 100. */
  readonly dividesPercent: boolean;
  /** Whether a degree sign counts, as it does only within sine, cosine and tangent. */
  readonly readsDegrees?: boolean;
  readonly steps: Steps;
}

/** How many steps are left. */
export interface Steps {
  left: number;
}

/** The steps that an answer may take. An operation on doubles is one. */
export const MOST_STEPS = 60_000;

/** Exact arithmetic with so many bits is one more step; the steps grow with the square. */
const BITS_OF_STEP = 32;

const constants: Readonly<Record<string, Quantity>> = {
  π: approximate(Math.PI),
  e: approximate(Math.E),
  i: approximate(0, 1),
};

const RADIANS_OF_DEGREE = divide(approximate(Math.PI), whole(180));

/** Returns the value of an expression. Reading stops if it has none, or takes more than the steps that are left. */
export function evaluate(tree: Node, evaluation: Evaluation): Quantity {
  const { value, parts } = tree;
  const within = isTrigonometric(value) ? { ...evaluation, readsDegrees: true } : evaluation;
  const operands = parts.map((part) => evaluate(part, within)) as unknown as Operands;
  const result = resultOf(tree, operands, evaluation);
  spend(result, evaluation.steps);
  return result;
}

const spend = ({ exact }: Quantity, steps: Steps): void => {
  const bits = exact === undefined ? 0 : bitsOf(exact.over) + bitsOf(exact.under);
  steps.left -= 1 + (bits / BITS_OF_STEP) ** 2;
  if (steps.left < 0) stop(TOO_LONG);
};

function resultOf({ kind, value }: Node, operands: Operands, evaluation: Evaluation): Quantity {
  const [first] = operands;
  switch (kind) {
    case 'number':
      return exactly(parseDecimal(value) ?? stop(TOO_LARGE));
    case 'constant':
      return constants[value] ?? stop(NOTATION);
    case 'name':
      return evaluation.values?.get(value) ?? stop(NO_VALUE);
    case 'unit':
      return first;
    case 'operation':
      if (value === '°') return evaluation.readsDegrees ? multiply(first, RADIANS_OF_DEGREE) : first;
      if (value === '%') return evaluation.dividesPercent ? divide(first, whole(100)) : first;
      return operate(value, operands, evaluation.values !== undefined);
    default:
      return stop(NOTATION);
  }
}
