import type { LabelledBallot } from './labelled-ballot.ts';

/** A ballot in numbers: a model is its place in the table, an answer its place in the row. */
export interface Row {
  readonly ballot: LabelledBallot;
  /** What each model answered; -1 where it did not vote. */
  readonly answers: readonly number[];
  /** The key of each answer. */
  readonly keys: readonly string[];
  /** Whether each answer is right. */
  readonly isRight: readonly boolean[];
  /** How confident each model is; -1 where it does not say. */
  readonly confidences: readonly number[];
  /** What asking each model costs. */
  readonly costs: readonly number[];
}

/** Ballots in numbers, so that thousands of panels can be counted. */
export interface BallotTable {
  readonly models: readonly string[];
  readonly rows: readonly Row[];
  /** What costs are counted in: calls, where not all of them are known in USD. */
  readonly unit: 'usd' | 'calls';
  /** What a call of each model costs on average. */
  readonly meanCosts: readonly number[];
  readonly hasConfidences: boolean;
}

/**
 * Puts ballots into a table. A call costs what was recorded, else its model's price, else the mean of what was
 * recorded of its model.
 */
export const ballotTable = (
  ballots: readonly LabelledBallot[],
  models: readonly string[],
  prices: Readonly<Record<string, number>>,
): BallotTable => {
  const known = models.map((model) => priceOf(model, ballots, prices));
  const unit = known.every((price) => price !== undefined) ? 'usd' : 'calls';
  const rows = ballots.map((ballot): Row => {
    const votes = models.map((model) => ballot.votes.get(model));
    const keys = Array.from(new Set(votes.flatMap((vote) => vote?.key ?? [])));
    return {
      ballot,
      answers: votes.map((vote) => (vote?.key === undefined ? -1 : keys.indexOf(vote.key))),
      keys,
      isRight: keys.map((key) => ballot.rightKeys.has(key)),
      confidences: votes.map((vote) => vote?.confidence ?? -1),
      costs: votes.map((vote, model) => (unit === 'calls' ? 1 : (vote?.costUsd ?? known[model] ?? 0))),
    };
  });
  const meanCosts = models.map(
    (_, model) => rows.reduce((sum, { costs }) => sum + (costs[model] ?? 0), 0) / rows.length,
  );
  const hasConfidences = rows.some(({ confidences }) => confidences.some((confidence) => confidence >= 0));
  return { models, rows, unit, meanCosts, hasConfidences };
};

const priceOf = (
  model: string,
  ballots: readonly LabelledBallot[],
  prices: Readonly<Record<string, number>>,
): number | undefined => {
  if (Object.hasOwn(prices, model)) return prices[model];
  const recorded = ballots.flatMap(({ votes }) => votes.get(model)?.costUsd ?? []);
  if (recorded.length === 0) return undefined;
  return recorded.reduce((sum, costUsd) => sum + costUsd, 0) / recorded.length;
};
