import type { Execution, StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { Query } from '../domain/request.ts';
import type { VoteFunction, Voter } from '../domain/voter.ts';
import type { AnswerFor, Normalization } from '../normalizers/normalizers.ts';
import type { EnsemblePolicies } from '../policies/short-forms.ts';
import type { ExecutionName, StrategyName } from '../strategies/named-strategies.ts';

/** Options of {@link createEnsemble}. */
export interface EnsembleOptions<N extends Normalization = Normalization> extends EnsemblePolicies {
  /** Names the ensemble in its events. Default `ensemble`. */
  readonly name?: string;
  /** The panel, in its order; or a function that chooses it by the query. Ids are unique within a panel. */
  readonly models: readonly Model[] | ((query: Query) => readonly Model[]);
  /** How the models are asked: a schedule and a stop rule. Default `parallel`. */
  readonly execution?: ExecutionName | Execution;
  /** How the votes are counted. Default `majority`. */
  readonly strategy?: StrategyName | Voter | VoteFunction<AnswerFor<N>>;
  /** How an answer is read out of a text. Default `lowercaseTrim`. */
  readonly normalization?: N;
  /** How long each call may take, in milliseconds; `Infinity` for no limit. Default 5000. */
  readonly timeoutMs?: number;
  /**
   * How long a prediction may take, in milliseconds. What has arrived by then makes the prediction, which is
   * `degraded`, if it has `minResponses` votes; else it fails. Calls still out are aborted. Default `Infinity`.
   */
  readonly deadlineMs?: number;
  /**
   * The votes below which there is no prediction. No rule ends an election before they are cast. Default:
   * half of the panel, rounded up, for `parallel`; 2 for `sequential`; 1 for `hedged` and `cascade`.
   */
  readonly minResponses?: number;
  /**
   * When to stop before all calls are heard and abort the rest: at a share of the panel's votes, 0..1;
   * once the outcome is `'decided'`; by a stop rule; or `false`. Default `false`.
   */
  readonly earlyStop?: number | 'decided' | StopRule | false;
  /** How often each model is asked; each sample is a call and a vote of its own. Default 1. */
  readonly samples?: number;
  /** Knows what calls cost whose models only report tokens. Default: their cost is unknown. */
  readonly pricing?: Pricing;
  /** Whether a response counts that was cut off, filtered or refused, or is empty. Default `false`: it abstains. */
  readonly acceptUnfinished?: boolean;
  /** Passed through to the events of the prediction, such as the id of a request. */
  readonly telemetryMetadata?: Readonly<Record<string, unknown>>;
}

/** The options of {@link EnsembleOptions} that can be set for one prediction, and a signal that ends it. */
export interface PredictOverrides<N extends Normalization = Normalization>
  extends Partial<Omit<EnsembleOptions<N>, 'name' | keyof EnsemblePolicies>> {
  /** Aborts every call still out; the prediction then fails with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
}

/** Overrides for an ensemble whose answers are of one type: all but the normalization, which would change that type. */
export interface OverridesFor<Answer> extends Omit<PredictOverrides<Normalizer<Answer>>, 'normalization'> {
  readonly normalization?: never;
}
