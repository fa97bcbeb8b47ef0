import { Observable } from 'rxjs';
import { BudgetExceededError } from '../domain/errors.ts';
import { formatUsd } from '../rendering/amounts.ts';
import type { CapLedger, Settle } from './cap-ledger.ts';

/**
 * Reserves an amount in all caps or in none, and emits how to settle it. Waits in the line of a cap that is full, and
 * fails with `BudgetExceededError` if a cap has too little left.
 */
export const reservedIn = (caps: readonly CapLedger[], usd: number, model: string): Observable<Settle> =>
  new Observable((subscriber) => {
    let leaveLine: (() => void) | undefined;
    /** Reserves, fails, or joins the line of another cap. Returns whether this is the end of the wait at `turnAt`. */
    const enter = (turnAt?: CapLedger): boolean => {
      const spent = caps.find((cap) => cap.fits(usd) === 'never');
      if (spent !== undefined) {
        subscriber.error(new BudgetExceededError(model, shortage(spent, usd), usd));
        return true;
      }
      const full = caps.find((cap) => cap.fits(usd) === 'later' || (cap !== turnAt && !cap.line.isEmpty()));
      if (full === undefined) {
        subscriber.next(reserveInAll(caps, usd));
        subscriber.complete();
        return true;
      }
      if (full === turnAt) return false;
      leaveLine = full.line.join({ tryEnter: () => enter(full) });
      return true;
    };
    subscriber.add(() => leaveLine?.());
    if (!subscriber.closed) enter();
  });

/** Reserves an amount in all caps if no call waits for any of them; otherwise, returns `undefined`. */
export const reserveAtOnce = (caps: readonly CapLedger[], usd: number): Settle | undefined =>
  caps.every((cap) => cap.fits(usd) === 'now' && cap.line.isEmpty()) ? reserveInAll(caps, usd) : undefined;

/** Reserves an amount in all caps at once. Returns how to settle it; an error if a cap has too little left now. */
export const reserveNow = (
  caps: readonly CapLedger[],
  usd: number,
  model: string,
): Settle | BudgetExceededError => {
  const full = caps.find((cap) => cap.fits(usd) !== 'now');
  return full === undefined
    ? reserveInAll(caps, usd)
    : new BudgetExceededError(model, shortage(full, usd), usd);
};

const reserveInAll = (caps: readonly CapLedger[], usd: number): Settle => {
  const settles = caps.map((cap) => cap.reserve(usd));
  return (costUsd) => {
    for (const settle of settles) settle(costUsd);
  };
};

const shortage = (cap: CapLedger, usd: number): string => {
  const leftUsd = cap.maxUsd - cap.spentUsd();
  const reserved = cap.fits(usd) === 'later' ? `, and ${formatUsd(cap.reservedUsd())} of it is reserved` : '';
  return `may cost ${formatUsd(usd)}, but only ${formatUsd(Math.max(0, leftUsd))} of ${formatUsd(cap.maxUsd)} is left${reserved}`;
};
