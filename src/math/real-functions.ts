import { approximate, isReal, type Quantity } from './quantity.ts';
import { stop } from './unreadable.ts';

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
  if (apply === undefined) return stop(`the function ${name} is not read`);
  if (!isReal(a)) return stop(`it has the ${name} of a complex number`);
  const value = apply(a.re);
  if (Number.isNaN(value) || Math.abs(value) > POLE) stop(`it has no ${name} at this place`);
  // Near an end of its domain the function of an exact value would seem to be far off.
  const steps = a.exact === undefined ? [a.error, -a.error] : [];
  const beside = steps.map((step) => Math.abs(apply(a.re + step) - value)).filter(Number.isFinite);
  return approximate(value, 0, Math.max(...beside, Number.EPSILON * Math.abs(value)));
}

/** Coefficients of Lanczos' approximation for g = 7. */
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** The gamma function, which continues the factorial: n! = Γ(n + 1). Source: Lanczos, A precision approximation, 1964. */
function gamma(x: number): number {
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const sum = LANCZOS.reduce(
    (total, coefficient, index) => total + coefficient / (x + index),
    0.9999999999998099,
  );
  const t = x + 6.5;
  return Math.sqrt(2 * Math.PI) * t ** (x - 0.5) * Math.exp(-t) * sum;
}
