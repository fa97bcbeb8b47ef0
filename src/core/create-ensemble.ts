import { filter, firstValueFrom, map, type Observable } from 'rxjs';
import { traitsOf } from '../domain/execution.ts';
import { readSafely, returned } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { aFunction, plainFaults } from '../domain/plain-faults.ts';
import type { Prediction } from '../domain/prediction.ts';
import {
  type Check,
  hasMethods,
  limitMs,
  nonEmpty,
  properName,
  reading,
  refuse,
  trueOrFalse,
  wholeNumber,
} from '../options.ts';
import { parallel } from '../strategies/execution/parallel.ts';
import { majority } from '../strategies/voting/majority.ts';
import type { CoreEnsemble, CoreOptions, CoreOverrides, Scalar } from './core-ensemble.ts';
import { orAbsent, withMethods } from './or-absent.ts';
import type { Settings } from './settings.ts';
import { streamOf } from './stream-of.ts';

/**
 * Creates an ensemble that is one pipeline of RxJS's operators: the smallest part of this library that keeps its promises.
 * Queries are texts, answers are texts, numbers or booleans, and options are values. Predictions, events and errors are those of
 * `createEnsemble` of `crucible-ensemble`, which also has names, policies, prices, tools, files, checks, groupings and deciders,
 * takes a tenth of the CPU time, and warns about options without effect.
 *
 * ```text
 * models   a ^--4|   b ^-----4|   c ^--------5|
 * merge      ---4--4                               calls
 * scan       ---a--b                               counts
 * takeWhile  ---a--(b|)                            decided: c is aborted
 * result     ------(p|)
 * ```
 *
 * Costs of calls are those that the models report; a call of which nothing is known has an unknown cost. Of a policy around a
 * model, failed attempts are in the account, but waits in its queue count for `timeoutMs`.
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts
 * import { decided, defineModel } from 'crucible-ensemble';
 * import { createEnsemble } from 'crucible-ensemble/core';
 *
 * const ensemble = createEnsemble({
 *   models: ['Paris', 'paris', 'Rome'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: (text) => text.trim().toLowerCase(),
 *   earlyStop: decided(),
 * });
 * const { answer, metadata } = await ensemble.predict('What is the capital of France?');
 * answer; // => 'paris'
 * metadata.stoppedBy; // => 'rule'
 * ```
 */
export const createEnsemble = <Answer extends Scalar>(options: CoreOptions<Answer>): CoreEnsemble<Answer> => {
  const settings = reading('createEnsemble', () => settingsOf(options));
  const predict$ = (query: string, overrides?: CoreOverrides): Observable<Prediction<Answer>> =>
    streamOf(settings, query, overrides).pipe(
      filter((event) => event.type === 'complete'),
      map(({ prediction }) => prediction),
    );
  return {
    predict$,
    predict: (query, overrides) => firstValueFrom(predict$(query, overrides)),
    stream: (query, overrides) => streamOf(settings, query, overrides, true),
  };
};

const aPanel: Check = (models) => {
  const isPanel =
    Array.isArray(models) &&
    models.length > 0 &&
    models.every((model) => properName(readSafely(model, 'id')) === undefined && hasMethods(model, 'call')) &&
    new Set(models.map(({ id }) => id)).size === models.length;
  return isPanel ? undefined : 'an array of models, { id, call }, each with its own id';
};

const checks: Readonly<Record<keyof CoreOptions, Check>> = {
  models: aPanel,
  normalization: aFunction('a function of the text'),
  execution: orAbsent(withMethods('{ schedule, earlyStop }, such as parallel()', 'schedule')),
  strategy: orAbsent(withMethods('a voter, such as majority()', 'init', 'add', 'tally')),
  earlyStop: orAbsent(aFunction('a stop rule, such as decided()')),
  minResponses: orAbsent(wholeNumber(1)),
  timeoutMs: orAbsent(limitMs),
  deadlineMs: orAbsent(limitMs),
  system: orAbsent(nonEmpty),
  acceptUnfinished: orAbsent(trueOrFalse),
};

const settingsOf = <Answer extends Scalar>(options: CoreOptions<Answer>): Settings<Answer> => {
  refuse(plainFaults('createEnsemble', options, checks));
  const {
    models,
    normalization,
    execution = parallel(),
    strategy = execution.strategy ?? majority(),
    earlyStop,
    minResponses = Math.min(
      returned(execution.minResponses?.(models.length)) ?? Math.ceil(models.length / 2),
      models.length,
    ),
    timeoutMs = 60_000,
    deadlineMs = Number.POSITIVE_INFINITY,
    system,
    acceptUnfinished = false,
  } = options;
  const ids = models.map(({ id }) => id);
  const stopRules = [execution.earlyStop ?? [], earlyStop ?? []].flat();
  refuse(
    [
      minResponses >= 0 && minResponses <= ids.length
        ? []
        : `"minResponses" must be at most the size of the panel, ${ids.length}`,
      strategy.faults?.(ids) ?? [],
      strategy[internal]?.refine === undefined ? [] : 'the voter refines groups: use crucible-ensemble',
    ]
      .flat()
      .map((fault) => `createEnsemble: ${fault}`),
  );
  return {
    models: [...models],
    ids,
    normalize: normalization,
    execution,
    voter: strategy,
    stopRules,
    threshold:
      strategy[internal]?.threshold ??
      stopRules.flatMap((rule) => traitsOf(rule).threshold ?? []).toSorted((a, b) => a - b)[0],
    minResponses,
    timeoutMs,
    deadlineMs,
    system,
    acceptUnfinished,
  };
};
