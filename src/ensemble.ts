import { Observable } from 'rxjs';
import { readSafely } from './domain/foreign.ts';
import { internal } from './domain/internal.ts';
import { isIterable } from './domain/is-iterable.ts';
import { isObject } from './domain/is-object.ts';
import { isPromise } from './domain/is-promise.ts';
import type { Model } from './domain/model.ts';
import type { NoPredictionError } from './domain/no-prediction.ts';
import type { Normalizer } from './domain/normalizer.ts';
import { omit } from './domain/omit.ts';
import type { Prediction } from './domain/prediction.ts';
import type { Query } from './domain/request.ts';
import { abortSignal } from './engine/abort-with.ts';
import { ensembleModel } from './engine/ensemble-model.ts';
import type { EnsembleOptions, OverridesFor, PredictOverrides } from './engine/ensemble-options.ts';
import type { ResultReceiver } from './engine/hold-election.ts';
import {
  ensembleSpecs,
  overridableNames,
  overrideFaults,
  overrideSpecs,
  policyNames,
} from './engine/option-checks.ts';
import type { AnswerWithTools, Predict, ToolQuery } from './engine/predict.ts';
import { Run, type RunOfMany, runOfManyIn } from './engine/run.ts';
import { type Settings, toSettings } from './engine/settings.ts';
import { streamRun, subscribeRun } from './engine/subscribe-run.ts';
import type { AnswerFor, Normalization, NormalizerName } from './normalizers/normalizers.ts';
import { Events } from './operators/events.ts';
import { mapPulling } from './operators/map-pulling.ts';
import {
  keepError,
  type OnError,
  type PredictManyOptions,
  predictManyNames,
  predictManySpecs,
  predictOne,
} from './operators/predict-with.ts';
import { checked, layered, properName, reading, refuse, shown } from './options.ts';
import { type EnsemblePolicies, toPolicyChain } from './policies/short-forms.ts';
import type { EnsembleEvent } from './telemetry/event.ts';
import { announceEnsemble } from './telemetry/on-ensemble.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

/**
 * Models, an execution, a voting strategy and a normalizer, ready for questions. `Member` is the type of the members in an
 * override of `models`.
 */
export interface Ensemble<Answer = unknown, Member = Model> {
  /**
   * Makes one prediction.
   *
   * @throws {ConfigError} for invalid overrides; {@link NoPredictionError} and its kinds, with the account of every
   * call, if no prediction is possible.
   */
  predict: Predict<Answer, 'promise', Member>;
  /** The same as a cold Observable: nothing is sent before `subscribe`, and `unsubscribe` cancels the calls in flight. */
  predict$: Predict<Answer, 'observable', Member>;
  /**
   * Makes a prediction and emits every delta, response, failure and change of the count as it happens, and finally the
   * prediction.
   */
  stream: Predict<Answer, 'stream', Member>;
  /**
   * Makes a prediction for each of many queries, several at a time. A query is read from its source only while fewer than
   * `concurrency` predictions are in flight or wait to be read, so a source of any size takes the same memory.
   *
   * A query without a prediction does not end the others: its error is yielded instead of a prediction, unless `onError`
   * returns another value. An invalid query is an `InvalidQueryError`.
   *
   * @throws {ConfigError} for invalid options. The iteration throws `CancelledError` when `signal` aborts, what the source
   * of the queries throws, and with `onError: 'throw'` the first error.
   */
  predictAll: PredictAll<Answer, Member>;
  /**
   * This ensemble as a model, such as a member of another or a jury: its answer is its text, its consensus its confidence.
   * The judge and the other deciders read an answer in their own way. Then its members vote on that.
   */
  asModel(id?: string): Model;
  /**
   * The events of every prediction that begins after the subscription; never completes. Costs nothing without a
   * subscriber. An error that a subscriber throws is uncaught, as with every Observable; `attachHandlers` catches it.
   */
  readonly events$: Observable<EnsembleEvent>;
}

