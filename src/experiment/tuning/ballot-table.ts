import type { Abstained, Vote } from '../../domain/outcome.ts';
import type { LabelledBallot, RecordedVote } from './labelled-ballot.ts';
import { kindNumbers, kindsOf } from './row-kinds.ts';
import { sampleInSteps, type VoteSample } from './vote-sample.ts';
import { finished, pausingEach } from './work.ts';

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
  /** The outcome of each model, as an election receives it. */
  readonly outcomes: readonly RecordedOutcome[];
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
  /** For each row and each model: the number of its answer, which is the same in all rows, from 1; 0 if it did not vote. */
  readonly names: Int32Array;
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

/** As {@link ballotTable}, with pauses. */
export function* ballotTableInSteps(
  ballots: readonly LabelledBallot[],
  models: readonly string[],
  prices: Readonly<Record<string, number>>,
): Generator<unknown, BallotTable> {
  const known: (number | undefined)[] = [];
  for (const model of models) {
    known.push(priceOf(model, ballots, prices));
    yield;
  }
  const unit = known.every((price) => price !== undefined) ? 'usd' : 'calls';
  const cells = ballots.length * models.length;
  const [answers, names] = [new Int32Array(cells), new Int32Array(cells)];
  const [isRight, costs] = [new Uint8Array(cells), new Float64Array(cells)];
  const classes = new Map<string, number>();
  const [numberOf, numberOfNamed] = [kindNumbers(), kindNumbers()];
  const rows: Row[] = [];
  const [totalCosts, unknownCosts] = [models.map(() => 0), models.map(() => 0)];
  let hasConfidences = false;
  yield* pausingEach(ballots, (ballot, at) => {
    const numbers = numbered(ballot, models);
    for (const key of numbers.keys) if (!classes.has(key)) classes.set(key, 1 + classes.size);
    const named = numbers.keys.map((key) => classes.get(key) ?? 0);
    const votes = models.map((model) => ballot.votes.get(model));
    for (const [model, vote] of votes.entries()) {
      const cell = at * models.length + model;
      const answer = numbers.answers[model] ?? -1;
      answers[cell] = answer;
      names[cell] = named[answer] ?? 0;
      isRight[cell] = numbers.isRight[answer] ? 1 : 0;
      const cost = unit === 'calls' ? 1 : (vote?.costUsd ?? known[model] ?? 0);
      costs[cell] = cost;
      totalCosts[model] = (totalCosts[model] ?? 0) + cost;
      if (vote?.costUsd === undefined && !Object.hasOwn(prices, models[model] ?? ''))
        unknownCosts[model] = (unknownCosts[model] ?? 0) + 1;
      if (vote?.key !== undefined && vote.confidence !== undefined) hasConfidences = true;
    }
    rows.push({
      ballot,
      ...numbers,
      kind: numberOf(numbers),
      namedKind: numberOfNamed(numbers, named),
      outcomes: votes.map((vote, model) => outcomeOf(models[model] ?? '', model, vote)),
    });
  });
  const sample = yield* sampleInSteps(ballots);
  yield;
  const kinds = [new Map<readonly number[], Kinds>(), new Map<readonly number[], Kinds>()] as const;
  return {
    models,
    rows,
    answers,
    names,
    isRight,
    costs,
    sample,
    unit,
    unknownCosts,
    meanCosts: totalCosts.map((total) => total / rows.length),
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
