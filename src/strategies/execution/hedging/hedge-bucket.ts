/** Says whether one more extra call can be afforded. */
export interface HedgeBucket {
  /** Puts in the share of an extra call that one call earns. */
  readonly earn: () => void;
  /** Takes one extra call out; `false`, and nothing taken, where there is less than one. */
  readonly spend: () => boolean;
  /** Whether there is one to take. */
  readonly holdsOne: () => boolean;
  /** Notes what is saved up, and yields what puts that back. */
  readonly note: () => () => void;
}

/** How many extra calls are saved up at the most, so that a long calm does not pay for a storm. */
const CAPACITY = 10;

/** Shares are not exact: twenty times 0.05 is to be one. */
const ALMOST_ONE = 1 - 1e-9;

/** A token bucket that lets at most `share` extra calls pass for each call, and what it has saved up, or starts with. */
export const hedgeBucket = (
  share: number,
  { capacity = CAPACITY, isFull = false }: { readonly capacity?: number; readonly isFull?: boolean } = {},
): HedgeBucket => {
  let saved = isFull ? capacity : 0;
  const holdsOne = (): boolean => saved >= ALMOST_ONE;
  return {
    earn: () => {
      saved = Math.min(capacity, saved + share);
    },
    spend: () => {
      if (!holdsOne()) return false;
      saved -= 1;
      return true;
    },
    holdsOne,
    note: () => {
      const was = saved;
      return () => {
        saved = was;
      };
    },
  };
};
