/**
 * Ask several language models one question; get one answer, with how sure it is and what it cost.
 *
 * @packageDocumentation
 */

// Asking
export { createEnsemble } from './ensemble.ts';
export type { Ensemble, PredictAll, PredictEach } from './values/ensemble.ts';
export type { OnError, PredictManyOptions } from './operators/predict-one.ts';
export type {
  AnswerWithTools,
  EventStream,
  Predict,
  PredictionForms,
  ToolQuery,
} from './engine/predict.ts';
export type {
  EnsembleOptions,
  PredictOverrides,
  OverridesFor,
} from './engine/ensemble-options.ts';
export type { StrategyName } from './strategies/named-strategies.ts';
export type { ExecutionName } from './strategies/named-strategies.ts';
export type { AnswerFor, NamedNormalizers, Normalization } from './normalizers/normalizers.ts';
export type {
  Conversation,
  ModelRequest,
  Query,
} from './domain/request.ts';
export type {
  AssistantMessage,
  FileData,
  FilePart,
  ImagePart,
  Message,
  ReasoningPart,
  RequestMessage,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolOutput,
  ToolResultPart,
  UserMessage,
} from './domain/message.ts';
export type { Attachment } from './domain/attachment.ts';
export type { JsonSchema, RequestTool, Tool, ToolCall, ToolChoice } from './domain/tools.ts';
export type { QuerySettings } from './domain/query-settings.ts';
export type { ReasoningEffort } from './domain/reasoning-effort.ts';
export { promptOf } from './engine/to-request.ts';
export type {
  Decision,
  MissingMember,
  Prediction,
  PredictionMetadata,
  StoppedBy,
} from './domain/prediction.ts';
export type { StreamEvent } from './domain/stream-event.ts';
export type {
  Abstained,
  Answered,
  Attempt,
  CallAccount,
  Cancelled,
  CostSource,
  Failed,
  Outcome,
  Vote,
} from './domain/outcome.ts';
export type { AbortCause, AbortReason } from './domain/abort-reason.ts';
export type { ModelIdentity } from './domain/attempt.ts';

// Models
export type {
  ConfidenceSource,
  FinishReason,
  Model,
  ModelDelta,
  ModelResponse,
  Usage,
} from './domain/model.ts';
export type { ProviderMetadata } from './domain/provider-report.ts';
export { defineModel, type ModelFunction, type ModelFunctionContext } from './models/define-model.ts';
export { type LongTail, type SimulatedOptions, simulated } from './models/simulated.ts';
export { type RecordedQuestion, type RecordedResponse, type ReplayOptions, replay } from './models/replay.ts';
export { withConfidence } from './models/with-confidence.ts';
export { statedConfidence } from './models/stated-confidence.ts';
export type { Price, Pricing } from './domain/pricing.ts';

// Policies, as options of an ensemble; as functions, they are in crucible-ensemble/policies
export type { BudgetOptions } from './policies/budget.ts';
export type { CacheOptions } from './policies/cache.ts';
export type { CacheStore } from './policies/cache-store.ts';
export type { CircuitState } from './policies/circuit.ts';
export type { CircuitBreakerOptions, CircuitChange } from './policies/circuit-breaker.ts';
export type { ConcurrencyOptions } from './policies/concurrency.ts';
export type { RateLimitOptions } from './policies/rate-limit.ts';
export type { RetryOptions } from './policies/retry.ts';
export type { RetryBudget } from './policies/retry-budget.ts';
export type { CallResult } from './domain/call-result.ts';
export type { ShouldHandle } from './policies/should-handle.ts';
export type { Policy } from './policies/policy-chain.ts';
export type { EnsemblePolicies, PolicyOption } from './policies/short-forms.ts';
export type { SpendingCap } from './policies/spending-cap.ts';

// Executions, and the schedules and stop rules that they are made of
export type { Call, Execution, FirstToken, Schedule, StopRule } from './domain/execution.ts';
export { parallel } from './strategies/execution/parallel.ts';
export { type SequentialOptions, sequential } from './strategies/execution/sequential.ts';
export { type HedgedOptions, hedged } from './strategies/execution/hedged.ts';
export { type HedgeEachOptions, hedgeEach } from './strategies/execution/hedge-each.ts';
export type { HedgeOptions, LearnedDelay } from './strategies/execution/hedging/hedge-options.ts';
export { type CascadeOptions, cascade } from './strategies/execution/cascade.ts';
export { staggered } from './strategies/execution/staggered.ts';
export { never } from './strategies/stopping/never.ts';
export { firstAnswer } from './strategies/stopping/first-answer.ts';
export { type ConsensusOptions, consensus } from './strategies/stopping/consensus.ts';
export { confident } from './strategies/stopping/confident.ts';
export { decided } from './strategies/stopping/decided.ts';
export { type AdaptiveOptions, adaptive } from './strategies/stopping/adaptive.ts';
export { anyOf } from './strategies/stopping/any-of.ts';
export { allOf } from './strategies/stopping/all-of.ts';
/** The stop rules in a namespace, for files that have other things called `never` or `decided`. */
export * as stop from './strategies/stopping/all-rules.ts';

