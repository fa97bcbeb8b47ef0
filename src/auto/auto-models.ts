import { lifecycleWarning } from '../catalog/lifecycle-warning.ts';
import { type PriceOverride, priceByOverride } from '../catalog/price-override.ts';
import { runAside } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { quotedName } from '../domain/quoting.ts';
import type { Query } from '../domain/request.ts';
import { refuse } from '../options.ts';
import type { PanelMember } from './model-spec.ts';
import type { ResolvedModel } from './named-model.ts';

/** Options of {@link autoModels}. */
interface AutoModelOptions {
  readonly resolve: (member: PanelMember) => ResolvedModel;
  readonly pricing: Pricing | undefined;
  readonly onWarning: (warning: string) => void;
}

/** The models of one ensemble: those of its panel, and those that are chosen later. */
export interface AutoModels {
  /** The prices of the ensemble: those that members state, then those of its pricing. */
  readonly pricing: Pricing | undefined;
  panelOf(members: readonly PanelMember[]): readonly ResolvedModel[];
  /** Warns once of each model that is shut down, or will be soon. */
  warnAbout(panel: readonly ResolvedModel[]): void;
  /** Makes models of members that are chosen for a prediction. `members` may be a function of the query. */
  chosen(owner: string, members: unknown): unknown;
}

/** Makes the models of one ensemble. */
export const autoModels = ({ resolve, pricing, onWarning }: AutoModelOptions): AutoModels => {
  const prices = new Map<string, PriceOverride>();
  const seen = new Set<string>();

  const priced = (resolved: ResolvedModel): ResolvedModel => {
    const { model, price, faults } = resolved;
    if (price === undefined) return resolved;
    prices.set(model.id, price);
    const fault = `the price of ${quotedName(model.id)} has no effect with pricing: false; remove one of them`;
    return pricing === undefined ? { ...resolved, faults: [...faults, fault] } : resolved;
  };
  const panelOf: AutoModels['panelOf'] = (members) => members.map((member) => priced(resolve(member)));

  const warnAbout: AutoModels['warnAbout'] = (panel) => {
    const today = new Date();
    for (const { model } of panel) {
      const name = `${model.provider}/${model.modelId}`;
      const warning = seen.has(name) ? undefined : lifecycleWarning(name, today);
      seen.add(name);
      if (warning !== undefined) runAside('onWarning', () => onWarning(warning));
    }
  };

  const ofMembers = (owner: string, members: unknown): unknown => {
    // The ensemble refuses anything else.
    if (!Array.isArray(members)) return members;
    const panel = panelOf(members);
    refuse(faultsIn(owner, panel));
    warnAbout(panel);
    return modelsIn(panel);
  };

  return {
    panelOf,
    warnAbout,
    pricing: isObject(pricing) ? pricedFirst(prices, pricing) : pricing,
    chosen: (owner, members) =>
      typeof members === 'function'
        ? (query: Query) => ofMembers(`${owner}: models(query)`, members(query))
        : ofMembers(owner, members),
  };
};

/** The models of a panel. */
export const modelsIn = (panel: readonly ResolvedModel[]): Model[] => panel.map(({ model }) => model);

/** The faults of a panel, each of them once. */
export const faultsIn = (owner: string, panel: readonly ResolvedModel[]): readonly string[] => [
  ...new Set(panel.flatMap(({ faults }) => faults.map((fault) => `${owner}: ${fault}`))),
];

/** Prices of models by id, before those of a pricing. */
const pricedFirst = (prices: ReadonlyMap<string, PriceOverride>, pricing: Pricing): Pricing => ({
  ...pricing,
  priceOf: (model, usage) => {
    const price = prices.get(model.id);
    return price === undefined
      ? pricing.priceOf(model, usage)
      : priceByOverride(price, usage, { at: new Date(), provider: model.provider });
  },
});
