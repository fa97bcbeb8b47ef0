/** Neighbours with a common mean. */
export interface Block {
  /** The number of items in the block. */
  readonly length: number;
  readonly weight: number;
  readonly mean: number;
}

/**
 * Isotonic regression: the means that never fall and are the closest to the given ones, by weighted least squares.
 * Neighbours that fall are pooled until all means rise or stay level.
 *
 * The pool-adjacent-violators algorithm: Ayer, Brunk, Ewing, Reid and Silverman, Annals of Mathematical Statistics 26
 * (1955); de Leeuw, Hornik and Mair, Journal of Statistical Software 32 (2009). Linear in the items.
 */
export const isotonicBlocks = (
  items: readonly { readonly weight: number; readonly mean: number }[],
): readonly Block[] => {
  const blocks: Block[] = [];
  for (const { weight, mean } of items) {
    let block: Block = { length: 1, weight, mean };
    for (let last = blocks.at(-1); last !== undefined && last.mean >= block.mean; last = blocks.at(-1)) {
      blocks.pop();
      block = pool(last, block);
    }
    blocks.push(block);
  }
  return blocks;
};

/** Merges two neighbours. */
export const pool = (one: Block, other: Block): Block => {
  const weight = one.weight + other.weight;
  return {
    length: one.length + other.length,
    weight,
    mean: (one.weight * one.mean + other.weight * other.mean) / weight,
  };
};
