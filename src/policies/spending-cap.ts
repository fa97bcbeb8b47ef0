import { type Check, checked, durationMs, required, suchThat } from '../options.ts';
import { type CapLedger, createCapLedger } from './cap-ledger.ts';

/** The size of a {@link SpendingCap}. */
export interface SpendingCapOptions {
  /** The most that may be spent, in USD: above 0 up to 1,000,000. */
  readonly maxUsd: number;
  /** The length of any stretch of time that the cap is for, in milliseconds above 0. Default: unlimited. */
  readonly windowMs?: number | undefined;
}

/** A sum of money that policies and ensembles share. */
export interface SpendingCap {
  readonly maxUsd: number;
  /** The money spent, in USD; with `windowMs`, within the window. */
  spentUsd(): number;
  /** The most that the calls in flight may still cost, in USD. */
  reservedUsd(): number;
}

/** What caps hold for the budgets that share them. Kept apart, so that users see only what they may read. */
const ledgers = new WeakMap<object, CapLedger>();

/** Returns the ledger of a cap that {@link spendingCap} made; `undefined` for any other value. */
export const ledgerOf = (cap: unknown): CapLedger | undefined => ledgers.get(Object(cap));

/** An amount that a cap can have. */
export const usdAmount: Check = suchThat(
  'a number of USD above 0 up to 1000000',
  (value) => typeof value === 'number' && value > 0 && value <= 1e6,
);

/**
 * Creates a cap for {@link budget}, to be shared by any number of policies and ensembles. It keeps its state as long as it
 * exists.
 *
 * A cost is known only after the call. So the most that a call may cost is reserved before the call, and the rest is
 * released when it has ended. The sum of spent and reserved never exceeds the cap, unless a call costs more than was
 * reserved. With `windowMs`, this holds for every period of that length; old spending expires in tenths of it. Sets no
 * timer.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { budget, spendingCap } from 'crucible-ensemble/policies';
 *
 * const cap = spendingCap({ maxUsd: 1 });
 * const pricing = { priceOf: () => ({ usd: 0.25 }), countTokens: (text: string) => text.length };
 * const paris = defineModel('paris', () => 'Paris');
 * const models = [budget({ caps: [cap], maxOutputTokens: 100, pricing })(paris)];
 * await createEnsemble({ models }).predict('What is the capital of France?');
 * [cap.spentUsd(), cap.reservedUsd()]; // => [0.25, 0]
 * ```
 */
export const spendingCap = (options: SpendingCapOptions): SpendingCap => {
  const { maxUsd, windowMs } = checked('spendingCap', options, {
    maxUsd: required(usdAmount),
    windowMs: [durationMs, Number.POSITIVE_INFINITY],
  });
  const ledger = createCapLedger(maxUsd, windowMs);
  const { spentUsd, reservedUsd } = ledger;
  const cap = { maxUsd, spentUsd, reservedUsd };
  ledgers.set(cap, ledger);
  return cap;
};
