import type { ModelIdentity } from './attempt.ts';
import {
  AuthenticationError,
  InvalidRequestError,
  ModelError,
  type ModelErrorOptions,
  RateLimitError,
  TimeoutError,
} from './errors.ts';
import { faultOf, isA, returned } from './foreign.ts';
import { isObject } from './is-object.ts';
import { writtenIn } from './message.ts';
import type { ModelResponse, Usage } from './model.ts';
import { impossibleTotals } from './most-tokens.ts';
import { neverOpened } from './never-opened.ts';
import type { CallAccount, CostSource } from './outcome.ts';
import type { Pricing } from './pricing.ts';
import { providerWarnings } from './provider-report.ts';
import type { ModelRequest } from './request.ts';

/** The cost of a call and where the figure comes from, with a warning if it could not be known. */
export type Cost = Pick<
  CallAccount,
  'costUsd' | 'costSource' | 'maxCostUsd' | 'isPriceApproximate' | 'warning'
>;

export const unknownCost: Cost = { costUsd: undefined, costSource: 'unknown' };

export const free: Cost = { costUsd: 0, costSource: 'reported' };

/** Adds a cost to a sum. An unknown cost adds nothing; the sum of unknown costs is unknown, not 0. */
export const plus = (sum: number | undefined, costUsd: number | undefined): number | undefined =>
  costUsd === undefined ? sum : (sum ?? 0) + costUsd;

/** Whether nothing is left out of a cost. Otherwise `costUsd` is a lower bound, or unknown. */
export const isWhole = ({ costUsd, costSource }: Cost): boolean =>
  costUsd !== undefined && costSource !== 'partial';

/** The most that a cost can be: itself if nothing is left out of it, and `Infinity` if there is no bound. */
export const mostOf = (cost: Cost): number =>
  isWhole(cost) ? (cost.costUsd as number) : (cost.maxCostUsd ?? Number.POSITIVE_INFINITY);

/**
 * The total cost of several attempts; `partial` if the cost of one is unknown and therefore left out. It has an upper
 * bound if each of them has one.
 */
export const sumOf = (costs: Iterable<Cost>): Cost => {
  let total: number | undefined;
  let most = 0;
  let source: CostSource = 'reported';
  let isPriceApproximate = false;
  for (const cost of costs) {
    total = plus(total, cost.costUsd);
    most += mostOf(cost);
    isPriceApproximate ||= cost.isPriceApproximate === true;
    if (!isWhole(cost)) source = 'partial';
    else if (cost.costSource === 'estimated' && source === 'reported') source = 'estimated';
  }
  const sum: Cost =
    total === undefined
      ? unknownCost
      : isPriceApproximate
        ? { costUsd: total, costSource: source, isPriceApproximate }
        : { costUsd: total, costSource: source };
  return source === 'partial' && most < Number.POSITIVE_INFINITY ? { ...sum, maxCostUsd: most } : sum;
};

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;

/**
 * Looks a price up. If the pricing throws, or returns no price or no number of tokens, the cost is unknown, with a warning.
 * Never throws.
 */
export const priced = (
  model: ModelIdentity,
  pricing: Pricing,
  costSource: 'reported' | 'estimated',
  usageOf: () => Usage,
): Cost => {
  try {
    const price = returned(pricing.priceOf(model, usageOf()));
    if (price === undefined || price === null) return unknownCost;
    if (!isAmount(price.usd)) return withWarning('the pricing returned no amount in USD');
    return price.isApproximate
      ? { costUsd: price.usd, costSource, isPriceApproximate: true }
      : { costUsd: price.usd, costSource };
  } catch (error) {
    return withWarning(`the pricing ${faultOf(error)}`);
  }
};

const aCount = (tokens: unknown): string | undefined => (isAmount(tokens) ? undefined : 'a number of tokens');

const withWarning = (warning: string): Cost => ({ ...unknownCost, warning });

/** The cost of a failed call as its error tells: what it states, and 0 if the provider refused the request. */
export const statedCost = (error: ModelError): Cost | undefined =>
  isAmount(error.costUsd)
    ? { costUsd: error.costUsd, costSource: statedSource(error.costSource) }
    : isRefusal(error)
      ? free
      : undefined;

