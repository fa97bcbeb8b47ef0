/** Says whether one more hedge can be afforded. */
export interface HedgeBucket {
  /** Puts in the share of a hedge that one call earns. */
  readonly earn: () => void;
  /** Takes one hedge out; `false`, and nothing taken, where there is less than one. */
  readonly spend: () => boolean;
}

/** A token bucket that lets at most `maxExtraCalls` hedges pass for each call, and saves up at most `capacity`. */
export const hedgeBucket = (maxExtraCalls: number, capacity = 10): HedgeBucket => {
  let hedges = 0;
  return {
    earn: () => {
      hedges = Math.min(capacity, hedges + maxExtraCalls);
    },
    spend: () => {
      if (hedges < 1) return false;
      hedges -= 1;
      return true;
    },
  };
};
