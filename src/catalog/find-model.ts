import { type CatalogModel, catalog, shortNames } from './models.ts';

const models: ReadonlyMap<string, CatalogModel> = new Map(
  catalog.map((model) => [`${model.provider}/${model.modelId}`, model]),
);

/** Returns the full name of a short name, and any other name unchanged. */
export const fullName = (name: string): string =>
  Object.hasOwn(shortNames, name) ? (shortNames[name] ?? name) : name;

/** Returns the catalog entry of a full or short name. */
export const findModel = (name: string): CatalogModel | undefined => models.get(fullName(name));
