import { combinations } from 'simple-statistics';
import type { Draw } from '../../models/random.ts';

/** How many panels of a size there are. */
export const howManyPanels = (models: number, size: number): number => {
  let count = 1;
  for (let index = 0; index < size; index += 1) count = (count * (models - index)) / (index + 1);
  return Math.round(count);
};

/** All panels of a size, or a draw of different ones where there are more than `most`: places of models, rising. */
export const panelsOf = (models: number, size: number, most: number, draw: Draw): readonly number[][] => {
  const all = Array.from({ length: models }, (_, model) => model);
  if (howManyPanels(models, size) <= most) return combinations(all, size);
  const drawn = new Map<string, number[]>();
  while (drawn.size < most) {
    const rest = [...all];
    const panel = Array.from({ length: size }, () => rest.splice(Math.floor(draw() * rest.length), 1))
      .flat()
      .sort((a, b) => a - b);
    drawn.set(panel.join(), panel);
  }
  return [...drawn.values()];
};
