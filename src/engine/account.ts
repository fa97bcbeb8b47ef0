import { plus, sumOf } from '../domain/cost.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PredictionMetadata } from '../domain/prediction.ts';
import { setOwn } from '../domain/record.ts';
import type { Panel } from './panel.ts';

/** A call that was started, as the ledger sees it. */
interface Entry<Answer> {
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
    for (let number = 0; number < this.#count; number += 1) this.#call(number).unsubscribe();
  }

  /** Returns the outcome of each call, in panel order. A call in flight counts as cancelled. */
  account(): Outcome<Answer>[] {
    const outcomes = new Array<Outcome<Answer>>(this.#count);
    for (let number = 0; number < this.#count; number += 1) {
      const call = this.#call(number);
      const outcome = call.outcome ?? call.whenCancelled();
      // Calls start nearly in panel order, so that few are moved.
      let place = number;
      for (; place > 0; place -= 1) {
        const before = outcomes[place - 1] as Outcome<Answer>;
        if (before.index <= outcome.index) break;
        outcomes[place] = before;
      }
      outcomes[place] = outcome;
    }
    return outcomes;
  }

  #call(number: number): Entry<Answer> {
    return this.#started[number] as Entry<Answer>;
  }
}

type Called = Pick<Panel, 'ids' | 'samples' | 'costs'>;

/**
 * The total cost, its source and the cost per model of outcomes in panel order: those of one model are adjacent.
 *
 * @param panel gives the names: the record of a panel that was called as a whole is a copy, at a third of the time.
 */
export const totalCost = (
  outcomes: readonly Outcome[],
  panel: Called = noPanel,
): Pick<PredictionMetadata, 'costUsd' | 'costSource' | 'maxCostUsd' | 'costBreakdown' | 'modelsUsed'> => {
  const { costBreakdown, modelsUsed } = isOneEach(outcomes, panel)
    ? perMember(outcomes, panel)
    : perModel(outcomes);
  const { costUsd, costSource, maxCostUsd } = sumOf(outcomes);
  const cost = { costUsd, costSource, costBreakdown, modelsUsed };
  return maxCostUsd === undefined ? cost : { ...cost, maxCostUsd };
};

const noPanel: Called = { ids: [], samples: 1, costs: {} };

type PerModel = Pick<PredictionMetadata, 'costBreakdown' | 'modelsUsed'>;

/** Whether each member was called once, and nothing else was. */
const isOneEach = (outcomes: readonly Outcome[], { ids, samples }: Called): boolean => {
  if (outcomes.length !== ids.length || samples > 1) return false;
  for (let index = 0; index < ids.length; index += 1) {
    if (outcomes[index]?.model !== ids[index]) return false;
  }
  return true;
};

const perMember = (outcomes: readonly Outcome[], { ids, costs }: Called): PerModel => {
  const costBreakdown = { ...costs };
  for (const { model, costUsd } of outcomes) if (costUsd !== undefined) setOwn(costBreakdown, model, costUsd);
  return { costBreakdown, modelsUsed: ids.slice() };
};

/** The cost of each model, and the names of the models, of outcomes in panel order. */
export const perModel = (outcomes: readonly Outcome[]): PerModel => {
  const costBreakdown: Record<string, number | undefined> = {};
  // Sized in advance, because a growing array takes four times the memory of three.
  const modelsUsed = new Array<string>(outcomes.length);
  let models = 0;
  let current: string | undefined;
  for (const { model, costUsd, role } of outcomes) {
    // A judge may be a member of the panel as well.
    if (model === current || (role !== undefined && Object.hasOwn(costBreakdown, model))) {
      setOwn(costBreakdown, model, plus(costBreakdown[model], costUsd));
    } else {
      current = model;
      modelsUsed[models] = model;
      models += 1;
      setOwn(costBreakdown, model, costUsd);
    }
  }
  modelsUsed.length = models;
  return { costBreakdown, modelsUsed };
};
