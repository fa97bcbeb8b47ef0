import { type Check, faultsOf, MAX_DELAY_MS, refuse } from '../options.ts';
import { slidingWindow } from '../time/sliding-window.ts';
import { createWaitingLine } from './waiting-line.ts';

/** How much may be spent. */
export interface SpendingCapOptions {
  /** The most that may be spent, in USD: above 0 up to a million. */
  readonly maxUsd: number;
  /** The time in which it may be spent, in milliseconds, whenever that begins. Default: for good. */
  readonly windowMs?: number | undefined;
}

/** A sum of money that policies share: what is spent of it, and what calls that are out may still cost. */
export interface SpendingCap {
  readonly maxUsd: number;
  /** What has been spent, in USD; within the window, where there is one. */
  spentUsd(): number;
  /** What the calls that are out may cost at the most, in USD. */
  reservedUsd(): number;
  /** Whether so much can be reserved: now, once others have been settled, or never. */
  fits(usd: number): 'now' | 'later' | 'never';
  /** Reserves so much, whether or not it fits; the call is settled, once, with what it did cost. */
  reserve(usd: number): (costUsd: number) => void;
  /** Waits until others have been settled; `enter` is called in turn, and says whether the wait is over. */
  wait(enter: () => boolean): { readonly leave: () => void };
  /** Whether somebody waits, who is to come first. */
  isWaitedFor(): boolean;
}

/** Money is counted in whole billionths of a dollar, so that no sum of many costs drifts past a cap. */
const UNITS = 1e9;

/** Rounded up, but for what is only the noise of a product. */
const unitsOf = (usd: number): number => Math.ceil(usd * UNITS - 1e-3);

/**
 * A cap for {@link budget}, for one or many policies and ensembles. Its state lives as long as it does.
 *
 * What is spent is known only afterwards, so the most that a call may cost is reserved before it, and the rest set
 * free when it has ended. Spent and reserved together never pass the cap, unless a call costs more than its most.
 * With `windowMs` this holds for every stretch of that length; spent money is forgotten by tenths of it. No timers.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { spendingCap } from 'crucible-ensemble/policies';
 *
 * const cap = spendingCap({ maxUsd: 1 });
 * const settle = cap.reserve(0.75);
 * cap.fits(0.5); // => 'later'
 * settle(0.25);
 * [cap.fits(0.5), cap.fits(0.8), cap.spentUsd()]; // => ['now', 'never', 0.25]
 * ```
 */
export const spendingCap = (options: SpendingCapOptions): SpendingCap => {
  refuse([
    ...faultsOf('spendingCap', options, { maxUsd: usdAmount, windowMs: lengthMs }),
    ...(options?.maxUsd === undefined ? ['spendingCap: option "maxUsd" is missing'] : []),
  ]);
  const { maxUsd, windowMs = Number.POSITIVE_INFINITY } = options;
  const max = Math.floor(maxUsd * UNITS + 1e-3);
  const line = createWaitingLine();
  let reserved = 0;
  const window = slidingWindow({ windowMs, counts: 'atLeast', makeSlice: () => ({ spent: 0 }) });
  const spent = (): number => window.total((slice) => slice.spent);

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
        if (costUsd > 0) window.current().spent += unitsOf(costUsd);
        line.advanceSoon();
      };
    },
    wait: (enter) => ({ leave: line.join({ tryEnter: enter }) }),
    isWaitedFor: () => !line.isEmpty(),
  };
};

/** An amount that a cap can be. */
export const usdAmount: Check = (value) =>
  typeof value === 'number' && value > 0 && value <= 1e6
    ? undefined
    : 'a number of USD above 0 up to 1000000';

const lengthMs: Check = (value) =>
  typeof value === 'number' && value > 0 && value <= MAX_DELAY_MS
    ? undefined
    : `a number of milliseconds above 0 up to ${MAX_DELAY_MS}`;
