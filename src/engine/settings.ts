import type { Execution, Schedule, StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest, Query } from '../domain/request.ts';
import { normalizerOf } from '../normalizers/normalizer-of.ts';
import type { AnswerFor, Normalization } from '../normalizers/normalizers.ts';
import { jsonSchemaOf } from '../normalizers/schema.ts';
import { faultsOf, refuse } from '../options.ts';
import type { PolicyChain } from '../policies/short-forms.ts';
import { executions } from '../strategies/named-strategies.ts';
import { anyOf } from '../strategies/stopping/any-of.ts';
import { consensus } from '../strategies/stopping/consensus.ts';
import { decided } from '../strategies/stopping/decided.ts';
import { never } from '../strategies/stopping/never.ts';
import { createSharedTimeout, type SharedTimeout } from '../time/shared-timeout.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';
import { ensembleChecks } from './option-checks.ts';
import { type Ballot, ballotFaults, toBallot } from './panel.ts';
import { createReader, type Reader } from './reader.ts';

/** Options, checked and completed. */
export interface Settings<Answer> {
  readonly schedule: Schedule;
  readonly executionName: string;
  readonly stopRule: StopRule;
  readonly read: Reader<Answer>;
  readonly acceptsUnfinished: boolean;
  readonly pricing: Pricing | undefined;
  readonly answerSchema: ModelRequest['answerSchema'];
  readonly deadline: SharedTimeout;
  /** How long the whole prediction may take. */
  readonly deadlineMs: number;
  readonly telemetryMetadata: EnsembleOptions['telemetryMetadata'];
  ballotFor(query: Query): Ballot;
}

const stopRuleOf = (earlyStop: EnsembleOptions['earlyStop'], execution: Execution): StopRule => {
  const early =
    earlyStop === undefined || earlyStop === false
      ? never()
      : earlyStop === 'decided'
        ? decided()
        : typeof earlyStop === 'number'
          ? consensus(earlyStop, { of: 'panel' })
          : earlyStop;
  const own = execution.earlyStop ?? never();
  if (own === never()) return early;
  return early === never() ? own : anyOf(own, early);
};

const chosenBy = (models: (query: Query) => readonly Model[], query: Query): readonly Model[] => {
  try {
    return models(query);
  } catch (error) {
    throw new UserCodeError('models(query)', { cause: error });
  }
};

const halfOf = (panelSize: number): number => Math.ceil(panelSize / 2);

/**
 * Checks options and completes them.
 *
 * @throws {ConfigError} listing every fault at once.
 */
export const toSettings = <N extends Normalization>(
  owner: string,
  options: PredictOverrides<N>,
  { faults, apply }: PolicyChain,
  checks = ensembleChecks,
): Settings<AnswerFor<N>> => {
  const { models } = options;
  refuse([
    ...(models === undefined ? [`${owner}: option "models" is missing`] : []),
    ...faultsOf(owner, options, checks),
    ...faults,
    ...(Array.isArray(models) ? ballotFaults(owner, models, options as PredictOverrides) : []),
  ]);
  const { timeoutMs = 5000, earlyStop } = options;
  const execution =
    typeof options.execution === 'object' ? options.execution : executions[options.execution ?? 'parallel']();
  const ballotOf = (panel: readonly Model[]): Ballot =>
    toBallot(panel.map(apply), options as PredictOverrides, execution.minResponses ?? halfOf);
  const acceptsUnfinished = options.acceptUnfinished ?? false;
  const normalize = normalizerOf(options.normalization as Normalization | undefined);
  const fixed = typeof models === 'function' ? undefined : ballotOf(models as readonly Model[]);
  return {
    schedule: execution.schedule,
    executionName: execution.name ?? 'custom',
    stopRule: stopRuleOf(earlyStop, execution),
    read: createReader({
      normalize: normalize as Normalizer<AnswerFor<N>>,
      pricing: options.pricing,
      acceptUnfinished: acceptsUnfinished,
    }),
    acceptsUnfinished,
    pricing: options.pricing,
    answerSchema: jsonSchemaOf(normalize),
    deadline: createSharedTimeout(timeoutMs),
    deadlineMs: options.deadlineMs ?? Number.POSITIVE_INFINITY,
    telemetryMetadata: options.telemetryMetadata,
    ballotFor(query) {
      if (fixed !== undefined) return fixed;
      const panel = chosenBy(models as (query: Query) => readonly Model[], query);
      refuse(ballotFaults(`${owner}: models(query)`, panel, options as PredictOverrides));
      return ballotOf(panel);
    },
  };
};
