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
import { type Check, faultsOf, oneOf, refuse, wholeNumber } from '../options.ts';
import { reservedIn } from './reserved-in.ts';
import { type SpendingCap, spendingCap, usdAmount } from './spending-cap.ts';

/** What calls may cost, and what they are taken to cost at the most. */
export interface BudgetOptions {
  /** The caps that every call has to keep to, all of them. Default: none. */
  readonly caps?: readonly SpendingCap[] | undefined;
  /** The most that the calls of one prediction may cost together, in USD. Default: no limit of its own. */
  readonly perPredictionUsd?: number | undefined;
  /** The most tokens that a call may write, which its model is to be held to as well. From 1. */
  readonly maxOutputTokens: number;
  /** Knows what calls cost. In the short form, the default is that of the ensemble. */
  readonly pricing: Pricing;
  /** What becomes of a call that nobody knows the price of: `refuse` or `allow`. Default `refuse`. */
  readonly onUnknownPrice?: 'refuse' | 'allow' | undefined;
}

/**
 * A policy that makes no call that could cost more than is left. The most that a call may cost is reserved before it
 * is sent, and settled with what it did cost when it has ended, however it ends.
 *
 * ```text
 * cap: 10, each call at the most 6, really 2
 * a      ^--4|            reserves 6, costs 2
 * b      ---^--4|         waits, since 6 more might be too much; then 8 are left
 * c      ------^--4|      6 are left
 * d      ------#          BudgetExceededError at 9: 4 are left, and 6 may be needed
 * ```
 *
 * A call that does not fit because others are out waits for them, first come, first served, and is never made if it
 * is unsubscribed meanwhile. One that cannot fit fails at once with `BudgetExceededError`, which is not retryable:
 * a prediction has it in `missing`. Where the policy stands innermost, every retry and every hedge reserves for
 * itself.
 *
 * The most that a call may cost is the price of `maxOutputTokens` and of one token for each byte of the question,
 * which no tokenizer exceeds. It is only the most if the model is held to `maxOutputTokens`. A call without a known
 * cost is settled with the most; one that was given up, with an estimate; one that the provider refused, with 0.
 *
 * @throws {ConfigError} for options out of range, and where there is neither a cap nor `perPredictionUsd`.
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
  refuse(budgetFaults(options));
  const { caps = [], perPredictionUsd, maxOutputTokens, pricing, onUnknownPrice = 'refuse' } = options;
  const ofPredictions = new WeakMap<object, SpendingCap>();

  const capsFor = (request: ModelRequest): readonly SpendingCap[] => {
    if (perPredictionUsd === undefined) return caps;
    // Who asks a model directly has a prediction for each call.
    const prediction = attemptListener(request)?.prediction ?? {};
    const own = ofPredictions.get(prediction) ?? spendingCap({ maxUsd: perPredictionUsd });
    ofPredictions.set(prediction, own);
    return [own, ...caps];
  };

  return (model) => ({
    ...model,
    call: (request) =>
      defer(() => {
        const usage = { inputTokens: mostTokens(request), outputTokens: maxOutputTokens };
        const worstUsd = priced(model, pricing, 'estimated', () => usage).costUsd;
        if (worstUsd === undefined && onUnknownPrice === 'refuse') {
          return throwError(() => new BudgetExceededError(model.id, 'nobody knows what a call costs'));
        }
        const mostUsd = worstUsd ?? 0;
        let written = '';
        const estimateUsd = () => estimatedCost(model, request, written, pricing).costUsd ?? mostUsd;
        attemptListener(request)?.attemptWaits(true);
        return reservedIn(capsFor(request), mostUsd, model.id).pipe(
          concatMap((settle) =>
            defer(() => {
              attemptListener(request)?.attemptWaits(false);
              return model.call(request);
            }).pipe(
              tap({
                next: (output) => {
                  if (isDelta(output)) written += output.delta;
                  else settle(costOf(model, request, output, pricing).costUsd ?? mostUsd);
                },
                error: (error) => settle(billedFor(error) ?? estimateUsd()),
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

/** The tokens that frame a message in the prompt of a chat. */
const FRAME_TOKENS = 16;

/** The most tokens that a request can have: none is of less than a byte. */
const mostTokens = ({ system, messages, answerSchema }: ModelRequest): number =>
  [
    ...(system === undefined ? [] : [system]),
    ...(answerSchema === undefined ? [] : [JSON.stringify(answerSchema)]),
    ...messages.map(({ content }) => content),
  ].reduce((tokens, text) => tokens + FRAME_TOKENS + new TextEncoder().encode(text).length, 0);

/** What a call that failed has cost: as it says, or nothing where the provider refused it; else nobody knows. */
const billedFor = (error: unknown): number | undefined => {
  if (!(error instanceof ModelError)) return undefined;
  const isRefusal = [RateLimitError, AuthenticationError, InvalidRequestError, ProviderError].some(
    (refusal) => error instanceof refusal,
  );
  return costOfFailure(error)?.costUsd ?? (isRefusal ? 0 : undefined);
};

const isPricing: Check = (value) =>
  ['priceOf', 'countTokens'].every((name) => typeof Reflect.get(Object(value), name) === 'function')
    ? undefined
    : 'a pricing with priceOf and countTokens, such as genaiPrices()';

const areCaps: Check = (value) =>
  Array.isArray(value) && value.every((cap) => typeof cap?.reserve === 'function')
    ? undefined
    : 'an array of caps, such as spendingCap({ maxUsd: 1 })';

const budgetFaults = (options: BudgetOptions): readonly string[] => [
  ...faultsOf('budget', options, {
    caps: areCaps,
    perPredictionUsd: usdAmount,
    maxOutputTokens: wholeNumber(1),
    pricing: isPricing,
    onUnknownPrice: oneOf(['refuse', 'allow'], ''),
  }),
  ...(['maxOutputTokens', 'pricing'] as const)
    .filter((name) => options?.[name] === undefined)
    .map((name) => `budget: option "${name}" is missing`),
  ...(options?.perPredictionUsd === undefined && (options?.caps?.length ?? 0) === 0
    ? ['budget: one of "caps" and "perPredictionUsd" must be given']
    : []),
];
