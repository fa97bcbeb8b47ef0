import type { DecideFunction, Decider } from '../domain/decider.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Execution, Schedule, StopRule } from '../domain/execution.ts';
import { calledAs, isA, returned } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import { ownName } from '../domain/own-name.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest, Query } from '../domain/request.ts';
import { type AnswerFor, asWritten, type Normalization, normalizerOf } from '../normalizers/normalizers.ts';
import { jsonSchemaOf } from '../normalizers/schema.ts';
import { isTextNormalizer } from '../normalizers/text-normalizers.ts';
import { completed, faultsOf, refuse, type Spec } from '../options.ts';
import type { Policy, PolicyChain } from '../policies/short-forms.ts';
import { executions } from '../strategies/named-strategies.ts';
import { groupingOf } from '../strategies/voting/from-group-function.ts';
import { createSharedTimeout, type SharedTimeout } from '../time/shared-timeout.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';
import type { Check } from './judge.ts';
import { predictionSpecs } from './option-checks.ts';
import { type Panel, type PanelPlan, panelFaults, toPanel } from './panel.ts';
import { createReader, type Reader } from './reader.ts';
import { settingsFaults } from './request/settings-checks.ts';
import { stopRuleOf } from './stop-rule.ts';
import type { QueryDefaults } from './to-request.ts';

/** The options of a prediction, checked and completed. */
export interface Settings<Answer> {
  readonly schedule: Schedule;
  readonly executionName: string;
  readonly stopRule: StopRule | undefined;
  readonly reader: Reader<Answer>;
  readonly acceptUnfinished: boolean;
  readonly debug: boolean;
  readonly pricing: Pricing | undefined;
  readonly answerSchema: ModelRequest['answerSchema'];
  /** What queries have that have none of their own. */
  readonly defaults: QueryDefaults;
  readonly timeout: SharedTimeout;
  /** The time limit of the whole prediction. */
  readonly deadlineMs: number;
  /** The name of the grouping, and the decider; absent without. */
  readonly grouping: string | undefined;
  readonly decider: Decider | undefined;
  /** Decorates a model that is no member of the panel. */
  readonly withPolicies: Policy;
  readonly telemetryMetadata: EnsembleOptions['telemetryMetadata'];
  /** Whether every wording is an answer of its own. */
  readonly readsTexts: boolean;
  panelFor(query: Query): Panel;
}

/** Options as a caller gave them. */
export interface GivenOptions<N extends Normalization> {
  /** The function that the caller called, for messages. */
  readonly owner: string;
  readonly options: PredictOverrides<N>;
  /** The checks of all names that `options` may have. */
  readonly specs: Readonly<Record<string, Spec>>;
  readonly policies: PolicyChain;
  /** Faults found before, to be listed with the others. */
  readonly faults?: readonly string[];
}

const chosenBy = (models: (query: Query) => readonly Model[], query: Query): readonly Model[] => {
  try {
    return returned(models(query));
  } catch (error) {
    // Names are resolved in the function, and a wrong name is a fault of the configuration.
    if (isA(error, ConfigError)) throw error;
    throw new UserCodeError('models(query)', { cause: error });
  }
};

/** How an ensemble with these options reads answers. */
export const normalizationIn = ({
  normalization,
  grouping,
}: Pick<EnsembleOptions, 'normalization' | 'grouping'>): Normalizer =>
  normalizerOf(normalization ?? (grouping ? asWritten : undefined));

const deciderOf = (decide: Decider | DecideFunction): Decider =>
  typeof decide === 'function' ? fromDecideFunction(decide) : decide;

const fromDecideFunction = (decide: DecideFunction): Decider => {
  const name = ownName(decide, 'decide');
  return { name, decide: (tally, context) => calledAs(name, () => decide(tally, context)) };
};

const executionOf = (execution: EnsembleOptions['execution'] = 'parallel'): Execution =>
  typeof execution === 'object' ? execution : executions[execution]();

/**
 * Checks options and completes them.
 *
 * @throws {ConfigError} that lists every fault.
 */
export const toSettings = <N extends Normalization>({
  owner,
  options: given,
  specs,
  policies,
  faults = [],
}: GivenOptions<N>): Settings<AnswerFor<N>> => {
  const options: Omit<PredictOverrides, 'signal' | 'context'> = given as PredictOverrides;
  const { models } = options;
  const faultsOfPanel = (place: string, chosen: readonly Model[]): readonly string[] => {
    const faults = panelFaults(place, chosen, options);
    return faults.length > 0 ? faults : policies.faultsOf(chosen);
  };
  refuse([
    ...(models === undefined && isObject(options) && !Array.isArray(options)
      ? [`${owner}: option "models" is missing; it must be an array of models, or a function of the query`]
      : []),
    ...faults,
    ...faultsOf(owner, options, specs),
    ...(isObject(options) && isObject(options.settings) ? settingsFaults(owner, options.settings) : []),
    ...policies.faults,
    ...(Array.isArray(models) ? faultsOfPanel(owner, models) : []),
  ]);
  const {
    timeoutMs,
    deadlineMs,
    earlyStop,
    acceptUnfinished,
    debug,
    pricing,
    telemetryMetadata,
    maxRequestBytes,
  } = completed(options, predictionSpecs);
  const execution = executionOf(options.execution);
  const normalize = normalizationIn(options) as Normalizer<AnswerFor<N>>;
  const stopRule = stopRuleOf(earlyStop, execution);
  const plan: PanelPlan = { owner, options, execution, stopRule, timeoutMs, deadlineMs };
  const panelOf = (chosen: readonly Model[]): Panel => toPanel(chosen, policies.apply, plan);
  const fixed = typeof models === 'function' ? undefined : panelOf(models as readonly Model[]);
  refuse((fixed?.faults ?? []).map((fault) => `${owner}: ${fault}`));
  return {
    schedule: execution.schedule,
    executionName: execution.name ?? 'custom',
    stopRule,
    reader: createReader({
      normalize,
      pricing,
      acceptUnfinished,
      check: options.check as Check<AnswerFor<N>> | undefined,
    }),
    acceptUnfinished,
    debug,
    pricing,
    answerSchema: jsonSchemaOf(normalize),
    defaults: { system: options.system, settings: options.settings, maxRequestBytes },
    readsTexts: !options.grouping && !options.decide && isTextNormalizer(normalize),
    timeout: createSharedTimeout(timeoutMs),
    deadlineMs,
    grouping: options.grouping ? groupingOf(options.grouping).name : undefined,
    decider: options.decide ? deciderOf(options.decide) : undefined,
    withPolicies: policies.apply,
    telemetryMetadata,
    panelFor(query) {
      if (fixed !== undefined) return fixed;
      const chosen = chosenBy(models as (query: Query) => readonly Model[], query);
      refuse(faultsOfPanel(`${owner}: models(query)`, chosen));
      return panelOf(chosen);
    },
  };
};
