import { Observable, Subscriber } from 'rxjs';
import type { Model } from './domain/model.ts';
import type { Normalizer } from './domain/normalizer.ts';
import type { Prediction } from './domain/prediction.ts';
import type { Query } from './domain/request.ts';
import { type StreamEvent, toEvents } from './domain/stream-event.ts';
import { ensembleModel } from './engine/ensemble-model.ts';
import type { EnsembleOptions, PredictOverrides } from './engine/ensemble-options.ts';
import { overrideChecks } from './engine/option-checks.ts';
import type { Predict } from './engine/predict.ts';
import { askerOf, Run } from './engine/run.ts';
import { type Settings, toSettings } from './engine/settings.ts';
import type { AnswerFor, Normalization, NormalizerName } from './normalizers/normalizers.ts';
import { holdElection } from './operators/elect.ts';
import { mapPulling } from './operators/map-pulling.ts';
import { type PredictManyOptions, predictManyChecks, predictOne } from './operators/predict-with.ts';
import { toAsyncIterable } from './operators/to-async-iterable.ts';
import { faultsOf, layered, refuse } from './options.ts';
import { toPolicyChain } from './policies/short-forms.ts';
import type { EnsembleEvent } from './telemetry/event.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

/** Models, an execution, a voting strategy and a normalizer, ready to be asked. */
export interface Ensemble<Answer = unknown> {
  /**
   * One prediction.
   *
   * @throws {ConfigError} for overrides that cannot work; {@link NoPredictionError} and its kind, with the
   * account of every call, where no prediction is possible.
   */
  predict: Predict<Answer, 'promise'>;
  /** The same, as a cold Observable: nothing is sent before `subscribe`, `unsubscribe` aborts what is out. */
  predict$: Predict<Answer, 'observable'>;
  /** Every response, failure and change of the count as it happens, then the prediction; `earlyStop` is 1. */
  stream: Predict<Answer, 'stream'>;
  /**
   * A prediction for each of many queries, several at a time. It pulls: a query is read only while fewer
   * than `concurrency` are in flight or wait to be read, so a source of any size takes the same memory.
   */
  predictAll<Replacement = never>(
    queries: Iterable<Query> | AsyncIterable<Query>,
    options?: PredictManyOptions<Replacement>,
  ): AsyncIterable<Prediction<Answer> | Exclude<Replacement, undefined>>;
  /** This ensemble as a member of another: its answer is its text, its consensus its confidence. */
  asModel(id?: string): Model;
  /**
   * What happens in its predictions, of all that begin after the subscription; never ends. Nobody subscribed, no
   * cost. As with every Observable, what a subscriber throws is uncaught; `attachHandlers` is for those who may.
   */
  readonly events$: Observable<EnsembleEvent>;
}

