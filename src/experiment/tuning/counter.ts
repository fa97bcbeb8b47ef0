import { fromUnits, toUnits } from '../../domain/weight-units.ts';
import { confidenceWeight } from '../../strategies/voting/confidence-weighted.ts';
import { logOddsWeight, posterior } from '../../strategies/voting/log-odds.ts';
import type { Row } from './ballot-table.ts';
import type { PanelVoter } from './panel.ts';

/**
 * Counts the votes of one row after the other, just as the voter of a panel counts those of an election, ties
 * and all, at a hundredth of the time. Weights are in the same units.
 */
export interface Counter {
  start(row: Row): void;
  /** Counts the vote of a model that voted. */
  add(model: number): void;
  /** The place of the leading answer in the row; -1 where there is none. */
  leader(): number;
  /** How sure the leader is, 0..1, as the voter tells it: its confidence where it knows one, else its consensus. */
  sureness(): number;
  /** What a tally tells as its confidence; -1 where it has none. */
  confidence(): number;
  /** Whether all votes are for one answer. */
  isUnanimous(): boolean;
  /** How much one other answer would have to gain, in units. */
  margin(): number;
  /** The most that a vote of the model can add, in units. */
  ceiling(model: number): number;
  /** Whether what a vote adds to each answer of the row that was started is all that counts, but for ties. */
  readonly isSum: boolean;
  /** What an answer begins with, in units. */
  base(answer: number): number;
  /** What the vote of a model adds to an answer, in units. */
  adds(model: number, answer: number): number;
}

/** A counter for what was learned for all models of a table. */
export const createCounter = (voter: PanelVoter): Counter => {
  switch (voter.rule) {
    case 'naiveBayes':
      return new BayesCounter(voter);
    case 'bestConfidence':
      return new ConfidenceCounter(() => 1);
    case 'majority':
      return new WeightCounter(() => 1);
    case 'confidenceWeighted': {
      const { temperature } = voter;
      return new WeightCounter((_, confidence) =>
        confidenceWeight(confidence < 0 ? 1 : confidence, temperature),
      );
    }
    case 'weights': {
      const { weights } = voter;
      return new WeightCounter((model) => weights[model] ?? 0);
    }
    case 'logOdds': {
      const weights = voter.accuracies.map((accuracy) => logOddsWeight(accuracy, voter.choices));
      return new LogOddsCounter((model) => weights[model] ?? 0, voter.choices);
    }
  }
};

/** What is counted for every answer of a row: heads, and who speaks for it. */
class Heads {
  row: Row | undefined;
  protected readonly counts: number[] = [];
  /** The confidence of the spokesman of each answer, and his place among those who voted. */
  protected readonly confidences: number[] = [];
  protected readonly places: number[] = [];
  protected cast = 0;

  start(row: Row): void {
    this.row = row;
    this.cast = 0;
    for (let answer = 0; answer < row.keys.length; answer += 1) this.counts[answer] = 0;
  }

  protected hear(model: number): number {
    const answer = this.row?.answers[model] ?? -1;
    const confidence = this.row?.confidences[model] ?? -1;
    if (this.counts[answer] === 0 || confidence > (this.confidences[answer] ?? -1)) {
      this.confidences[answer] = confidence;
      this.places[answer] = this.cast;
    }
    this.counts[answer] = (this.counts[answer] ?? 0) + 1;
    this.cast += 1;
    return answer;
  }

  isUnanimous(): boolean {
    return this.counts.includes(this.cast) && this.cast > 0;
  }

  /** Above 0 where the spokesman of `a` outranks the one of `b`. */
  protected conviction(a: number, b: number): number {
    return (
      (this.confidences[a] ?? -1) - (this.confidences[b] ?? -1) ||
      (this.places[b] ?? 0) - (this.places[a] ?? 0)
    );
  }

  /** The first of the answers that were given, by an order. */
  protected first(compare: (a: number, b: number) => number): number {
    let best = -1;
    const answers = this.row?.keys.length ?? 0;
    for (let answer = 0; answer < answers; answer += 1) {
      if ((this.counts[answer] ?? 0) > 0 && (best === -1 || compare(answer, best) > 0)) best = answer;
    }
    return best;
  }
}

class WeightCounter extends Heads implements Counter {
  readonly isSum: boolean = true;
  protected readonly sums: number[] = [];
  protected total = 0;
  readonly #weightOf: (model: number, confidence: number) => number;
  readonly #compare = (a: number, b: number): number =>
    (this.sums[a] ?? 0) - (this.sums[b] ?? 0) || this.conviction(a, b);

  constructor(weightOf: (model: number, confidence: number) => number) {
    super();
    this.#weightOf = weightOf;
  }

  override start(row: Row): void {
    super.start(row);
    this.total = 0;
    for (let answer = 0; answer < row.keys.length; answer += 1) this.sums[answer] = 0;
  }

