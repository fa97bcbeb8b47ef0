/**
 * The client of an ensemble server, for browsers and for every runtime with `fetch`.
 *
 * @packageDocumentation
 */

export {
  createEnsembleClient,
  type EnsembleClient,
  type EnsembleClientOptions,
  type RemoteOptions,
} from './create-ensemble-client.ts';
export {
  type CallProgress,
  cancelledProgress,
  nextProgress,
  noProgress,
  type PredictionProgress,
} from './next-progress.ts';
export { RemoteError, type RemoteErrorCode, type RemoteErrorOptions } from './remote-error.ts';
export type {
  RemoteAttempt,
  RemoteEvent,
  RemoteEvents,
  RemoteFailure,
  RemoteOutcome,
  RemotePrediction,
} from './remote-prediction.ts';
