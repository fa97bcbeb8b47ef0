import { add, divide, exactly, multiply, negative, type Quantity, SLACK, whole } from './quantity.ts';
import { absolute, floorOf, gcd, isWhole, rational } from './rational.ts';
import { realFunction } from './real-functions.ts';
import { NO_VALUE, stop, TOO_LARGE } from './unreadable.ts';

/** The most factors that are multiplied for a factorial or a binomial. */
const MOST_FACTORS = 400n;

const wholeOf = ({ exact }: Quantity): bigint | undefined =>
  exact !== undefined && isWhole(exact) ? exact.over : undefined;

const productOf = (count: bigint, factor: (index: bigint) => bigint): bigint => {
  if (count > MOST_FACTORS) stop(TOO_LARGE);
  let product = 1n;
  for (let index = 0n; index < count; index++) product *= factor(index);
  return product;
};

const countUpTo = (count: bigint): bigint => productOf(count, (index) => index + 1n);

/** n! of a whole number; Γ(n + 1) where a name stands for the number. */
export function factorial(a: Quantity, isSample: boolean): Quantity {
  const n = wholeOf(a);
  if (n !== undefined && n >= 0n) return whole(countUpTo(n));
  return isSample && n === undefined ? realFunction('gamma', add(a, whole(1))) : stop(NO_VALUE);
}

/** The number of ways to choose k of n. */
export function binomial(n: Quantity, k: Quantity, isSample: boolean): Quantity {
  const [all, chosen] = [wholeOf(n), wholeOf(k)];
  if (all === undefined || chosen === undefined || all < 0n || chosen < 0n) {
    const others = factorial(add(n, negative(k)), isSample);
    return divide(factorial(n, isSample), multiply(factorial(k, isSample), others));
  }
  const fewer = chosen < all - chosen ? chosen : all - chosen;
  return whole(fewer < 0n ? 0 : productOf(fewer, (index) => all - index) / countUpTo(fewer));
}

/** Rounds down; a value within its rounding error of a whole number is that number. */
export function floor(a: Quantity): Quantity {
  if (a.exact !== undefined) return whole(floorOf(a.exact));
  const near = Math.round(a.re);
  if (a.im !== 0 || !Number.isSafeInteger(near)) stop(NO_VALUE);
  return whole(Math.abs(a.re - near) <= SLACK * a.error ? near : Math.floor(a.re));
}

/** The greatest common divisor, or the least common multiple. */
export const common = (name: string, values: readonly Quantity[]): Quantity =>
  exactly(
    rational(
      values
        .map((value) => wholeOf(value) ?? stop(NO_VALUE))
        .reduce((one, other) => {
          const divisor = gcd(one, other);
          return name === 'gcd' || divisor === 0n ? divisor : absolute(one * other) / divisor;
        }),
    ),
  );
