/**
 * Ensembles behind HTTP: a handler for every host with `fetch`-style handlers.
 *
 * @packageDocumentation
 */

export type { Caller, Callers, Settle } from './callers.ts';
export {
  type ApiKey,
  type CallersOptions,
  createCallers,
  type KeyBudget,
  type KeyedCallers,
  type KeyRateLimit,
  type KeySpending,
} from './create-callers.ts';
export {
  type CloseOptions,
  createEnsembleHandler,
  type EnsembleHandler,
  type EnsembleHandlerOptions,
} from './create-ensemble-handler.ts';
export type { PageOptions } from './page/page-options.ts';
export type { Period } from './period.ts';
export type { HttpError } from './request-refusal.ts';
export { RequestRefusal } from './request-refusal.ts';
export type { ServableEnsemble } from './serve-prediction.ts';
export type { ServedEvent, ServedPrediction } from './served-event.ts';
export { memorySpendStore, type SpendStore } from './spend-store.ts';
export { toHttpError } from './to-http-error.ts';
export type {
  Alert,
  AlertRule,
  FailingMemberRule,
  LowConsensusRule,
  SpendRule,
} from './watch/alert.ts';
export type {
  DailySpending,
  MemberSummary,
  RecentPrediction,
  Watched,
} from './watch/recent-prediction.ts';
