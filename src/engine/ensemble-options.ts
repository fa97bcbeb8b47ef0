import type { Check } from '../domain/check.ts';
import type { DecideFunction, Decider } from '../domain/decider.ts';
import type { Execution, StopRule } from '../domain/execution.ts';
import type { GroupFunction, Grouping } from '../domain/grouping.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { Query } from '../domain/request.ts';
import type { VoteFunction, Voter } from '../domain/voter.ts';
import type { AnswerFor, Normalization } from '../normalizers/normalizers.ts';
import type { EnsemblePolicies } from '../policies/short-forms.ts';
import type { ExecutionName, StrategyName } from '../strategies/named-strategies.ts';

/** Options of {@link createEnsemble}. `Member` is the type of the panel's members: models, or models and names. */
export interface EnsembleOptions<N extends Normalization = Normalization, Member = Model>
  extends EnsemblePolicies {
  /** The name of the ensemble in its events. Default `ensemble`. */
  readonly name?: string;
  /** The panel in its order, or a function that chooses it by the query. Ids are unique within a panel. */
  readonly models: readonly Member[] | ((query: Query) => readonly Member[]);
  /** When each model is called: a schedule and a stop rule. Default `parallel`. */
  readonly execution?: ExecutionName | Execution;
  /** How the votes are counted. Default `majority`, and `bestConfidence` for the execution `cascade`. */
  readonly strategy?: StrategyName | Voter | VoteFunction<AnswerFor<N>>;
  /**
   * How an answer is read out of a response. Default `lowercaseTrim`; for a query with tools `toolCalls()`; with a `grouping`
   * the text as it is, trimmed.
   */
  readonly normalization?: N;
  /**
   * Which answers are the same vote, such as `byContent()` of `crucible-ensemble/grouping` for answers in prose, or a function
   * of the votes. The answer of a group is that of its first member in the panel. `false` groups equal answers alone. Default
   * `false`.
   */
  readonly grouping?: Grouping | GroupFunction | false;
  /**
   * The step between the votes and the prediction, such as `judge({ model })` of `crucible-ensemble/deciders`, which has the
   * last word if the votes do not decide. Its calls are outcomes with a `role`. With `false` the votes decide. Default `false`.
   */
  readonly decide?: Decider | DecideFunction | false;
  /**
   * Whether an answer counts: `true`, or `false` or the reason why it does not. The model then abstains, and `retry`, `fallback`,
   * `cache` and stop rules see it, too. It may be asynchronous: a check without a result within `timeoutMs` refuses the
   * answer. Default: every answer counts.
   */
  readonly check?: Check<AnswerFor<N>>;
  /**
   * The time limit of each attempt of a call, in milliseconds, above 0 or `Infinity`. It begins when the request is sent,
   * after any wait in a queue, and again with each retry. Default 60,000.
   */
  readonly timeoutMs?: number;
  /**
   * The time limit of a whole prediction, its queues and retries included, in milliseconds, above 0 or `Infinity`. When
   * it passes, the calls in flight are cancelled. With `minResponses` votes the prediction is `degraded` and its
   * `stoppedBy` is `deadline`; with fewer it fails. Default `Infinity`.
   */
  readonly deadlineMs?: number;
  /**
   * The minimum number of votes of a prediction, from 1. No stop rule ends the vote before. Default: half of the panel,
   * rounded up, for `parallel`; 2 for `sequential`; 1 for `hedged` and `cascade`.
   */
  readonly minResponses?: number;
  /**
   * When to stop early and cancel the calls in flight: at a share of the panel's votes, from 0 to 1; once the result is
   * `'decided'`; by a stop rule; or `false`. Default `false`.
   */
  readonly earlyStop?: number | 'decided' | StopRule | false;
  /** Instructions for every model, unless a query has its own. Default none. */
  readonly system?: string;
  /** How every model writes its answers, such as `{ temperature: 1 }`; the settings of a query go before. Default none. */
  readonly settings?: QuerySettings;
  /**
   * The maximum number of bytes of a query with its files as base64, from 1. A larger one is refused before anything is
   * sent. Default 50,000,000, the limit of OpenAI; that of Anthropic is 32 MB.
   */
  readonly maxRequestBytes?: number;
  /** How often each model is called, from 1. Each sample is its own call and its own vote. Default 1. */
  readonly samples?: number;
  /** The prices of models that only report tokens. Default: their cost is unknown. */
  readonly pricing?: Pricing;
  /** Whether a response counts that was cut off, filtered or refused, or is empty. Default `false`: it abstains. */
  readonly acceptUnfinished?: boolean;
  /**
   * Whether the error of a refused call has the provider's own sentence as `providerMessage`. It may quote the prompt, so it
   * is not enumerable, and no message, log line, span or journal contains it. Default `false`.
   */
  readonly debug?: boolean;
  /**
   * Data for the events of the prediction, such as the id of a request. That of the ensemble and that of a prediction are
   * merged; a field of the prediction wins. Default none.
   */
  readonly telemetryMetadata?: Readonly<Record<string, unknown>>;
}

/** The {@link EnsembleOptions} that can be set for one prediction, and a signal that ends it. */
export interface PredictOverrides<N extends Normalization = Normalization, Member = Model>
  extends Partial<Omit<EnsembleOptions<N, Member>, 'name' | keyof EnsemblePolicies>> {
  /** Anything of yours, handed to models and policies as `request.context`. Caches and journals do not know it. */
  readonly context?: unknown;
  /** Cancels every call in flight; the prediction then fails with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
}

/** Overrides that keep the type of the answers: all but the normalization. */
export interface OverridesFor<Answer, Member = Model>
  extends Omit<PredictOverrides<Normalizer<Answer>, Member>, 'normalization'> {
  readonly normalization?: never;
}
