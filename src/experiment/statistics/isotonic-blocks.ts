/** Neighbours that share one mean. */
export interface Block {
  /** How many of the given items are in it. */
  readonly length: number;
  readonly weight: number;
  readonly mean: number;
}

/**
 * The means that never fall and are the nearest to the given ones, by the squares of the distances times the
 * weights: neighbours that fall are pooled until none do.
 *
 * The pool-adjacent-violators algorithm: Ayer, Brunk, Ewing, Reid and Silverman, Annals of Mathematical
 * Statistics 26 (1955); de Leeuw, Hornik and Mair, Journal of Statistical Software 32 (2009). Linear in the items.
 */
export const isotonicBlocks = (
  items: readonly { readonly weight: number; readonly mean: number }[],
): readonly Block[] => {
  const blocks: Block[] = [];
  for (const { weight, mean } of items) {
    let block: Block = { length: 1, weight, mean };
    for (let last = blocks.at(-1); last !== undefined && last.mean >= block.mean; last = blocks.at(-1)) {
      blocks.pop();
      block = pooled(last, block);
    }
    blocks.push(block);
  }
  return blocks;
};

/** Two neighbours as one. */
export const pooled = (one: Block, other: Block): Block => {
  const weight = one.weight + other.weight;
  return {
    length: one.length + other.length,
    weight,
    mean: (one.weight * one.mean + other.weight * other.mean) / weight,
  };
};
