import type { LabelledBallot } from '../../src/experiment/experiment.ts';
import { drawsFor } from '../../src/models/random.ts';

/** Questions with known answers, and the votes of so many models, the later of which are better. */
export const ballots = (count: number, models: number): LabelledBallot[] => {
  const draw = drawsFor('ballots');
  return Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    rightKeys: new Set(['right']),
    votes: new Map(
      Array.from({ length: models }, (_, model) => [
        `model-${model}`,
        {
          key: draw() < 0.5 + 0.04 * model ? 'right' : `wrong ${Math.floor(4 * draw())}`,
          costUsd: 0.001 * (model + 1),
        },
      ]),
    ),
  }));
};
