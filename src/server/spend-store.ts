/** Keeps what each key has spent, by period. It may keep it across restarts. Both methods return at once, not by a promise. */
export interface SpendStore {
  /** Adds a cost in USD to what a key has spent in a period, such as `2026-11-30` or `2026-11`. */
  add(key: string, period: string, usd: number): void;
  /** Returns what a key has spent in a period, in USD; 0 if nothing. */
  spent(key: string, period: string): number;
}

/** Returns a store that lasts as long as the process. */
export const memorySpendStore = (): SpendStore => {
  const sums = new Map<string, number>();
  const place = (key: string, period: string): string => JSON.stringify([key, period]);
  return {
    add(key, period, usd) {
      sums.set(place(key, period), (sums.get(place(key, period)) ?? 0) + usd);
    },
    spent: (key, period) => sums.get(place(key, period)) ?? 0,
  };
};
