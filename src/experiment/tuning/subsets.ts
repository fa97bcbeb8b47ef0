import type { Draw } from '../../models/random.ts';

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
  for (let chosen = 2; chosen < size && found.size + combinations(size, chosen) <= most; chosen += 1) {
    for (const members of choose(everybody, chosen)) add(members);
  }
  // Each subset is drawn sooner or later, because each size that is drawn still has subsets that are missing.
  const total = 2 ** size - 1;
  for (let tries = 0; found.size < Math.min(most, total) && tries < 20 * most; tries += 1) {
    const chosen = 2 + Math.floor(draw() * (size - 2));
    add(drawn(everybody, chosen, draw));
  }
  return Array.from(found.values());
};

const combinations = (size: number, chosen: number): number => {
  let count = 1;
  for (let index = 0; index < chosen; index += 1) count = (count * (size - index)) / (index + 1);
  return Math.round(count);
};

const choose = (items: readonly number[], chosen: number): number[][] =>
  chosen === 0
    ? [[]]
    : items.flatMap((item, index) =>
        choose(items.slice(index + 1), chosen - 1).map((others) => [item, ...others]),
      );

const drawn = (items: readonly number[], chosen: number, draw: Draw): number[] =>
  items
    .map((item) => ({ item, priority: draw() }))
    .sort((a, b) => a.priority - b.priority)
    .slice(0, chosen)
    .map(({ item }) => item)
    .sort((a, b) => a - b);
