import { power } from './power.ts';
import {
  add,
  approximate,
  divide,
  exactly,
  exponential,
  isReal,
  isZero,
  logarithm,
  multiply,
  negative,
  type Quantity,
  sizeOf,
  whole,
} from './quantity.ts';
import { rational } from './rational.ts';
import { realFunction } from './real-functions.ts';
import { NO_VALUE, stop } from './unreadable.ts';
import { binomial, common, factorial, floor } from './whole-functions.ts';

/** The values that an operation works with. The parser gives each operation what it takes. */
export type Operands = readonly [Quantity, Quantity, ...Quantity[]];

/** Works out an operation; `isSample` tells that some values stand for names. */
type Operation = (operands: Operands, isSample: boolean) => Quantity;

const HALF = exactly(rational(1n, 2n));

/** The operations by name, but for the functions of one real number. */
const operations: Readonly<Record<string, Operation>> = {
  '()': ([a]) => a,
  '+': (terms) => terms.reduce(add),
  '·': (factors) => factors.reduce(multiply),
  inverse: ([a]) => divide(whole(1), a),
  '/': ([a, b]) => divide(a, b),
  '^': ([a, b]) => power(a, b),
  mixed: ([a, b]) => add(a, b),
  negative: ([a]) => negative(a),
  '√': ([a]) => power(a, HALF),
  root: ([degree, a]) => power(a, divide(whole(1), degree)),
  '!': ([a], isSample) => factorial(a, isSample),
  binom: ([n, k], isSample) => binomial(n, k, isSample),
  abs: ([a]) => absolute(a),
  floor: ([a]) => floor(a),
  ceil: ([a]) => negative(floor(negative(a))),
  exp: ([a]) => exponential(a),
  // A function that is not known has values that depend on its name and on its arguments.
  apply: (values) =>
    values.reduce((total, value) => realFunction('sin', add(multiply(total, value), exponential(total)))),
  ln: ([a]) => logarithm(a),
  log: ([base, a]) => logarithmTo(base, a),
  gcd: (values) => common('gcd', values),
  lcm: (values) => common('lcm', values),
  max: (values) => values.reduce((one, other) => (isBelow(one, other) ? other : one)),
  min: (values) => values.reduce((one, other) => (isBelow(one, other) ? one : other)),
};

/** Works out an operation or a function by its name. */
export const operate: (name: string, ...parameters: Parameters<Operation>) => Quantity = (
  name,
  operands,
  isSample,
) => operations[name]?.(operands, isSample) ?? realFunction(name, operands[0]);

const absolute = (a: Quantity): Quantity => {
  if (isReal(a)) return a.re < 0 ? negative(a) : a;
  return approximate(sizeOf(a), 0, a.error);
};

/** The largest exponent that is looked for behind a logarithm. */
const MOST_EXPONENT = 2000;

/** The logarithm to a base, exact if it is a whole number. */
const logarithmTo = (base: Quantity, a: Quantity): Quantity => {
  const result = divide(logarithm(a), logarithm(base));
  const exponent = Math.round(result.re);
  if (!a.exact || !base.exact || Math.abs(exponent) > MOST_EXPONENT || !isReal(result)) return result;
  if (Math.abs(result.re - exponent) > 1e-9) return result;
  return isZero(add(power(base, whole(exponent)), negative(a))) ? whole(exponent) : result;
};

const isBelow = (one: Quantity, other: Quantity): boolean =>
  isReal(one) && isReal(other) ? one.re < other.re : stop(NO_VALUE);
