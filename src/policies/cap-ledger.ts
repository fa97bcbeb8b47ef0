import { slidingWindow } from '../time/sliding-window.ts';
import { createWaitingLine, type WaitingLine } from './waiting-line.ts';

/** Settles a reservation with the actual cost in USD. Only the first call has an effect. */
export type Settle = (costUsd: number) => void;

/** The account behind a spending cap: what has been spent, what is reserved, and the calls that wait. */
export interface CapLedger {
  readonly maxUsd: number;
  /** The money spent, in USD; with a window, within it. */
  spentUsd(): number;
  /** The most that the calls in flight may still cost, in USD. */
  reservedUsd(): number;
  /** Whether an amount can be reserved: now, after other calls have been settled, or never. */
  fits(usd: number): 'now' | 'later' | 'never';
  /** Reserves an amount, whether or not it fits. */
  reserve(usd: number): Settle;
  /** The calls that wait until others have been settled. */
  readonly line: WaitingLine;
}

/** Amounts are counted in whole billionths of a dollar, so that no sum of many costs drifts past a cap. */
const UNITS = 1e9;

/** Rounds up, but not for the rounding error of a product. */
const unitsOf = (usd: number): number => Math.ceil(usd * UNITS - 1e-3);

/** Creates the account of a cap for every stretch of `windowMs`, which may be `Infinity`. */
export const createCapLedger = (maxUsd: number, windowMs: number): CapLedger => {
  const max = Math.floor(maxUsd * UNITS + 1e-3);
  const line = createWaitingLine();
  const window = slidingWindow({ windowMs, counts: 'atLeast', makeSlice: () => ({ spent: 0 }) });
  const spent = (): number => window.total((slice) => slice.spent);
  let reserved = 0;
  return {
    maxUsd,
    spentUsd: () => spent() / UNITS,
    reservedUsd: () => reserved / UNITS,
    fits(usd) {
      const left = max - spent() - unitsOf(usd);
      if (left < 0) return 'never';
      return left < reserved ? 'later' : 'now';
    },
    reserve(usd) {
      const units = unitsOf(usd);
      reserved += units;
      let isSettled = false;
      return (costUsd) => {
        if (isSettled) return;
        isSettled = true;
        reserved -= units;
        // A cost that is not a number counts as 0, because the sum would stay NaN.
        if (costUsd > 0) window.current().spent += unitsOf(costUsd);
        line.advanceSoon();
      };
    },
    line,
  };
};
