import { concatMap, defer, takeWhile, tap, throwError } from 'rxjs';
import { costOf, costOfFailure, estimatedCost, priced } from '../domain/cost.ts';
import {
  AuthenticationError,
  BudgetExceededError,
  InvalidRequestError,
  ModelError,
  ProviderError,
  RateLimitError,
} from '../domain/errors.ts';
import { isDelta, type Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';
import { checked, hasMethods, oneOf, required, suchThat, wholeNumber } from '../options.ts';
import { contained } from './attempt.ts';
import { type CapLedger, createCapLedger } from './cap-ledger.ts';
import { reservedIn } from './reserved-in.ts';
import { ledgerOf, type SpendingCap, usdAmount } from './spending-cap.ts';

/** How much calls may cost, and the most that a single call may cost. */
export interface BudgetOptions {
  /** The caps that each call has to stay within. Default: none. */
  readonly caps?: readonly SpendingCap[] | undefined;
  /** The most that the calls of one prediction may cost together, in USD: above 0 up to 1,000,000. Default: no limit. */
  readonly perPredictionUsd?: number | undefined;
  /** The most tokens that a call may write, from 1. Set the same limit on the model. */
  readonly maxOutputTokens: number;
  /** Prices of calls. In the short form, the default is the pricing of the ensemble. */
  readonly pricing: Pricing;
  /** Whether to `refuse` or `allow` a call if no price is known for its model. Default `refuse`. */
  readonly onUnknownPrice?: 'refuse' | 'allow' | undefined;
}

/**
 * A policy that refuses calls that could cost more than is left. The most that a call may cost is reserved before the
 * call, and settled with its actual cost when the call has ended, however it ends.
 *
 * ```text
 * cap: 10, each call at most 6, in fact 2
 * a      ^--4|            reserves 6, costs 2
 * b      ---^--4|         waits, because 6 more might be too much; then 8 are left
 * c      ------^--4|      6 are left
 * d      ------#          BudgetExceededError at 9: 4 are left, and 6 may be needed
 * ```
 *
 * If a call does not fit because other calls are in flight, it waits for them, first come, first served. If it is
 * unsubscribed meanwhile, nothing is sent. A call that cannot fit fails at once with `BudgetExceededError`, which is not
 * retryable; the prediction names the model in `missing`. Apply this policy innermost, so that each retry and each hedge
 * reserves for itself.
 *
 * The most that a call may cost is the price of `maxOutputTokens`, and of one input token for each byte of the request,
 * because no tokenizer makes more. This holds only if the model itself is limited to `maxOutputTokens`. A call whose cost
 * is unknown is settled with the most, a cancelled call with an estimate, and a call that the provider refused with 0.
 *
 * @throws {ConfigError} for options out of range, and if neither `caps` nor `perPredictionUsd` is given.
 *
 * @example
 * ```ts
 * import { budget, spendingCap } from 'crucible-ensemble/policies';
 *
 * const pricing = { priceOf: () => ({ usd: 0.4 }), countTokens: (text: string) => text.length };
 * const cap = spendingCap({ maxUsd: 1 });
 * const capped = budget({ caps: [cap], maxOutputTokens: 100, pricing });
 * const models = ['a', 'b', 'c'].map((id) => capped(defineModel(id, () => 'Paris')));
 * const { metadata } = await createEnsemble({ models }).predict('What is the capital of France?');
 * metadata.missing; // => [{ model: 'c', reason: 'BudgetExceededError' }]
 * cap.spentUsd(); // => 0.8
 * ```
 */
export const budget = (options: BudgetOptions): ((model: Model) => Model) => {
  const { caps, perPredictionUsd, maxOutputTokens, pricing, onUnknownPrice } = checked(
    'budget',
    options,
    {
      caps: [capList, []],
      perPredictionUsd: usdAmount,
      maxOutputTokens: required(wholeNumber(1)),
      pricing: required(pricingObject),
      onUnknownPrice: [oneOf(['refuse', 'allow'], ''), 'refuse'],
    },
    options?.perPredictionUsd === undefined && (options?.caps?.length ?? 0) === 0
      ? ['budget: one of "caps" and "perPredictionUsd" must be given']
      : [],
  );
  const shared = caps.map((cap) => ledgerOf(cap) as CapLedger);
  const ofPredictions = new WeakMap<object, CapLedger>();

  const capsFor = (request: ModelRequest): readonly CapLedger[] => {
    if (perPredictionUsd === undefined) return shared;
    // A call without an ensemble is a prediction of its own.
    const prediction = attemptListener(request)?.prediction ?? {};
    const own = ofPredictions.get(prediction) ?? createCapLedger(perPredictionUsd, Number.POSITIVE_INFINITY);
    ofPredictions.set(prediction, own);
    return [own, ...shared];
  };

  return (model) => ({
    ...model,
    call: (request) =>
      defer(() => {
        const usage = { inputTokens: mostTokens(request), outputTokens: maxOutputTokens };
        const worstUsd = priced(model, pricing, 'estimated', () => usage).costUsd;
        if (worstUsd === undefined && onUnknownPrice === 'refuse') {
          return throwError(() => new BudgetExceededError(model.id, UNKNOWN_PRICE));
        }
        const mostUsd = worstUsd ?? 0;
        let written = '';
        const estimateUsd = () => estimatedCost(model, request, written, pricing).costUsd ?? mostUsd;
        attemptListener(request)?.attemptWaits(true);
        return reservedIn(capsFor(request), mostUsd, model.id).pipe(
          concatMap((settle) =>
            defer(() => {
              attemptListener(request)?.attemptWaits(false);
              return contained(model, request);
            }).pipe(
              tap({
                next: (output) => {
                  if (isDelta(output)) written += output.delta;
                  else settle(costOf(model, request, output, pricing).costUsd ?? mostUsd);
                },
                error: (error) => settle(costOfError(error) ?? estimateUsd()),
                complete: () => settle(estimateUsd()),
                unsubscribe: () => settle(estimateUsd()),
              }),
              takeWhile(isDelta, true),
            ),
          ),
        );
      }),
  });
};

const UNKNOWN_PRICE = `no price is known for this model: set "pricing", or onUnknownPrice: 'allow'`;

/** The tokens that frame a message in the prompt of a chat. */
const FRAME_TOKENS = 16;

/** Returns the most tokens that a request can have: a token has at least one byte. */
const mostTokens = ({ system, messages, answerSchema }: ModelRequest): number =>
  [
    ...(system === undefined ? [] : [system]),
    ...(answerSchema === undefined ? [] : [JSON.stringify(answerSchema)]),
    ...messages.map(({ content }) => content),
  ].reduce((tokens, text) => tokens + FRAME_TOKENS + new TextEncoder().encode(text).length, 0);

const refusals = [RateLimitError, AuthenticationError, InvalidRequestError, ProviderError];

/** Returns the cost of a failed call: as the error reports it, or 0 if the provider refused it. Else `undefined`. */
const costOfError = (error: unknown): number | undefined => {
  if (!(error instanceof ModelError)) return undefined;
  const isRefusal = refusals.some((refusal) => error instanceof refusal);
  return costOfFailure(error)?.costUsd ?? (isRefusal ? 0 : undefined);
};

const pricingObject = suchThat('a pricing with priceOf and countTokens, such as genaiPrices()', (value) =>
  hasMethods(value, 'priceOf', 'countTokens'),
);

const capList = suchThat(
  'an array of caps, such as spendingCap({ maxUsd: 1 })',
  (value) => Array.isArray(value) && value.every((cap) => ledgerOf(cap) !== undefined),
);
