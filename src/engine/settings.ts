import type { Check } from '../domain/check.ts';
import type { Decider } from '../domain/decider.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Schedule, StopRule } from '../domain/execution.ts';
import { isA, returned } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest, Query } from '../domain/request.ts';
import { jsonSchemaOf } from '../normalizers/answer-schema.ts';
import type { AnswerFor, Normalization } from '../normalizers/normalizers.ts';
import { completed, faultsOf, refuse } from '../options.ts';
import type { Policy, PolicyChain } from '../policies/policy-chain.ts';
import { parallel } from '../strategies/execution/parallel.ts';
import { createSharedTimeout, type SharedTimeout } from '../time/shared-timeout.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';
import type { ClosingSteps, Forms, PredictionValues, SpecTable } from './forms.ts';
import { predictionSpecs } from './option-specs.ts';
import { type Panel, type PanelPlan, panelFaults, toPanel } from './panel.ts';
import { createReader, type Reader } from './reader.ts';
import { settingsFaults } from './request/settings-checks.ts';
import type { QueryDefaults, QueryReader } from './request/text-request.ts';
import { stopRuleOf } from './stop-rule.ts';

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
  readonly queries: QueryReader[typeof internal];
  /** What queries have that have none of their own. */
  readonly defaults: QueryDefaults;
  readonly timeout: SharedTimeout;
  /** The time limit of the whole prediction. */
  readonly deadlineMs: number;
  /** The name of the grouping, the decider, and the steps of both; absent without. */
  readonly grouping: string | undefined;
  readonly decider: Decider | undefined;
  readonly closing: ClosingSteps | undefined;
  readonly roleCalls: Forms['roleCalls'];
  /** Decorates a model that is no member of the panel. */
  readonly withPolicies: Policy;
  readonly telemetryMetadata: EnsembleOptions['telemetryMetadata'];
  /** Says that another normalization would read the same from answers that all differ; absent if it has none to propose. */
  readonly mismatch: ReturnType<Forms['mismatchOf']>;
  panelFor(query: Query): Panel;
}

/** Options as a caller gave them. */
export interface GivenOptions<N extends Normalization> {
  /** The function that the caller called, for messages. */
  readonly owner: string;
  readonly options: PredictOverrides<N>;
  /** The checks of all names that `options` may have. */
  readonly specs: SpecTable;
  readonly forms: Forms;
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

/**
 * Checks options and completes them.
 *
 * @throws {ConfigError} that lists every fault.
 */
export const toSettings = <N extends Normalization>({
  owner,
  options: given,
  specs,
  forms,
  policies,
  faults = [],
}: GivenOptions<N>): Settings<AnswerFor<N>> => {
  const options: PredictionValues = isObject(given) ? forms.valuesOf(given as PredictOverrides) : given;
  const { models } = options;
  const faultsOfPanel = (place: string, chosen: readonly Model[]): readonly string[] => {
    const faults = panelFaults(place, chosen, options);
    return faults.length > 0 ? faults : policies.faultsOf(chosen);
  };
  refuse([
    ...(models === undefined && isObject(given) && !Array.isArray(given)
      ? [`${owner}: option "models" is missing; it must be an array of models, or a function of the query`]
      : []),
    ...faults,
    ...faultsOf(owner, given, specs),
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
  const grouping = options.grouping || undefined;
  const decide = options.decide || undefined;
  const execution = options.execution ?? parallel();
  const normalize = options.normalization as Normalizer<AnswerFor<N>>;
  const stopRule = stopRuleOf(earlyStop, execution);
  const plan: PanelPlan = { owner, options, execution, stopRule, timeoutMs, deadlineMs };
  const closing = (decide ?? grouping)?.[internal].closing ?? forms.closing;
  const panelOf = (chosen: readonly Model[]): Panel => {
    const panel = toPanel(chosen, policies.apply, plan);
    const isRefused = closing === undefined && panel.voter[internal]?.refine !== undefined;
    return isRefused ? { ...panel, faults: [...panel.faults, NO_REFINING] } : panel;
  };
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
    queries: forms.queries[internal],
    defaults: { system: options.system, settings: options.settings, maxRequestBytes },
    mismatch: grouping || decide ? undefined : forms.mismatchOf(normalize),
    timeout: createSharedTimeout(timeoutMs),
    deadlineMs,
    grouping: grouping?.grouping.name,
    decider: decide?.decider,
    closing,
    roleCalls: forms.roleCalls,
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

/** The fault of a voter that refines, if the steps after the votes are not there. */
const NO_REFINING =
  'option "strategy" refines groups, which takes createEnsemble of crucible-ensemble: use that one';
