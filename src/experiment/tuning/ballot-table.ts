import type { Abstained, Vote } from '../../domain/outcome.ts';
import type { LabelledBallot, RecordedVote } from './labelled-ballot.ts';
import { kindNumbers, kindsOf } from './row-kinds.ts';
import { sampleInSteps, type VoteSample } from './vote-sample.ts';
import { finished } from './work.ts';

/** A recorded outcome. Its `index` is the model's place in the panel that is being replayed. */
export type RecordedOutcome = (Vote | Abstained) & { index: number };

/** A ballot in numbers: a model is its place in the table, an answer its place in the row. */
export interface NumberedBallot {
  /** The place of each model's answer; -1 if it did not vote. */
  readonly answers: readonly number[];
  /** The key of each different answer. */
  readonly keys: readonly string[];
  /** Whether each answer is right. */
  readonly isRight: readonly boolean[];
}

/** A row of a table. */
export interface Row extends NumberedBallot {
  readonly ballot: LabelledBallot;
  /** The number of each different answer, which is the same in all rows. */
  readonly classes: readonly number[];
  /** The outcome of each model, as an election receives it. */
  readonly outcomes: readonly RecordedOutcome[];
  /** The cost of a call of each model. */
  readonly costs: readonly number[];
  /** Equal in rows of which the elections are equal, unless votes have confidences. */
  readonly kind: number;
  /** The same for elections that depend on which answers are given. */
  readonly namedKind: number;
}

/** Ballots in numbers, so that thousands of panels can be compared. */
export interface BallotTable {
  readonly models: readonly string[];
  readonly rows: readonly Row[];
  /** For each row and each model: the place of its answer, whether that is right, and the cost of its call. */
  readonly answers: Int32Array;
  readonly isRight: Uint8Array;
  readonly costs: Float64Array;
  /** All votes, also those of other models, which count when rules are learned. */
  readonly sample: VoteSample;
  /** The unit of costs: calls, unless all costs are known in USD. */
  readonly unit: 'usd' | 'calls';
  /** The number of calls of each model with neither a recorded cost nor a price. */
  readonly unknownCosts: readonly number[];
  /** The mean cost of a call of each model. */
  readonly meanCosts: readonly number[];
  readonly hasConfidences: boolean;
  /** Groups the places of some rows by the kind of their elections; for the same places, once. */
  kindsOf(places: readonly number[], knowsClasses: boolean): readonly (readonly number[])[];
}

/**
 * Makes a table of ballots. The cost of a call is the recorded cost, else the price of its model, else the mean of the
 * recorded costs of its model.
 */
export const ballotTable = (...made: Parameters<typeof ballotTableInSteps>): BallotTable =>
  finished(ballotTableInSteps(...made));

/** The number of rows that are made in one step. */
const ROWS_OF_A_STEP = 250;

/** As {@link ballotTable}, with pauses. */
export function* ballotTableInSteps(
  ballots: readonly LabelledBallot[],
  models: readonly string[],
  prices: Readonly<Record<string, number>>,
): Generator<unknown, BallotTable> {
  const known = models.map((model) => priceOf(model, ballots, prices));
  const unit = known.every((price) => price !== undefined) ? 'usd' : 'calls';
  const classes = new Map<string, number>();
  const [numberOf, numberOfNamed] = [kindNumbers(), kindNumbers()];
  const toRow = (ballot: LabelledBallot): Row => {
    const votes = models.map((model) => ballot.votes.get(model));
    const numbers = numbered(ballot, models);
    for (const key of numbers.keys) if (!classes.has(key)) classes.set(key, classes.size);
    const named = numbers.keys.map((key) => classes.get(key) ?? -1);
    return {
      ballot,
      ...numbers,
      kind: numberOf(numbers),
      namedKind: numberOfNamed(numbers, named),
      classes: named,
      outcomes: models.map((model, index) => outcomeOf(model, index, votes[index])),
      costs: votes.map((vote, model) => (unit === 'calls' ? 1 : (vote?.costUsd ?? known[model] ?? 0))),
    };
  };
  const rows: Row[] = [];
  for (const ballot of ballots) {
    if (rows.length % ROWS_OF_A_STEP === 0) yield;
    rows.push(toRow(ballot));
  }
  yield;
  const meanCosts = models.map(
    (_, model) => rows.reduce((sum, { costs }) => sum + (costs[model] ?? 0), 0) / rows.length,
  );
  const unknownCosts = models.map((model) =>
    Object.hasOwn(prices, model)
      ? 0
      : ballots.filter(({ votes }) => votes.get(model)?.costUsd === undefined).length,
  );
  const hasConfidences = rows.some(({ outcomes }) =>
    outcomes.some((outcome) => outcome.status === 'answered' && outcome.confidence !== undefined),
  );
  yield;
  const sample = yield* sampleInSteps(ballots);
  yield;
  const cells = rows.length * models.length;
  const [answers, isRight, costs] = [new Int32Array(cells), new Uint8Array(cells), new Float64Array(cells)];
  for (const [at, row] of rows.entries()) {
    const from = at * models.length;
    answers.set(row.answers, from);
    isRight.set(
      row.answers.map((answer) => (row.isRight[answer] ? 1 : 0)),
      from,
    );
    costs.set(row.costs, from);
  }
  yield;
  const kinds = [new Map<readonly number[], Kinds>(), new Map<readonly number[], Kinds>()] as const;
  return {
    models,
    rows,
    answers,
    isRight,
    costs,
    sample,
    unit,
    unknownCosts,
    meanCosts,
    hasConfidences,
    kindsOf(places, knowsClasses) {
      const known = kinds[knowsClasses ? 1 : 0];
      const groups = known.get(places) ?? kindsOf({ rows, hasConfidences }, places, knowsClasses);
      known.set(places, groups);
      return groups;
    },
  };
}

type Kinds = ReturnType<BallotTable['kindsOf']>;

/** Converts a ballot to numbers for these models. */
export const numbered = ({ votes, rightKeys }: LabelledBallot, models: readonly string[]): NumberedBallot => {
  const chosen = models.map((model) => votes.get(model)?.key);
  const keys = [...new Set(chosen)].filter((key) => key !== undefined);
  return {
    answers: chosen.map((key) => (key === undefined ? -1 : keys.indexOf(key))),
    keys,
    isRight: keys.map((key) => rightKeys.has(key)),
  };
};

/** Returns the outcome of a call with this vote, as an election receives it. */
export const outcomeOf = (model: string, index: number, vote: RecordedVote | undefined): RecordedOutcome => {
  const account = { model, index, latencyMs: 0, costUsd: undefined, costSource: 'unknown' } as const;
  if (vote?.key === undefined) {
    return { ...account, status: 'abstained', response: { text: '' }, reason: 'no answer was recorded' };
  }
  const { key, confidence } = vote;
  return { ...account, status: 'answered', response: { text: key }, answer: key, key, confidence };
};

/** The confidence of a vote; -1 without one. */
export const confidenceOf = (outcome: RecordedOutcome | undefined): number =>
  (outcome?.status === 'answered' ? outcome.confidence : undefined) ?? -1;

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
