/**
 * Ensembles in Angular, over a server: signals and Observables that end their requests with their component.
 *
 * @packageDocumentation
 */

export { type InjectedEnsemble, injectEnsemble, provideEnsembleClient } from './ensemble-client.ts';
export {
  type PredictionResource,
  type PredictResourceOptions,
  type PredictStatus,
  predictResource,
} from './predict-resource.ts';
