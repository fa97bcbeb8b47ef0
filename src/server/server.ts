/**
 * Ensembles behind HTTP: a handler for every host with `fetch`-style handlers.
 *
 * @packageDocumentation
 */

export type { Caller, Callers } from './callers.ts';
export {
  type CloseOptions,
  createEnsembleHandler,
  type EnsembleHandler,
  type EnsembleHandlerOptions,
} from './create-ensemble-handler.ts';
export type { HttpError } from './request-refusal.ts';
export { RequestRefusal } from './request-refusal.ts';
export type { ServableEnsemble } from './serve-prediction.ts';
export type { ServedEvent, ServedPrediction } from './served-event.ts';
export { toHttpError } from './to-http-error.ts';
