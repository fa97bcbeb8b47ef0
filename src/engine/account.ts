import { plus, sumOf } from '../domain/cost.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PredictionMetadata } from '../domain/prediction.ts';
import type { StartedCall } from './started-call.ts';

/** What became of every call that was started, in the order of the panel; one still out counts as cancelled. */
export const accountOf = <Answer>(ledger: readonly StartedCall<Answer>[]): Outcome<Answer>[] =>
  ledger.map((started) => started.outcome ?? started.whenCancelled()).sort((a, b) => a.index - b.index);

/** What calls cost together, who says so, and each model's part in it, in the order in which they stand. */
export const totalCost = (
  outcomes: readonly Outcome[],
): Pick<PredictionMetadata, 'costUsd' | 'costSource'> & {
  readonly costs: ReadonlyMap<string, number | undefined>;
} => {
  const costs = new Map<string, number | undefined>();
  for (const { model, costUsd } of outcomes) costs.set(model, plus(costs.get(model), costUsd));
  const { costUsd, costSource } = sumOf(outcomes);
  return { costUsd, costSource, costs };
};