// Voting
export type { Standing, VoteFunction, Voter } from './domain/voter.ts';
export type {
  DecideFunction,
  Decider,
  DecisionContext,
  FinalTally,
  Verdict,
} from './domain/decider.ts';
export type { CallRole } from './domain/call-role.ts';
export type { RoleCall, RoleCallOptions } from './domain/role-call.ts';
export type {
  Group,
  GroupFunction,
  Grouping,
  GroupingContext,
  RefiningContext,
} from './domain/grouping.ts';
export type { Tally } from './domain/tally.ts';
export { majority } from './strategies/voting/majority.ts';
export { type WeightedOptions, weighted } from './strategies/voting/weighted.ts';
export { bestConfidence } from './strategies/voting/best-confidence.ts';
export {
  type ConfidenceWeightedOptions,
  confidenceWeighted,
} from './strategies/voting/confidence-weighted.ts';
export { type RankedChoiceOptions, rankedChoice } from './strategies/voting/ranked-choice.ts';
export type { RankingMethod } from './strategies/voting/ranking/methods.ts';
export { median, type WithinOptions } from './strategies/voting/median.ts';
export { type TrimmedMeanOptions, trimmedMean } from './strategies/voting/trimmed-mean.ts';
export { type SetVoteOptions, setVote } from './strategies/voting/set-vote.ts';
export { type ToolVoteOptions, toolVote } from './strategies/voting/tool-vote.ts';
export { type LogOddsOptions, logOdds } from './strategies/voting/log-odds.ts';
export { naiveBayes } from './strategies/voting/naive-bayes.ts';
export type { NaiveBayesOptions } from './strategies/voting/naive-bayes-checks.ts';
export { type UnanimousOptions, unanimous } from './strategies/voting/unanimous.ts';
export { fieldwise } from './strategies/voting/fieldwise.ts';
export { type RowwiseOptions, rowwise } from './strategies/voting/rowwise.ts';
export type { FieldFunction, FieldRule, FieldRuleName } from './strategies/voting/fields/field-rule.ts';
export type { FieldStanding, FieldStandings, FieldValue } from './domain/field-standing.ts';
export { type InnerStanding, type Remainder, wrapVoter } from './strategies/voting/wrap-voter.ts';

// Reading answers
export { type Check, type CheckContext, type CheckResult, type Miss, miss } from './domain/check.ts';
export {
  type Abstention,
  type AnswerContext,
  type AnswerOf,
  abstain,
  abstentionReason,
  type Normalizer,
} from './domain/normalizer.ts';
export type { NormalizerName } from './normalizers/normalizers.ts';
export { type ToolCallsOptions, toolCalls } from './normalizers/tool-calls.ts';
export { lowercaseTrim } from './normalizers/lowercase-trim.ts';
export { numeric } from './normalizers/numeric.ts';
export { boolean } from './normalizers/boolean.ts';
export { json } from './normalizers/json.ts';
export type { JsonValue } from './normalizers/json/json-value.ts';
export { choice } from './normalizers/choice.ts';
export { type TextOptions, text } from './normalizers/text.ts';
export { marked } from './normalizers/marked.ts';
export { finalAnswer } from './normalizers/answer-part.ts';
export { type SchemaIssue, type SchemaResult, type StandardSchema, schema } from './normalizers/schema.ts';
/** The normalizers in a namespace, for files in which `json`, `boolean` or `schema` come from elsewhere. */
export * as normalizers from './normalizers/all-normalizers.ts';
export { answerKey } from './domain/answer-key.ts';
export { textSimilarity } from './normalizers/text-similarity.ts';

// Watching
export type {
  CallEndEvent,
  CallEvent,
  EnsembleEvent,
  EventOf,
  PredictionEndEvent,
  PredictionEvent,
} from './telemetry/event.ts';
export type { ListenerOptions } from './telemetry/listen-guarded.ts';
export type { EnsembleEvents } from './telemetry/telemetry.ts';
export { onEnsemble } from './telemetry/on-ensemble.ts';
export { attachHandlers, type EventHandlers } from './telemetry/attach-handlers.ts';
export {
  type AttachLoggerOptions,
  attachLogger,
  type Logger,
  type LogLevel,
} from './telemetry/attach-logger.ts';
export { type RecordOptions, recordPrediction } from './telemetry/record-prediction.ts';
export { type RecordedCall, recordModelResponse } from './telemetry/record-model-response.ts';

// Errors
export {
  AuthenticationError,
  BudgetExceededError,
  BufferOverflowError,
  CircuitOpenError,
  ConfigError,
  ConnectionError,
  CrucibleError,
  InvalidRequestError,
  MalformedResponseError,
  ModelError,
  type ModelErrorOptions,
  ProviderError,
  QueueFullError,
  RateLimitError,
  ReplayMissError,
  ResponseTooLargeError,
  TimeoutError,
  type TimeoutProgress,
  UnusableResponseError,
} from './domain/errors.ts';
export {
  AllModelsFailedError,
  CancelledError,
  InsufficientResponsesError,
  InvalidQueryError,
  NoConsensusError,
  type NearestMiss,
  NoPredictionError,
  UserCodeError,
} from './domain/no-prediction.ts';