/** Makes a prediction for each of many queries. If all of them have tools, the answers may be calls of them. */
export type PredictAll<Answer, Member = Model> = PredictEach<ToolQuery, AnswerWithTools<Answer>, Member> &
  PredictEach<Query, Answer, Member>;

/** Makes a prediction for each of many queries. The option `onError` decides what replaces a missing prediction. */
export interface PredictEach<Asked, Answer, Member> {
  <Replacement>(
    queries: Iterable<Asked> | AsyncIterable<Asked>,
    options: PredictManyOptions<Replacement> & { readonly onError: OnError<Replacement> } & OverridesFor<
        Answer,
        Member
      >,
  ): AsyncIterable<Prediction<Answer> | Exclude<Replacement, undefined>>;
  (
    queries: Iterable<Asked> | AsyncIterable<Asked>,
    options: PredictManyOptions & { readonly onError: 'throw' } & OverridesFor<Answer, Member>,
  ): AsyncIterable<Prediction<Answer>>;
  <Replacement = never>(
    queries: Iterable<Asked> | AsyncIterable<Asked>,
    options?: PredictManyOptions<Replacement> & OverridesFor<Answer, Member>,
  ): AsyncIterable<Prediction<Answer> | NoPredictionError | Exclude<Replacement, undefined>>;
}

/**
 * Creates an ensemble: several models that answer one question together.
 *
 * ```text
 * predict$   ^--------(p|)
 * a          ^---4|
 * b          ^-----4|
 * c          ^-------!          cancelled, if `earlyStop` is 'decided'
 * ```
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 *   normalization: 'numeric',
 *   earlyStop: 'decided',
 * });
 * const { answer, metadata } = await ensemble.predict('What is 17 * 23?');
 * answer; // => 391
 * metadata.consensus; // => 1
 * ```
 */
