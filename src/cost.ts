import { type ModelError, TimeoutError } from './errors.ts';
import type { Model, ModelResponse, Usage } from './model.ts';
import type { CallAccount } from './outcome.ts';
import type { Pricing } from './price.ts';
import type { ModelRequest } from './query.ts';

/** What a call cost, and who says so. */
export type Cost = Pick<CallAccount, 'costUsd' | 'costSource' | 'isPriceApproximate'>;

export const unknownCost: Cost = { costUsd: undefined, costSource: 'unknown' };

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;

/** A pricing that throws, or names a price that is none, does not know the price; no call fails for it. */
const priced = (
  model: Model,
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
  model: Model,
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
  model: Model,
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
