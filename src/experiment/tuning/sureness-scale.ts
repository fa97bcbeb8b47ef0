/** How sure a voter is of the ballots that it was fitted on, as a scale between sureness and shares of ballots. */
export interface SurenessScale {
  /** The different shares of ballots that can be accepted, in ascending order. */
  readonly shares: readonly number[];
  /**
   * Returns the sureness from which the voter accepts about this share of its own ballots: never fewer than the surest of
   * them. It lies halfway between two levels, so that a rounding error does not decide. 0 accepts every answer.
   */
  acceptFrom(share: number): number;
}

/** Makes the scale of a voter from its sureness of each of its own ballots, below 0 if it has no answer. */
export const surenessScale = (surenesses: readonly number[]): SurenessScale => {
  const sorted = surenesses.filter((sureness) => sureness >= 0).toSorted((a, b) => b - a);
  const shares: number[] = [];
  const thresholds: number[] = [];
  sorted.forEach((sureness, index) => {
    const next = sorted[index + 1];
    if (next !== undefined && sureness - next <= EQUAL) return;
    shares.push((index + 1) / surenesses.length);
    thresholds.push(next === undefined ? 0 : (sureness + next) / 2);
  });
  return {
    shares,
    acceptFrom(share) {
      const place = Math.min(firstFrom(shares, share), shares.length - 1);
      const below = place - 1;
      const isBelowNearer = below >= 0 && share - (shares[below] ?? 0) <= (shares[place] ?? 0) - share;
      return thresholds[isBelowNearer ? below : place] ?? 0;
    },
  };
};

/** The largest difference of two surenesses that is a rounding error. */
const EQUAL = 1e-12;

/** Returns the place of the first of ascending numbers that is at least as large; otherwise their count. */
const firstFrom = (ascending: readonly number[], least: number): number => {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) >= least) high = middle;
    else low = middle + 1;
  }
  return low;
};
