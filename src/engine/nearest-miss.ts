import type { NearestMiss } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';

/** The abstention that passed the largest share of its check; of equal ones, the first in the panel. */
export const nearestMissIn = (outcomes: readonly Outcome[]): NearestMiss | undefined => {
  try {
    const [nearest] = outcomes
      .filter((outcome) => outcome.status === 'abstained')
      .flatMap(({ model, response: { text }, reason, passed }) =>
        passed === undefined ? [] : [{ model, text, reason, passed }],
      )
      .toSorted((a, b) => b.passed - a.passed);
    return nearest;
  } catch {
    // A response of foreign code may throw when it is read again.
    return undefined;
  }
};
