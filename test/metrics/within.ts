import { expect } from 'vitest';

/** Asserts that a quantile is as exact as promised: off by at most this share of the exact one, or missing like it. */
export const within = (actual: number | undefined, exact: number | undefined, share: number): void => {
  if (actual === undefined || exact === undefined) expect(actual).toBe(exact);
  else expect(Math.abs(actual - exact)).toBeLessThanOrEqual(exact * (share + 1e-9));
};
