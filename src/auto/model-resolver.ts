import { EMPTY } from 'rxjs';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { quotedName } from '../domain/quoting.ts';
import { statedConfidence } from '../models/stated-confidence.ts';
import { faultsOf, ofType, oneOf, properName, shown } from '../options.ts';
import { digestOf } from './digest-of.ts';
import { leastRecentlyUsed } from './least-recently-used.ts';
import { type ModelSpec, type PanelMember, priceFaults, specName } from './model-spec.ts';
import { namedModel, type ProviderAccess, type ResolvedModel } from './named-model.ts';

/** The names, keys, addresses and prices that resolve names to models. */
export interface NameOptions extends ProviderAccess {
  /** Your own names, for models or for names with options. Default: none. */
  readonly names?: Readonly<Record<string, PanelMember>> | undefined;
}

/** Models of options that a function of the query created again; the caches and circuits of others are lost. */
const MOST_SPECS = 1000;

/**
 * Returns a function that makes the model of a member. Equal members have the same model, so that its circuit, its limits
 * and its cache are the same too, also in panels that are chosen by the query.
 *
 * @param variables the environment. Default: that of the process.
 */
export const modelResolver = (
  { names = {}, ...access }: NameOptions,
  variables?: Readonly<Record<string, string | undefined>>,
): ((member: PanelMember) => ResolvedModel) => {
  const own = (name: string): PanelMember | undefined =>
    Object.hasOwn(names, name) ? names[name] : undefined;

  const resolve = (member: PanelMember, open: readonly string[]): ResolvedModel => {
    if (!isObject(member) && typeof member !== 'string')
      return unusable('unknown', `expected a model, its name, or { model: name }, but got ${shown(member)}`);
    if (isModel(member)) return { model: member, faults: [] };
    const spec: ModelSpec = typeof member === 'string' ? { model: member } : member;
    const meant = own(spec.model);
    if (meant === undefined) return namedModel(spec, access, variables);
    if (open.includes(spec.model))
      return unusable(spec.model, `names: ${quotedName(spec.model)} stands for itself; give it a model`);
    const { id = spec.model } = spec;
    if (isModel(meant)) return ownModel(meant, { ...spec, id });
    const inner: ModelSpec = typeof meant === 'string' ? { model: meant } : meant;
    const { model: _, ...changes } = spec;
    return resolve({ ...inner, ...changes, ...settingsOf(inner, spec), id }, [...open, spec.model]);
  };

  const models = leastRecentlyUsed<ResolvedModel>(MOST_SPECS);
  return (member) => {
    const key = isModel(member) ? undefined : digestOf(member);
    return key === undefined ? resolve(member, []) : models.get(key, () => resolve(member, []));
  };
};

const isModel = (member: unknown): member is Model =>
  isObject(member) && typeof Reflect.get(member, 'call') === 'function';

const unusable = (id: string, fault: string): ResolvedModel => ({
  model: { id, call: () => EMPTY },
  faults: [fault],
});

/** Settings are merged one by one, so that one of them can be changed. */
const settingsOf = (inner: ModelSpec, outer: ModelSpec): Pick<ModelSpec, 'settings'> =>
  isObject(inner.settings) && isObject(outer.settings)
    ? { settings: { ...inner.settings, ...outer.settings } }
    : {};

/** A model under a name of one's own. Its other options are those that it was made with. */
const ownModel = (
  meant: Model,
  { model: _, ...spec }: ModelSpec & { readonly id: string },
): ResolvedModel => {
  const owner = specName({ model: spec.id });
  const faults = faultsOf(owner, spec, {
    id: properName,
    confidence: oneOf(['stated'], ''),
    price: ofType('object'),
  });
  const model = { ...meant, id: spec.id };
  return {
    model: spec.confidence === 'stated' ? statedConfidence(model) : model,
    price: spec.price,
    faults: [...faults, ...priceFaults(owner, spec)],
  };
};