export function createEnsemble<const N extends NormalizerName = 'lowercaseTrim'>(
  options: EnsembleOptions<N>,
): Ensemble<AnswerFor<N>>;
// Its own signature, so that an inline function gets a typed parameter and its answer is inferred.
export function createEnsemble<Answer>(options: EnsembleOptions<Normalizer<Answer>>): Ensemble<Answer>;
export function createEnsemble<N extends Normalization>(options: EnsembleOptions<N>): Ensemble<AnswerFor<N>>;
export function createEnsemble<N extends Normalization>(options: EnsembleOptions<N>): Ensemble<AnswerFor<N>> {
  type Answer = AnswerFor<N>;
  type Overrides = PredictOverrides<N>;

  const given: EnsembleOptions<N> = options ?? {};
  const policies = reading('createEnsemble', () => toPolicyChain(given));
  const overridable: Overrides = reading('createEnsemble', () =>
    Object.fromEntries(overridableNames.map((name) => [name, given[name]])),
  );
  const own = reading('createEnsemble', () =>
    toSettings<N>({ owner: 'createEnsemble', options: given, specs: ensembleSpecs, policies }),
  );
  const telemetry = createTelemetry(given.name ?? 'ensemble');
  announceEnsemble({ events$: telemetry.events$ });

  const settingsFor = (owner: string, overridden: Overrides | undefined): Settings<Answer> => {
    if (overridden === undefined || overridden === null) return own;
    return reading(owner, () => {
      if (opensOnly(overridden)) return own;
      const faults = overrideFaults(owner, overridden);
      if (!isObject(overridden) || abortSignal(overridden) === undefined) refuse(faults);
      const overrides = omit(overridden as Overrides & EnsemblePolicies, [
        'signal',
        'context',
        ...policyNames,
      ]);
      if (Object.keys(overrides).length === 0) {
        refuse(faults);
        return own;
      }
      return toSettings<N>({
        owner,
        options: layered<Overrides>(overridable, overrides, mergedMetadata(given, overrides)),
        specs: overrideSpecs,
        policies,
        faults,
      });
    });
  };
  const open = (query: Query, overridden: Overrides | undefined, wantsDeltas = false): Run<Answer> =>
    new Run({
      query,
      settings: settingsFor('predict', overridden),
      telemetry,
      signal: overridden?.signal,
      context: overridden?.context,
      wantsDeltas,
      whole: runOfManyIn(overridden),
    });

  const predict$ = (query: Query, overridden?: Overrides): Observable<Prediction<Answer>> =>
    new Observable((subscriber) => subscribeRun(open(query, overridden), subscriber));
  // As `firstValueFrom(predict$(query, overridden))`, at the cost of the Promise alone.
  const predict = (query: Query, overridden?: Overrides): Promise<Prediction<Answer>> =>
    new Promise((resolve, reject) => {
      subscribeRun(open(query, overridden), new Settling(resolve, reject));
    });
  const stream = (query: Query, overridden?: Overrides): Events<Answer> =>
    new Events((subscriber) => streamRun(open(query, overridden, true), subscriber));

  const ensemble = {
    predict$,
    predict,
    stream,
    predictAll(
      queries: Iterable<Query> | AsyncIterable<Query>,
      manyOptions: PredictManyOptions<unknown> & Omit<Overrides, 'normalization'> = {},
    ) {
      const {
        concurrency,
        ordered,
        onError = keepError,
        signal,
      } = checked(
        'predictAll',
        manyOptions,
        predictManySpecs,
        isIterable(queries)
          ? []
          : [
              `predictAll: expected an iterable of queries, but got ${shown(queries)}; ${isPromise(queries) ? 'await it first' : 'use predict for one question'}`,
            ],
      );
      const { context } = manyOptions;
      const settings = settingsFor(
        'predictAll',
        omit(manyOptions, [...predictManyNames, 'signal', 'context']),
      );
      const predictEach = (query: Query, whole: RunOfMany): Observable<Prediction<Answer>> =>
        new Observable((subscriber) =>
          subscribeRun(new Run({ query, settings, telemetry, whole, context }), subscriber),
        );
      return mapPulling(
        queries,
        (query, index, whole) => predictOne(predictEach(query, whole), onError, query, index),
        {
          concurrency,
          ordered,
          signal,
        },
      );
    },
    asModel: (id?: string) =>
      ensembleModel(checked('asModel', { id }, { id: [properName, 'ensemble'] }).id as string, (request) => {
        // A judge reads a verdict, and a jury must vote on that.
        const normalization = readSafely(readSafely(request, internal), 'normalization') as N | undefined;
        return predict$(request, normalization && ({ normalization } as Overrides));
      }),
    events$: telemetry.events$,
  };
  // For a judge, which must make no calls in a rescoring.
  return Object.assign(ensemble as Ensemble<Answer>, { [internal]: given.models });
}

/** Whether overrides are no settings, but what a prediction is opened with, as nearly all: `{ signal }`. */
const opensOnly = (overrides: object): boolean => {
  if (Object.getPrototypeOf(overrides) !== Object.prototype) return false;
  for (const name in overrides) if (name !== 'signal' && name !== 'context') return false;
  return true;
};

/** The metadata of an ensemble and of a prediction together; a field of the prediction wins. */
const mergedMetadata = ({ telemetryMetadata: own }: Metadata, { telemetryMetadata }: Metadata): Metadata =>
  isObject(own) && isObject(telemetryMetadata) ? { telemetryMetadata: { ...own, ...telemetryMetadata } } : {};

type Metadata = Pick<EnsembleOptions, 'telemetryMetadata'>;

/** Settles a promise. Drops teardowns, because a promise is never unsubscribed. */
class Settling<Value> implements ResultReceiver<Value> {
  readonly next: (value?: Value) => void;
  readonly error: (error: unknown) => void;

  constructor(resolve: (value: Value) => void, reject: (error: unknown) => void) {
    this.next = resolve as (value?: Value) => void;
    this.error = reject;
  }

  complete(): void {}
  add(): void {}
}
