import type { Form } from './form.ts';
import { type Node, namesIn, operation } from './node.ts';
import { printExpression } from './print-expression.ts';
import {
  add,
  approximate,
  divide,
  isZero,
  multiply,
  negative,
  type Quantity,
  sizeOf,
  whole,
} from './quantity.ts';
import type { Reading } from './reading.ts';
import { samplePoints } from './sample-points.ts';
import { type Point, sampledKey, valueAt } from './sampled.ts';
import { NO_VALUE, stop } from './unreadable.ts';

/**
 * Returns the form of an equation: what y is if the equation is linear in y, or in its only name; otherwise the
 * difference of its sides, up to a factor.
 */
export function equationForm(left: Node, right: Node, reading: Reading): Form {
  const difference = operation('+', left, operation('negative', right));
  const names = namesIn(difference);
  const text = `${printExpression(left)} = ${printExpression(right)}`;
  const sought = names.length === 1 ? names[0] : names.find((name) => name === 'y');
  const unknown = sought !== undefined && mayBeLinear(difference, sought) ? sought : undefined;
  const others = names.filter((name) => name !== unknown);
  const solutions =
    unknown === undefined
      ? []
      : samplePoints(others, difference).map((point) => solution(difference, unknown, point, reading));
  if (unknown !== undefined && solutions.every((value) => value !== undefined)) {
    const key = sampledKey('f', others, solutions, reading);
    // In xy = x, y is 1 only if x is not 0.
    if (others.length > 0 ? key.startsWith('f') : key.endsWith('i')) return { key, text };
    const number = solutions[0]?.re;
    if (others.length === 0 && number !== undefined) return { key, text, number, order: number };
  }
  const values = samplePoints(names, difference).map((point) => valueAt(difference, point, reading));
  const unit = values.find((value) => value !== undefined && !isZero(value));
  if (unit === undefined) return stop(NO_VALUE);
  return {
    key: sampledKey(
      '0',
      names,
      values.map((value) => value && divide(value, unit)),
      reading,
    ),
    text,
  };
}

/** Operations in which a name may stand of a linear equation. Within others, such as |x - 10|, two lines may meet. */
const KEEPS_LINE = /^(?:[+·/°%]|\(\)|inverse|negative)$/;

const mayBeLinear = (tree: Node, name: string): boolean =>
  tree.parts.every((part) => mayBeLinear(part, name)) &&
  (tree.kind !== 'operation' || KEEPS_LINE.test(tree.value) || !namesIn(tree).includes(name));

/** Where the line through two values of an unknown is compared with the equation. */
const THIRD = approximate(2.5);

/** How far, relative to its values, an equation may be from a linear one. */
const TOLERANCE = 1e-9;

/** Returns what an unknown is at a point of the other names; `undefined` if the equation is not linear in it. */
function solution(difference: Node, unknown: string, point: Point, reading: Reading): Quantity | undefined {
  const at = (value: Quantity): Quantity | undefined =>
    valueAt(difference, new Map([...point, [unknown, value]]), reading);
  const [atZero, atOne, atThird] = [at(whole(0)), at(whole(1)), at(THIRD)];
  if (atZero === undefined || atOne === undefined || atThird === undefined) return undefined;
  const slope = add(atOne, negative(atZero));
  const bend = add(atThird, negative(add(atZero, multiply(THIRD, slope))));
  const most = TOLERANCE * Math.max(...[atZero, atOne, atThird].map(sizeOf));
  if (sizeOf(slope) <= most || sizeOf(bend) > most) return undefined;
  // The slope is the difference of larger values: a step from near the solution is more exact.
  const { re, im } = divide(atZero, slope);
  const near = approximate(-re, -im);
  const rest = at(near);
  return rest && add(near, negative(divide(rest, slope)));
}
