import type { LabelledBallot, RecordedVote } from '../../../src/experiment/experiment.ts';
import { type Draw, drawsFor } from '../../../src/models/random.ts';

/** Draws one ballot. */
type Generator = (draw: Draw, index: number) => LabelledBallot;

const ballot = (index: number, right: string, votes: readonly (RecordedVote | string)[]): LabelledBallot => ({
  id: `${index}`,
  rightKeys: new Set([right]),
  votes: new Map(
    votes.map((vote, model) => [
      `m${model}`,
      typeof vote === 'string' ? { key: vote, costUsd: 0.01 * (model + 1) } : vote,
    ]),
  ),
});

/** Models that err on their own, each question with answers of its own. */
const independent =
  (accuracies: readonly number[]): Generator =>
  (draw, index) =>
    ballot(
      index,
      `${index} right`,
      accuracies.map((accuracy) =>
        draw() < accuracy ? `${index} right` : `${index} wrong ${Math.floor(3 * draw())}`,
      ),
    );

/** Models that err on the same hard questions, and often in the same way. */
const correlated =
  (accuracies: readonly number[]): Generator =>
  (draw, index) => {
    const ease = 0.9 * (draw() - 0.5);
    return ballot(
      index,
      `${index} right`,
      accuracies.map((accuracy) => {
        if (draw() < accuracy + ease) return `${index} right`;
        return draw() < 0.3 ? `${index} trap` : `${index} wrong ${Math.floor(3 * draw())}`;
      }),
    );
  };

/** Models that lean to yes or to no: few different ballots, so few levels of sureness. */
const leaning =
  (rightOfYes: readonly number[], rightOfNo: readonly number[]): Generator =>
  (draw, index) => {
    const isYes = draw() < 0.4;
    return ballot(
      index,
      isYes ? 'yes' : 'no',
      rightOfYes.map((share, model) => {
        const isRight = draw() < (isYes ? share : (rightOfNo[model] ?? 0));
        return isRight === isYes ? 'yes' : 'no';
      }),
    );
  };

/** Populations of ballots to draw from. */
export const populations = {
  independent: independent([0.8, 0.8, 0.75]),
  correlated: correlated([0.65, 0.7, 0.75, 0.8]),
  leaning: leaning([0.95, 0.9, 0.5, 0.8], [0.4, 0.5, 0.95, 0.8]),
} as const;

/** Draws ballots of a population. */
export const draws = (
  population: keyof typeof populations,
  seed: string,
  count: number,
): LabelledBallot[] => {
  const draw = drawsFor(`${population}/${seed}`);
  return Array.from({ length: count }, (_, index) => populations[population](draw, index));
};
