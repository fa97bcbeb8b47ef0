import { combinations } from 'simple-statistics';
import type { Draw } from '../../models/random.ts';

/** The number of different sets of a size. */
export const combinationCount = (items: number, size: number): number => {
  let count = 1;
  for (let index = 0; index < size; index += 1) count = (count * (items - index)) / (index + 1);
  return Math.round(count);
};

/** The panels to enumerate or to draw. */
export interface PanelSelection {
  /** The number of models. */
  readonly models: number;
  /** The number of members of a panel. */
  readonly size: number;
  readonly maxPanels: number;
  readonly draw: Draw;
}

/**
 * All panels of a size or, if there are more than `maxPanels`, a random draw of different ones: ascending positions of
 * models.
 */
export const panelsOf = ({ models, size, maxPanels, draw }: PanelSelection): readonly number[][] => {
  const all = Array.from({ length: models }, (_, model) => model);
  if (combinationCount(models, size) <= maxPanels) return combinations(all, size);
  const drawn = new Map<string, number[]>();
  while (drawn.size < maxPanels) {
    const rest = [...all];
    const panel = Array.from({ length: size }, () => rest.splice(Math.floor(draw() * rest.length), 1))
      .flat()
      .sort((a, b) => a - b);
    drawn.set(panel.join(), panel);
  }
  return [...drawn.values()];
};
