/**
 * Ask several language models one question; get one answer, with how sure it is and what it cost.
 *
 * @packageDocumentation
 */

export { answerKey } from './answer-key.ts';
// Asking
export { createEnsemble, type Ensemble, type EventStream } from './ensemble.ts';
// Errors
export {
  AllModelsFailedError,
  BufferOverflowError,
  CancelledError,
  ConfigError,
  CrucibleError,
  InsufficientResponsesError,
  MalformedResponseError,
  ModelError,
  NoConsensusError,
  NoPredictionError,
  ReplayMissError,
  TimeoutError,
  UserCodeError,
} from './errors.ts';
// Executions, and the schedules and stop rules that they are made of
export type { Execution, Schedule, StopRule } from './execution.ts';
// Models
export type { Model, ModelResponse, Usage } from './model.ts';
export { type Ask, type AskContext, defineModel, type Said } from './models/define-model.ts';
export { type RecordedQuestion, type RecordedResponse, type ReplayOptions, replay } from './models/replay.ts';
export { type LongTail, type SimulatedOptions, simulated } from './models/simulated.ts';
// Reading answers
export { type Abstention, type AnswerOf, abstain, type Normalizer } from './normalizer.ts';
export { boolean } from './normalizers/boolean.ts';
export { choice } from './normalizers/choice.ts';
export { type JsonValue, json } from './normalizers/json.ts';
export { lowercaseTrim } from './normalizers/lowercase-trim.ts';
export { numeric } from './normalizers/numeric.ts';
export { type StandardSchema, schema } from './normalizers/schema.ts';
export { type ElectOptions, elect } from './operators/elect.ts';
// Operators
export { type PredictManyOptions, predictWith } from './operators/predict-with.ts';
export { stopWhen } from './operators/stop-when.ts';
export { type AsyncIterableOptions, toAsyncIterable } from './operators/to-async-iterable.ts';
export { vote } from './operators/vote.ts';
export type { Abstained, Answered, CallAccount, Cancelled, Failed, Outcome, Vote } from './outcome.ts';
export type { Prediction, PredictionMetadata } from './prediction.ts';
export type { Conversation, Message, ModelRequest, Query } from './query.ts';
export type { AnswerFor, EnsembleOptions, Normalization, PredictOverrides } from './settings.ts';
export { type CascadeOptions, cascade } from './strategies/execution/cascade.ts';
export { type HedgedOptions, hedged } from './strategies/execution/hedged.ts';
export { parallel } from './strategies/execution/parallel.ts';
export { type SequentialOptions, sequential } from './strategies/execution/sequential.ts';
export { staggered } from './strategies/execution/staggered.ts';
export { type AdaptiveOptions, adaptive } from './strategies/stopping/adaptive.ts';
export { allOf } from './strategies/stopping/all-of.ts';
export { anyOf } from './strategies/stopping/any-of.ts';
export { confident } from './strategies/stopping/confident.ts';
export { type ConsensusOptions, consensus } from './strategies/stopping/consensus.ts';
export { decided } from './strategies/stopping/decided.ts';
export { firstAnswer } from './strategies/stopping/first-answer.ts';
export { never } from './strategies/stopping/never.ts';
export { bestConfidence } from './strategies/voting/best-confidence.ts';
export { majority } from './strategies/voting/majority.ts';
export { unanimous } from './strategies/voting/unanimous.ts';
export { type WeightedOptions, weighted } from './strategies/voting/weighted.ts';
export type { StreamEvent } from './stream-event.ts';
export type { Tally } from './tally.ts';
export { textSimilarity } from './text-similarity.ts';
// Voting
export type { Standing, VoteFunction, Voter } from './voter.ts';
