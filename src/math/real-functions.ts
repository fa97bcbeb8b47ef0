import { approximate, isReal, type Quantity } from './quantity.ts';
import { NO_VALUE, NOTATION, stop } from './unreadable.ts';

/** The functions of a real number, by name. */
const functions: Readonly<Record<string, (x: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  cot: (x) => 1 / Math.tan(x),
  sec: (x) => 1 / Math.cos(x),
  csc: (x) => 1 / Math.sin(x),
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  gamma,
};

/** Whether a function takes an angle, which may be in degrees. */
export const isTrigonometric = (name: string): boolean => /^(?:sin|cos|tan|cot|sec|csc)$/.test(name);

/** The most that a value of a function is: beyond is a pole, in doubles. */
const POLE = 1e14;

/** Returns a function of a real number; its error is how much the value changes within that of the argument. */
export function realFunction(name: string, a: Quantity): Quantity {
  const apply = functions[name];
  if (apply === undefined) return stop(NOTATION);
  if (!isReal(a)) return stop(NO_VALUE);
  const value = apply(a.re);
  if (Number.isNaN(value) || Math.abs(value) > POLE) stop(NO_VALUE);
  // Near an end of its domain the function of an exact value would seem to be far off.
  const steps = a.exact === undefined ? [a.error, -a.error] : [];
  const beside = steps.map((step) => Math.abs(apply(a.re + step) - value)).filter(Number.isFinite);
  return approximate(value, 0, Math.max(...beside, Number.EPSILON * Math.abs(value)));
}

/** From here on Stirling's series has the digits of a double. */
const LARGE = 32;

/** The gamma function, which continues the factorial: n! = Γ(n + 1). Source: Stirling's series, after steps of Γ(x + 1) = xΓ(x). */
function gamma(x: number): number {
  if (x < -LARGE) return Number.NaN;
  let [large, product] = [x, 1];
  while (large < LARGE) product *= large++;
  const series = 1 / (12 * large) - 1 / (360 * large ** 3) + 1 / (1260 * large ** 5);
  return (Math.sqrt((2 * Math.PI) / large) * (large / Math.E) ** large * Math.exp(series)) / product;
}
