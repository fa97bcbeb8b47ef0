import { plus, sumOf } from '../domain/cost.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PredictionMetadata } from '../domain/prediction.ts';
import { setOwn } from '../domain/record.ts';

/** A call that was started, as the ledger sees it. */
interface Entry<Answer> {
  readonly index: number;
  readonly outcome: Outcome<Answer> | undefined;
  whenCancelled(): Outcome<Answer>;
  unsubscribe(): void;
}

/** The calls of one prediction that were started, in the order of starting. */
export class Ledger<Answer> {
  readonly #started: Entry<Answer>[];
  #count = 0;

  /** @param expected the probable number of calls, because a growing array takes four times the memory of three. */
  constructor(expected: number) {
    this.#started = new Array(expected);
  }

  /** Enters a call and returns its number. */
  enter(started: Entry<Answer>): number {
    this.#started[this.#count] = started;
    this.#count += 1;
    return this.#count - 1;
  }

  /** Cancels the calls in flight. */
  unsubscribe(): void {
    for (let number = 0; number < this.#count; number += 1) this.#started[number]?.unsubscribe();
  }

  /** Returns the outcome of each call, in panel order. A call in flight counts as cancelled. */
  account(): Outcome<Answer>[] {
    const outcomes = new Array<Outcome<Answer>>(this.#count);
    let isInOrder = true;
    for (let number = 0; number < this.#count; number += 1) {
      const started = this.#started[number] as Entry<Answer>;
      isInOrder &&= number === 0 || (this.#started[number - 1] as Entry<Answer>).index <= started.index;
      outcomes[number] = started.outcome ?? started.whenCancelled();
    }
    return isInOrder ? outcomes : outcomes.sort((a, b) => a.index - b.index);
  }
}

/** The total cost, its source and the cost per model of outcomes in panel order: those of one model are adjacent. */
export const totalCost = (
  outcomes: readonly Outcome[],
): Pick<PredictionMetadata, 'costUsd' | 'costSource' | 'costBreakdown' | 'modelsUsed'> => {
  const costBreakdown: Record<string, number | undefined> = {};
  // Sized in advance, because a growing array takes four times the memory of three.
  const modelsUsed = new Array<string>(outcomes.length);
  let models = 0;
  for (const { model, costUsd } of outcomes) {
    if (models > 0 && modelsUsed[models - 1] === model) {
      setOwn(costBreakdown, model, plus(costBreakdown[model], costUsd));
    } else {
      modelsUsed[models] = model;
      models += 1;
      setOwn(costBreakdown, model, costUsd);
    }
  }
  modelsUsed.length = models;
  const { costUsd, costSource } = sumOf(outcomes);
  return { costUsd, costSource, costBreakdown, modelsUsed };
};
