import { catalog, shortNames } from '../../catalog/models.ts';

/** Returns the names of models that a shell completes: the short ones, and `provider/model`. */
export const knownModels = (): readonly string[] => [
  ...Object.keys(shortNames),
  ...catalog.map(({ provider, modelId }) => `${provider}/${modelId}`),
];
