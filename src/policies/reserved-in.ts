import { Observable } from 'rxjs';
import { BudgetExceededError } from '../domain/errors.ts';
import { shownCost } from '../rendering/amounts.ts';
import type { SpendingCap } from './spending-cap.ts';

/** Reserves in all caps or in none, in its turn; emits how to settle. */
export const reservedIn = (
  caps: readonly SpendingCap[],
  usd: number,
  model: string,
): Observable<(costUsd: number) => void> =>
  new Observable((subscriber) => {
    let waiting: { readonly leave: () => void } | undefined;
    /** Whether this is over at the cap whose turn it is, or at none. */
    const enter = (turnAt?: SpendingCap): boolean => {
      const spent = caps.find((cap) => cap.fits(usd) === 'never');
      if (spent !== undefined) {
        waiting = undefined;
        subscriber.error(new BudgetExceededError(model, shortOf(spent, usd), usd));
        return true;
      }
      const full = caps.find((cap) => cap.fits(usd) === 'later' || (cap !== turnAt && cap.isWaitedFor()));
      if (full === undefined) {
        waiting = undefined;
        const settles = caps.map((cap) => cap.reserve(usd));
        subscriber.next((costUsd) => {
          for (const settle of settles) settle(costUsd);
        });
        subscriber.complete();
        return true;
      }
      if (full === turnAt) return false;
      waiting = full.wait(() => enter(full));
      return true;
    };
    subscriber.add(() => waiting?.leave());
    if (!subscriber.closed) enter();
  });

const shortOf = (cap: SpendingCap, usd: number): string =>
  `may cost ${shownCost(usd)}, and ${shownCost(Math.max(0, cap.maxUsd - cap.spentUsd()))} of ${shownCost(cap.maxUsd)} is left`;
