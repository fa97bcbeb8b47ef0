import { closest } from '../domain/closest.ts';
import { quoted } from '../domain/quoted.ts';
import { type CatalogModel, catalog, shortNames } from './models.ts';
import { providers } from './providers.ts';

/** A model by its name. */
export interface NamedModel {
  /** The name as given. It identifies the model in votes, weights and costs. */
  readonly id: string;
  readonly provider: string;
  /** The name of the model at its provider. */
  readonly modelId: string;
}

const byName: ReadonlyMap<string, CatalogModel> = new Map(
  catalog.map((model) => [`${model.provider}/${model.modelId}`, model]),
);

/** Returns the full name of a short name, and any other name unchanged. */
export const fullName = (name: string): string =>
  Object.hasOwn(shortNames, name) ? (shortNames[name] ?? name) : name;

/** Returns the catalog entry of a full or short name. */
export const findModel = (name: string): CatalogModel | undefined => byName.get(fullName(name));

/** Splits a name into provider and model, or returns the fault of the name. */
export const parseName = (name: string): NamedModel | { readonly fault: string } => {
  const full = fullName(name);
  const slash = full.indexOf('/');
  const [provider, modelId] = [full.slice(0, Math.max(slash, 0)), full.slice(slash + 1)];
  if (provider === '' || modelId === '') return { fault: unknownModel(name) };
  return providers.includes(provider)
    ? { id: name, provider, modelId }
    : { fault: unknownProvider(provider) };
};

const unknownProvider = (provider: string): string => {
  const meant = closest(provider, providers);
  return meant === undefined
    ? `there is no provider ${quoted(provider)}; the providers are ${providers.join(', ')}`
    : `there is no provider "${provider}"; did you mean "${meant}"?`;
};

const unknownModel = (name: string): string => {
  const meant = closest(name, [...spellings.keys()]);
  return meant === undefined
    ? `there is no model ${quoted(name)}; write it as provider/model, such as openai/gpt-6-luna`
    : `there is no model "${name}"; did you mean "${spellings.get(meant)}"?`;
};

/** Accepted spellings in suggestions, and the names that they stand for. A model without its provider is one. */
const spellings: ReadonlyMap<string, string> = new Map([
  ...Object.keys(shortNames).map((name) => [name, name] as const),
  ...catalog.flatMap(({ provider, modelId }) => {
    const full = `${provider}/${modelId}`;
    return [[full, full] as const, [modelId, full] as const];
  }),
]);
