import { containedCall } from '../domain/contained-call.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { attemptListener, type ModelRequest, smallerLimit } from '../domain/request.ts';
import {
  accepting,
  aModel,
  checked,
  hasMethods,
  oneOf,
  reading,
  refuse,
  required,
  shown,
  suchThat,
  wholeNumber,
} from '../options.ts';
import { beginBudgetedCall } from './budgeted-call.ts';
import { type CapLedger, createCapLedger } from './cap-ledger.ts';
import { ledgerOf, type SpendingCap, usdAmount } from './spending-cap.ts';

/** How much calls may cost, and the most that a single call may cost. */
export interface BudgetOptions {
  /** The caps that each call has to stay within. Default: none. */
  readonly caps?: readonly SpendingCap[] | undefined;
  /** The most that the calls of one prediction may cost together, in USD: above 0 up to 1,000,000. Default: no limit. */
  readonly perPredictionUsd?: number | undefined;
  /**
   * The maximum number of tokens that a call may write, from 1. It is sent with each call. Default: the limit of the model;
   * required if the model has none.
   */
  readonly maxOutputTokens?: number | undefined;
  /** Prices of calls. In the short form, the default is the pricing of the ensemble. */
  readonly pricing: Pricing;
  /** Whether to `refuse` or `allow` a call if no price is known for its model. Default `refuse`. */
  readonly onUnknownPrice?: 'refuse' | 'allow' | undefined;
  /** The charge for a 5xx of the provider: the `most` that the call may cost, or 0 (`free`). Default `most`. */
  readonly serverErrors?: 'most' | 'free' | undefined;
  /**
   * The charge for a cancelled call: the `most` that it may cost, because the provider may continue to generate, or an
   * `estimate` for the text so far. Default `most`.
   */
  readonly cancelledCalls?: 'most' | 'estimate' | undefined;
}

/**
 * A policy that refuses calls that could exceed a limit in USD. The highest possible cost of a call is reserved before the
 * call, and replaced by the actual cost when the call has ended in any way.
 *
 * ```text
 * cap: 10, each call at most 6, in fact 2
 * a      ^--4|            reserves 6, costs 2
 * b      ---^--4|         waits, because 6 more might be too much; then 8 are left
 * c      ------^--4|      6 are left
 * d      ------#          BudgetExceededError at 9: 4 are left, and 6 may be needed
 * ```
 *
 * If the reservations of calls in flight leave too little for a call, it waits for them, first come, first served. If it is
 * unsubscribed meanwhile, nothing is sent. A call that exceeds the remaining budget fails at once with
 * `BudgetExceededError`, which is not retryable; the prediction names the model in `missing`. Apply this policy innermost,
 * so that a retry can wait for money.
 *
 * The highest possible cost is the price of `maxOutputTokens`, and of one input token for each byte of the request, because
 * no tokenizer makes more tokens. The limit is sent with the request. A call that was not sent, or that the provider
 * refused, is settled with 0; one with a reported cost is settled with that cost; any other with the highest possible cost,
 * because it may be billed.
 *
 * Policies inside this one report their attempts, so each attempt is reserved and settled separately. A retry that exceeds
 * the remaining budget at that moment is not sent.
 *
 * @throws {ConfigError} for options out of range, if neither `caps` nor `perPredictionUsd` is given, and for a model whose
 * output nothing limits.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
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
  return reading('budget', () => {
    refuse(
      ledgerOf(options) === undefined
        ? []
        : [
            'budget: expected an options object, but got a spending cap; did you mean budget({ caps: [yours] })?',
          ],
    );
    const { caps, perPredictionUsd, maxOutputTokens, ...terms } = checked(
      'budget',
      options,
      {
        caps: [capList, []],
        perPredictionUsd: usdAmount,
        maxOutputTokens: wholeNumber(1),
        pricing: required(pricingObject),
        onUnknownPrice: [oneOf(['refuse', 'allow'], ''), 'refuse'],
        serverErrors: [oneOf(['most', 'free'], ''), 'most'],
        cancelledCalls: [oneOf(['most', 'estimate'], ''), 'most'],
      },
      capFaults(options),
    );
    const shared = caps.map((cap) => ledgerOf(cap) as CapLedger);
    const ofPredictions = new WeakMap<object, CapLedger>();

    const capsFor = (request: ModelRequest): readonly CapLedger[] => {
      if (perPredictionUsd === undefined) return shared;
      // A call without an ensemble is a prediction of its own.
      const prediction = attemptListener(request)?.prediction ?? {};
      const own =
        ofPredictions.get(prediction) ?? createCapLedger(perPredictionUsd, Number.POSITIVE_INFINITY);
      ofPredictions.set(prediction, own);
      return [own, ...shared];
    };

    return accepting('budget', aModel, (model) => {
      refuse(limitFaults(model, maxOutputTokens));
      const limit = smallerLimit(model.maxOutputTokens, maxOutputTokens) as number;
      const added = { tokens: 0 };
      return {
        ...model,
        maxOutputTokens: limit,
        call: containedCall((request, subscriber) => {
          const most = Math.min(limit, request.maxOutputTokens ?? limit);
          const limited = { ...request, maxOutputTokens: most };
          beginBudgetedCall({ model, request: limited, caps: capsFor(request), added, terms }, subscriber);
        }),
      };
    });
  });
};

const capFaults = (options: BudgetOptions | undefined): string[] => {
  const { caps, perPredictionUsd } = options ?? {};
  const hasNone = caps === undefined || (Array.isArray(caps) && caps.length === 0);
  return perPredictionUsd === undefined && hasNone
    ? ['budget: one of "caps" and "perPredictionUsd" must be given, such as { perPredictionUsd: 0.05 }']
    : [];
};

/** Returns the fault of a model for which the most that a call can cost is unknown. */
const limitFaults = ({ id, maxOutputTokens: own }: Model, maxOutputTokens: number | undefined): string[] => {
  if (own !== undefined && wholeNumber(1)(own) !== undefined) {
    return [
      `budget: "maxOutputTokens" of model ${shown(id)} must be ${wholeNumber(1)(own)}, but got ${shown(own)}`,
    ];
  }
  return (own ?? maxOutputTokens) === undefined
    ? [
        `budget: the most that a call of model ${shown(id)} can cost is unknown, because nothing limits its output: set "maxOutputTokens" on the model, or on the budget`,
      ]
    : [];
};

const pricingObject = suchThat('a pricing with priceOf and countTokens, such as genaiPrices()', (value) =>
  hasMethods(value, 'priceOf', 'countTokens'),
);

const capList = suchThat(
  'an array of caps, such as spendingCap({ maxUsd: 1 })',
  (value) => Array.isArray(value) && value.every((cap) => ledgerOf(cap) !== undefined),
);
