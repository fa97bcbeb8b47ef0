import type { Model, ModelResponse, Usage } from './model.ts';
import type { CallAccount } from './outcome.ts';
import type { Pricing } from './price.ts';
import type { ModelRequest } from './query.ts';

/** What a call cost, and who says so. */
export type Cost = Pick<CallAccount, 'costUsd' | 'costSource' | 'isPriceApproximate'>;

export const unknownCost: Cost = { costUsd: undefined, costSource: 'unknown' };

const priced = (model: Model, usage: Usage, pricing: Pricing, costSource: 'reported' | 'estimated'): Cost => {
  const price = pricing.priceOf(model, usage);
  if (price === undefined) return unknownCost;
  return price.isApproximate
    ? { costUsd: price.usd, costSource, isPriceApproximate: true }
    : { costUsd: price.usd, costSource };
};

const isAmount = (value: number | undefined): value is number =>
  value !== undefined && value >= 0 && value < Number.POSITIVE_INFINITY;

/** What a call that got this response cost: as the model says, else by the tokens it reports, else by the texts. */
export const costOf = (
  model: Model,
  request: ModelRequest,
  { text, costUsd, usage }: ModelResponse,
  pricing: Pricing | undefined,
): Cost => {
  if (isAmount(costUsd)) return { costUsd, costSource: 'reported' };
  if (pricing === undefined) return unknownCost;
  return isAmount(usage?.inputTokens) && isAmount(usage.outputTokens)
    ? priced(model, usage, pricing, 'reported')
    : estimatedCost(model, request, text, pricing);
};

/** What a call probably cost that was asked this and had written this much when it ended. */
export const estimatedCost = (
  model: Model,
  { system = '', messages }: ModelRequest,
  written: string,
  pricing: Pricing | undefined,
): Cost => {
  if (pricing === undefined) return unknownCost;
  const asked = [system, ...messages.map(({ content }) => content)].join('\n');
  const usage = { inputTokens: pricing.countTokens(asked), outputTokens: pricing.countTokens(written) };
  return priced(model, usage, pricing, 'estimated');
};
