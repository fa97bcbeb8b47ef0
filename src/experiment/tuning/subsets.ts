import { combinations } from 'simple-statistics';
import type { Draw } from '../../models/random.ts';
import { combinationCount } from '../statistics/panels-of.ts';

/**
 * Returns different subsets of 0 to size - 1, each in ascending order: all of them if there are at most `most`. Otherwise all
 * single ones, the whole set, all subsets of each size from the smallest up while they fit, and a random draw of the rest.
 */
export const subsets = (size: number, most: number, draw: Draw): readonly (readonly number[])[] => {
  const found = new Map<string, readonly number[]>();
  const add = (members: readonly number[]): void => {
    found.set(members.join(), members);
  };
  const everybody = Array.from({ length: size }, (_, index) => index);
  for (const member of everybody) add([member]);
  add(everybody);
  for (let chosen = 2; chosen < size && found.size + combinationCount(size, chosen) <= most; chosen += 1) {
    for (const members of combinations(everybody, chosen)) add(members);
  }
  // Each subset is drawn sooner or later, because each size that is drawn still has subsets that are missing.
  const total = 2 ** size - 1;
  for (let tries = 0; found.size < Math.min(most, total) && tries < 20 * most; tries += 1) {
    const chosen = 2 + Math.floor(draw() * (size - 2));
    add(drawn(everybody, chosen, draw));
  }
  return Array.from(found.values());
};

const drawn = (items: readonly number[], chosen: number, draw: Draw): number[] =>
  items
    .map((item) => ({ item, priority: draw() }))
    .sort((a, b) => a.priority - b.priority)
    .slice(0, chosen)
    .map(({ item }) => item)
    .sort((a, b) => a - b);
