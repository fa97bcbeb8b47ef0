import { priced } from '../domain/cost.ts';
import type { Model } from '../domain/model.ts';
import type { Price, Pricing } from '../domain/pricing.ts';
import { quotedName } from '../domain/quoting.ts';
import { isSimulated } from '../models/simulated.ts';
import { suchThat } from '../options.ts';
import type { BudgetOptions } from '../policies/budget.ts';
import { spendingCap } from '../policies/spending-cap.ts';

/** The check of `--max-usd`. */
export const aboveZeroUsd = suchThat(
  'a number of USD above 0',
  (value) => typeof value === 'number' && value > 0,
);

/** The most that a call writes under `--max-usd`, unless its model has a smaller limit. */
export const MAX_OUTPUT_TOKENS = 4096;

/** The budget of `--max-usd`. */
export const budgetOf = (maxUsd: number | undefined): Omit<BudgetOptions, 'pricing'> | undefined =>
  maxUsd === undefined ? undefined : { maxOutputTokens: MAX_OUTPUT_TOKENS, caps: [spendingCap({ maxUsd })] };

/** The models with calls that a limit of money would refuse, one by one. */
export const priceFaults = (
  models: readonly Model[],
  pricing: Pricing | undefined,
  file: string,
): string[] => {
  const usage = { inputTokens: 1, outputTokens: 1 };
  const unpriced = models.filter(
    (model) =>
      pricing === undefined || priced(model, pricing, 'estimated', () => usage).costUsd === undefined,
  );
  return unpriced.map(
    ({ id }) =>
      `--max-usd needs the price of every model, but that of ${quotedName(id)} is unknown: state it as "price" of the model ${file}, or remove --max-usd`,
  );
};

/** Prices in which a call of a simulated model costs what it reports, so that a limit can be tried with them. */
export const withNominalPrices = (pricing: Pricing): Pricing => ({
  ...pricing,
  priceOf: (model, usage) =>
    isSimulated(model as Model) ? nominalPrice(model as Model) : pricing.priceOf(model, usage),
});

const nominalPrice = ({ settings }: Model): Price => ({ usd: Number(settings?.costUsd ?? 0) });