/**
 * An ensemble: ask it one question, and several models answer it together.
 *
 * ```text
 * predict$   ^--------(p|)
 * a          ^---4|
 * b          ^-----4|
 * c          ^-------!          aborted, where `earlyStop` is 'decided'
 * ```
 *
 * @throws {ConfigError} listing every fault of the options at once.
 *
 * @example
 * ```ts
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
// A signature of its own, so that a function written in place has its parameter typed and its answer inferred.
export function createEnsemble<Answer>(options: EnsembleOptions<Normalizer<Answer>>): Ensemble<Answer>;
export function createEnsemble<N extends Normalization>(options: EnsembleOptions<N>): Ensemble<AnswerFor<N>>;
export function createEnsemble<N extends Normalization>(options: EnsembleOptions<N>): Ensemble<AnswerFor<N>> {
  type Answer = AnswerFor<N>;
  type Overrides = PredictOverrides<N>;

  const given: EnsembleOptions<N> = options ?? {};
  const {
    name = 'ensemble',
    retry,
    circuitBreaker,
    concurrency,
    rateLimit,
    cache,
    budget,
    ...common
  } = given;
  const policies = toPolicyChain(given);
  /** Settles the options once; overrides are settled, together with them, for each prediction. */
  const settle = (
    defaults: Pick<EnsembleOptions, 'earlyStop'>,
  ): ((overridden: Overrides | undefined) => Settings<Answer>) => {
    const own = toSettings<N>('createEnsemble', layered<Overrides>(defaults, options), policies);
    return (overridden) => {
      if (overridden === undefined) return own;
      const { signal: _, ...overrides } = overridden ?? {};
      return Object.keys(overrides).length === 0
        ? own
        : toSettings<N>('predict', layered<Overrides>(defaults, common, overrides), policies, overrideChecks);
    };
  };
  const settingsFor = settle({});
  const streamSettingsFor = settle({ earlyStop: 1 });
  const told = createTelemetry(name);

  const predictFor = (
    subscriber: Subscriber<Prediction<Answer>>,
    query: Query,
    overridden: Overrides | undefined,
  ): void => {
    const run = new Run(query, settingsFor(overridden), told, overridden?.signal);
    holdElection(run, run, askerOf(run, subscriber), run);
  };
  const predict$ = (query: Query, overridden?: Overrides): Observable<Prediction<Answer>> =>
    new Observable((subscriber) => predictFor(subscriber, query, overridden));
  /** `firstValueFrom(predict$(query, overridden))`, at the cost of the Promise alone. */
  const predict = (query: Query, overridden?: Overrides): Promise<Prediction<Answer>> =>
    new Promise((resolve, reject) => {
      predictFor(new Settling(resolve, reject), query, overridden);
    });

  const stream$ = (query: Query, overridden?: Overrides): Observable<StreamEvent<Answer>> =>
    new Observable((subscriber) => {
      const run: Run<Answer> = new Run(
        query,
        streamSettingsFor(overridden),
        told,
        overridden?.signal,
        (model, text, call) => asker.next({ type: 'delta', model, text, call }),
      );
      const asker: Subscriber<StreamEvent<Answer>> = askerOf(run, subscriber);
      holdElection<Answer, StreamEvent<Answer>>(run, run, asker, {
        heard(tally) {
          for (const event of toEvents(tally)) asker.next(event);
        },
        conclude: (tally) => ({ type: 'complete', prediction: run.conclude(tally) }),
        explain: (error) => run.explain(error),
      });
    });

  return {
    predict$,
    predict,
    stream: (query: Query, overrides?: Overrides) => {
      const events$ = stream$(query, overrides);
      // The events of one election are few: three for each model at the most.
      return Object.assign(events$, toAsyncIterable(events$, { bufferSize: Number.POSITIVE_INFINITY }));
    },
    predictAll<Replacement>(
      queries: Iterable<Query> | AsyncIterable<Query>,
      manyOptions: PredictManyOptions<Replacement> = {},
    ) {
      refuse([
        ...faultsOf('predictAll', manyOptions, predictManyChecks),
        ...(typeof queries === 'string'
          ? ['predictAll: expected queries, but got one text; ask it with predict']
          : []),
      ]);
      const { concurrency = 10, ordered = true } = manyOptions;
      return mapPulling(queries, (query, index) => predictOne(predict$(query), manyOptions, query, index), {
        concurrency,
        ordered,
      });
    },
    asModel: (id = 'ensemble') => ensembleModel(id, predict$),
    events$: told.events$,
  } as Ensemble<Answer>;
}

/** Settles a promise. Nobody can unsubscribe it, so it need not know what is to be let go of then. */
class Settling<Value> extends Subscriber<Value> {
  override readonly next: (value: Value) => void;
  override readonly error: (error: unknown) => void;

  constructor(resolve: (value: Value) => void, reject: (error: unknown) => void) {
    super();
    this.next = resolve;
    this.error = reject;
  }

  override complete(): void {}
  override add(): void {}
}
