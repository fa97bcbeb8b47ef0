import { distance } from 'fastest-levenshtein';
import { reading } from '../options.ts';

/**
 * Returns the similarity of two texts: 1 − Levenshtein distance / length of the longer one, from 0 (nothing in common)
 * to 1 (the same). Ignores case and outer white space. Two empty texts are the same. Quadratic in the length.
 *
 * @example
 * ```ts
 * import { textSimilarity } from 'crucible-ensemble';
 *
 * textSimilarity('Paris', ' paris '); // => 1
 * textSimilarity('kitten', 'sitten') > 0.8; // => true
 * ```
 */
export const textSimilarity = (a: string, b: string): number => {
  return reading('textSimilarity', () => {
    const [first, second] = [a.trim().toLowerCase(), b.trim().toLowerCase()];
    const longer = Math.max(first.length, second.length);
    return longer === 0 ? 1 : 1 - distance(first, second) / longer;
  });
};
