import { type CatalogModel, catalog, shortNames } from './models.ts';

const models: ReadonlyMap<string, CatalogModel> = new Map(
  catalog.map((model) => [`${model.provider}/${model.modelId}`, model]),
);

/** The name that a short name stands for; any other name as it is. */
export const fullName = (name: string): string =>
  Object.hasOwn(shortNames, name) ? (shortNames[name] ?? name) : name;

/** What the catalog knows of the model of a name, if anything. */
export const findModel = (name: string): CatalogModel | undefined => models.get(fullName(name));
