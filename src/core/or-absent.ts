import { type Check, hasMethods } from '../options.ts';

/** Accepts what a check accepts, and `undefined`. */
export const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

/** Accepts a value with these methods. */
export const withMethods =
  (expected: string, ...names: readonly string[]): Check =>
  (value) =>
    hasMethods(value, ...names) ? undefined : expected;
