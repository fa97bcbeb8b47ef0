import type { LabelledBallot } from '../experiment/tuning/labelled-ballot.ts';
import { printable } from '../rendering/printable.ts';

/** Says which costs of recorded calls are not wholly known, and what a choice among panels takes instead of them. */
export const unknownCostLines = (ballots: readonly LabelledBallot[]): readonly string[] => {
  const counts = new Map<string, { unknown: number; calls: number }>();
  for (const { votes } of ballots) {
    for (const [model, { costUsd }] of votes) {
      const count = counts.get(model) ?? { unknown: 0, calls: 0 };
      counts.set(model, count);
      count.calls += 1;
      if (costUsd === undefined) count.unknown += 1;
    }
  }
  const partly = [...counts].filter(([, { unknown }]) => unknown > 0);
  const wholly = partly.filter(([, { unknown, calls }]) => unknown === calls).map(([model]) => named(model));
  if (wholly.length > 0) {
    return [`the cost of ${wholly.join(', ')} is not known: panels are compared by calls, not by USD`];
  }
  return partly.map(
    ([model, { unknown, calls }]) =>
      `the cost of ${unknown} of ${calls} questions is not known for ${named(model)}: the mean of the others is taken`,
  );
};

const named = (model: string): string => printable(model, 40);