  add(model: number): void {
    const answer = this.hear(model);
    const units = toUnits(this.#weightOf(model, this.row?.confidences[model] ?? -1));
    this.sums[answer] = (this.sums[answer] ?? 0) + units;
    this.total += units;
  }

  leader(): number {
    return this.first(this.#compare);
  }

  confidence(): number {
    return this.confidences[this.leader()] ?? -1;
  }

  consensus(): number {
    return this.total === 0 ? 0 : (this.sums[this.leader()] ?? 0) / this.total;
  }

  sureness(): number {
    return this.consensus();
  }

  /** By weight: who weighs nothing does not dissent. */
  override isUnanimous(): boolean {
    return this.cast > 0 && (this.sums[this.leader()] ?? 0) === this.total;
  }

  margin(): number {
    const leader = this.leader();
    let second = 0;
    const answers = this.row?.keys.length ?? 0;
    for (let answer = 0; answer < answers; answer += 1) {
      if (answer !== leader) second = Math.max(second, this.sums[answer] ?? 0);
    }
    return (this.sums[leader] ?? 0) - second;
  }

  ceiling(model: number): number {
    return toUnits(this.#weightOf(model, 1));
  }

  base(): number {
    return 0;
  }

  adds(model: number, answer: number): number {
    return this.row?.answers[model] === answer
      ? toUnits(this.#weightOf(model, this.row.confidences[model] ?? -1))
      : 0;
  }
}

class LogOddsCounter extends WeightCounter {
  readonly #choices: number;

  constructor(weightOf: (model: number) => number, choices: number) {
    super(weightOf);
    this.#choices = choices;
  }

  override confidence(): number {
    const answers = this.row?.keys.length ?? 0;
    const weights: number[] = [];
    for (let answer = 0; answer < answers; answer += 1) {
      if ((this.counts[answer] ?? 0) > 0) weights.push(fromUnits(this.sums[answer] ?? 0));
    }
    return posterior(weights, this.#choices);
  }

  override sureness(): number {
    return this.confidence();
  }
}

class ConfidenceCounter extends WeightCounter {
  override readonly isSum = false;
  readonly #compareConfidence = (a: number, b: number): number =>
    (this.confidences[a] ?? -1) - (this.confidences[b] ?? -1) ||
    (this.sums[a] ?? 0) - (this.sums[b] ?? 0) ||
    this.conviction(a, b);

  override leader(): number {
    return this.first(this.#compareConfidence);
  }

  override sureness(): number {
    return Math.max(0, this.confidence());
  }

  override margin(): number {
    return 0;
  }
}

class BayesCounter extends Heads implements Counter {
  readonly isSum = true;
  readonly #places: ReadonlyMap<string, number>;
  readonly #start: readonly number[];
  /** For each model and each class that it gives: what that says for each class that may be right, in units. */
  readonly #columns: readonly (readonly (readonly number[])[])[];
  readonly #ceilings: readonly number[];
  readonly #scores: number[] = [];
  #classes: readonly number[] = [];
  readonly #compare = (a: number, b: number): number => {
    const [first, second] = [this.#score(a), this.#score(b)];
    if (first !== second) return first - second;
    const isOutside = first === Number.NEGATIVE_INFINITY;
    return (isOutside ? (this.counts[a] ?? 0) - (this.counts[b] ?? 0) : 0) || this.conviction(a, b);
  };

  constructor({ classes, prior, likelihoods }: Extract<PanelVoter, { rule: 'naiveBayes' }>) {
    super();
    this.#places = new Map(classes.map((key, place) => [key, place]));
    this.#start = prior.map((share) => toUnits(Math.log(share)));
    this.#columns = likelihoods.map((rows) =>
      rows.map((_, given) => rows.map((row) => toUnits(Math.log(row[given] ?? 1)))),
    );
    this.#ceilings = this.#columns.map((columns) =>
      Math.max(...columns.map((column) => Math.max(...column) - Math.min(...column))),
    );
  }

  override start(row: Row): void {
    super.start(row);
    this.#classes = row.keys.map((key) => this.#places.get(key) ?? -1);
    for (let index = 0; index < this.#start.length; index += 1) this.#scores[index] = this.#start[index] ?? 0;
  }

  add(model: number): void {
    const column = this.#columns[model]?.[this.#classes[this.hear(model)] ?? -1];
    if (column === undefined) return;
    for (let index = 0; index < column.length; index += 1) {
      this.#scores[index] = (this.#scores[index] ?? 0) + (column[index] ?? 0);
    }
  }

  #score(answer: number): number {
    return this.#scores[this.#classes[answer] ?? -1] ?? Number.NEGATIVE_INFINITY;
  }

  leader(): number {
    return this.first(this.#compare);
  }

  confidence(): number {
    const own = this.#score(this.leader());
    if (own === Number.NEGATIVE_INFINITY) return 0;
    return 1 / this.#scores.reduce((sum, score) => sum + Math.exp(fromUnits(score - own)), 0);
  }

  sureness(): number {
    return this.confidence();
  }

  margin(): number {
    const place = this.#classes[this.leader()] ?? -1;
    if (place === -1) return 0;
    return (this.#scores[place] ?? 0) - Math.max(...this.#scores.filter((_, index) => index !== place));
  }

  ceiling(model: number): number {
    return this.#ceilings[model] ?? 0;
  }

  base(answer: number): number {
    return this.#start[this.#classes[answer] ?? -1] ?? Number.NEGATIVE_INFINITY;
  }

  adds(model: number, answer: number): number {
    const given = this.#classes[this.row?.answers[model] ?? -1] ?? -1;
    return this.#columns[model]?.[given]?.[this.#classes[answer] ?? -1] ?? 0;
  }
}