/**
 * The cost of a failed call; `undefined` if it must be estimated. It is what the error says, and 0 if no connection was
 * opened. What breaks after it was sent may have been billed: its cost is unknown.
 */
export const costOfFailure = (error: ModelError): Cost | undefined => {
  const stated = statedCost(error);
  if (stated !== undefined) return stated;
  if (isUnsent(error)) return free;
  // A call that timed out is probably billed for the tokens that it had written. So is the last one of a fallback.
  return isA(error, TimeoutError) || isA(error.cause, TimeoutError) ? undefined : unknownCost;
};

/** A cost as the options of an error that stands for the failed call; `undefined` is unknown. */
export const costGiven = ({
  costUsd,
  costSource,
}: Cost = unknownCost): Pick<ModelErrorOptions, 'costUsd' | 'costSource'> => ({
  costUsd,
  ...((costSource === 'estimated' || costSource === 'partial') && { costSource }),
});

/** Whether the provider refused the request before it generated anything. Within a reply with status 200 it may have. */
const isRefusal = (error: ModelError): boolean =>
  error.status !== 200 &&
  (isA(error, RateLimitError) || isA(error, AuthenticationError) || isA(error, InvalidRequestError));

/** Whether a function of the user failed because no connection was opened. */
const isUnsent = ({ cause }: ModelError): boolean => !isA(cause, ModelError) && neverOpened(cause);

/** The cost of a call as its response reports it: 0 if it was paid for earlier. */
export const reportedCost = ({ costUsd, costSource, cached }: ModelResponse): Cost | undefined =>
  isAmount(costUsd) ? { costUsd, costSource: statedSource(costSource) } : isObject(cached) ? free : undefined;

/**
 * The cost of a call with this response: as the model reports it, else by its reported tokens, else by the texts. Never
 * throws.
 */
export const costOf = (
  model: ModelIdentity,
  request: ModelRequest,
  response: ModelResponse,
  pricing: Pricing | undefined,
): Cost => {
  try {
    const { text, usage } = response;
    const reported = reportedCost(response);
    if (reported !== undefined) return reported;
    if (pricing === undefined) return unknownCost;
    if (!isUsable(usage)) return estimatedCost(model, request, text, pricing);
    const impossible = impossibleTotals(usage, request);
    if (impossible.length > 0) {
      const warning = `its usage has more ${impossible.join(' and ')} than any call can have: the cost is estimated`;
      return { ...estimatedCost(model, request, text, pricing), warning };
    }
    // What is left of a usage that cannot be is no more than a hint.
    const source = providerWarnings(response).length === 0 ? 'reported' : 'estimated';
    return priced(model, pricing, source, () => usage);
  } catch {
    // A response of foreign code may throw when it is read.
    return unknownCost;
  }
};

const statedSource = (source: unknown): 'reported' | 'estimated' | 'partial' =>
  source === 'estimated' || source === 'partial' ? source : 'reported';

/** Whether a usage has both totals, and its parts are not above them. */
const isUsable = (usage: Usage | undefined): usage is Usage => {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage ?? {};
  return (
    isAmount(inputTokens) &&
    isAmount(outputTokens) &&
    !((reasoningTokens ?? 0) > outputTokens) &&
    !((cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0) > inputTokens)
  );
};

/** Estimates the cost of a call by its request and by the text that it had written. Never throws. */
export const estimatedCost = (
  model: ModelIdentity,
  { system, messages }: ModelRequest,
  written: string,
  pricing: Pricing | undefined,
): Cost => {
  if (pricing === undefined) return unknownCost;
  return priced(model, pricing, 'estimated', () => {
    const texts = [
      ...(system === undefined ? [] : [system]),
      ...messages.map(({ content }) => writtenIn(content)),
    ];
    return {
      inputTokens: returned(pricing.countTokens(texts.join('\n')), aCount),
      outputTokens: returned(pricing.countTokens(written), aCount),
    };
  });
};
