/** Tokens that are earned in parts and spent one at a time. */
export interface TokenBucket {
  /** Puts tokens in, up to the capacity. */
  earn(tokens: number): void;
  /** Takes one token; returns `false`, and takes nothing, if there is less than one. */
  spend(): boolean;
  /** Takes one token. An empty bucket owes it, up to `mostOwed` tokens. */
  charge(): void;
  /** How many tokens are in the bucket; negative if it owes some. */
  level(): number;
  holdsOne(): boolean;
  /** Takes a snapshot and returns a function that restores it. */
  snapshot(): () => void;
}

/** Options of {@link tokenBucket}. */
export interface TokenBucketOptions {
  readonly capacity: number;
  /** How many tokens are in it at the beginning. Default: `capacity`. */
  readonly level?: number;
  /** The maximum number of tokens that it may owe. Default 0. */
  readonly mostOwed?: number;
}

/** Sums of parts are not exact: twenty times 0.05 counts as one. */
const ALMOST_ONE = 1 - 1e-9;

/** Creates a token bucket. Sets no timer: its owner says what is earned. */
export const tokenBucket = (options: TokenBucketOptions): TokenBucket => {
  const { capacity, mostOwed = 0 } = options;
  let level = options.level ?? capacity;
  const holdsOne = (): boolean => level >= ALMOST_ONE;
  return {
    earn(tokens) {
      level = Math.min(capacity, level + tokens);
    },
    spend() {
      if (!holdsOne()) return false;
      level -= 1;
      return true;
    },
    charge() {
      level = Math.max(-mostOwed, level - 1);
    },
    level: () => level,
    holdsOne,
    snapshot() {
      const before = level;
      return () => {
        level = before;
      };
    },
  };
};
