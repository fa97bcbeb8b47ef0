/**
 * Ensembles of models by name: keys come from environment variables, and prices are included.
 *
 * @packageDocumentation
 */

export {
  type CostEstimate,
  estimateCost,
  type PricedName,
  type TokenCounts,
} from '../catalog/estimate-cost.ts';
export { lifecycleWarning } from '../catalog/lifecycle-warning.ts';
export { type Capabilities, type CatalogModel, catalog, shortNames } from '../catalog/models.ts';
export type { NamedModel } from '../catalog/parse-name.ts';
export { resolveModel } from '../catalog/resolve-model.ts';
export { type AutoEnsemble, type AutoEnsembleOptions, createAutoEnsemble } from './create-auto-ensemble.ts';
export { modelOf } from './model-of.ts';
export type { NameOptions } from './model-resolver.ts';
export type { ModelSettings, ModelSpec, PanelMember } from './model-spec.ts';
export type { ProviderAccess } from './named-model.ts';
export { type AutoPredictOptions, predict, predictStream } from './predict.ts';
