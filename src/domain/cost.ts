import type { ModelIdentity } from './attempt.ts';
import { type ModelError, TimeoutError } from './errors.ts';
import type { ModelResponse, Usage } from './model.ts';
import type { CallAccount } from './outcome.ts';
import type { Pricing } from './pricing.ts';
import type { ModelRequest } from './request.ts';

/** What a call cost, and who says so. */
export type Cost = Pick<CallAccount, 'costUsd' | 'costSource' | 'isPriceApproximate'>;

export const unknownCost: Cost = { costUsd: undefined, costSource: 'unknown' };

/** A sum of costs where an unknown one adds nothing, and is no 0 either. */
export const plus = (sum: number | undefined, costUsd: number | undefined): number | undefined =>
  costUsd === undefined ? sum : (sum ?? 0) + costUsd;

/** What attempts cost together; `partial` where one of them is left out, since nobody knows what it cost. */
export const sumOf = (costs: Iterable<Cost>): Cost => {
  let total: number | undefined;
  let source: 'reported' | 'estimated' | 'partial' = 'reported';
  let isPriceApproximate = false;
  for (const cost of costs) {
    total = plus(total, cost.costUsd);
    isPriceApproximate ||= cost.isPriceApproximate === true;
    if (cost.costUsd === undefined || cost.costSource === 'partial') source = 'partial';
    else if (cost.costSource === 'estimated' && source === 'reported') source = 'estimated';
  }
  if (total === undefined) return unknownCost;
  return isPriceApproximate
    ? { costUsd: total, costSource: source, isPriceApproximate }
    : { costUsd: total, costSource: source };
};

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;

/** A pricing that throws, or names a price that is none, does not know the price; no call fails for it. */
export const priced = (
  model: ModelIdentity,
  pricing: Pricing,
  costSource: 'reported' | 'estimated',
  usageOf: () => Usage,
): Cost => {
  try {
    const price = pricing.priceOf(model, usageOf());
    if (price === undefined || !isAmount(price.usd)) return unknownCost;
    return price.isApproximate
      ? { costUsd: price.usd, costSource, isPriceApproximate: true }
      : { costUsd: price.usd, costSource };
  } catch {
    return unknownCost;
  }
};

/** What a call that failed cost; `undefined` where that is to be estimated. */
export const costOfFailure = (error: ModelError): Cost | undefined => {
  if (isAmount(error.costUsd)) return { costUsd: error.costUsd, costSource: 'reported' };
  // One that was given up is billed for what it had written, for all that is known.
  return error instanceof TimeoutError ? undefined : unknownCost;
};

/** What a call that got this response cost: as the model says, else by the tokens it reports, else by the texts. */
export const costOf = (
  model: ModelIdentity,
  request: ModelRequest,
  { text, costUsd, costSource = 'reported', usage }: ModelResponse,
  pricing: Pricing | undefined,
): Cost => {
  if (isAmount(costUsd)) return { costUsd, costSource };
  if (pricing === undefined) return unknownCost;
  return isAmount(usage?.inputTokens) && isAmount(usage.outputTokens)
    ? priced(model, pricing, 'reported', () => usage)
    : estimatedCost(model, request, text, pricing);
};

/** What a call probably cost that was asked this and had written this much when it ended. */
export const estimatedCost = (
  model: ModelIdentity,
  { system, messages }: ModelRequest,
  written: string,
  pricing: Pricing | undefined,
): Cost => {
  if (pricing === undefined) return unknownCost;
  const asked = [...(system === undefined ? [] : [system]), ...messages.map(({ content }) => content)].join(
    '\n',
  );
  return priced(model, pricing, 'estimated', () => ({
    inputTokens: pricing.countTokens(asked),
    outputTokens: pricing.countTokens(written),
  }));
};
