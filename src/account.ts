import type { StartedCall } from './call.ts';
import type { Outcome } from './outcome.ts';
import type { PredictionMetadata } from './prediction.ts';

/** What became of every call that was started, in the order of the panel; one still out counts as cancelled. */
export const accountOf = <Answer>(ledger: readonly StartedCall<Answer>[]): Outcome<Answer>[] =>
  ledger.map((started) => started.outcome ?? started.whenCancelled()).sort((a, b) => a.index - b.index);

/** A sum of costs where an unknown one adds nothing, and is no 0 either. */
const plus = (sum: number | undefined, costUsd: number | undefined): number | undefined =>
  costUsd === undefined ? sum : (sum ?? 0) + costUsd;

/** What calls cost together, who says so, and each model's part in it, in the order in which they stand. */
export const totalCost = (
  outcomes: readonly Outcome[],
): Pick<PredictionMetadata, 'costUsd' | 'costSource'> & {
  readonly costs: ReadonlyMap<string, number | undefined>;
} => {
  const costs = new Map<string, number | undefined>();
  let total: number | undefined;
  let source: 'reported' | 'estimated' | 'partial' = 'reported';
  for (const { model, costUsd, costSource } of outcomes) {
    total = plus(total, costUsd);
    costs.set(model, plus(costs.get(model), costUsd));
    if (costUsd === undefined) source = 'partial';
    else if (costSource === 'estimated' && source === 'reported') source = 'estimated';
  }
  return { costUsd: total, costSource: total === undefined ? 'unknown' : source, costs };
};
