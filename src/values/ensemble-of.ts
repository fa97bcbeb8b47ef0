import { Observable } from 'rxjs';
import { readSafely } from '../domain/foreign.ts';
import { given as withGiven } from '../domain/given.ts';
import { internal } from '../domain/internal.ts';
import { isIterable } from '../domain/is-iterable.ts';
import { isObject } from '../domain/is-object.ts';
import { isPromise } from '../domain/is-promise.ts';
import { omit } from '../domain/omit.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { abortSignal } from '../engine/abort-with.ts';
import { ensembleModel } from '../engine/ensemble-model.ts';
import type { EnsembleOptions, PredictOverrides } from '../engine/ensemble-options.ts';
import type { Forms } from '../engine/forms.ts';
import type { ResultReceiver } from '../engine/hold-election.ts';
import { overridableNames, overrideFaults } from '../engine/option-specs.ts';
import { Run, runOfManyIn } from '../engine/run.ts';
import { type Settings, toSettings } from '../engine/settings.ts';
import { streamRun, subscribeRun } from '../engine/subscribe-run.ts';
import type { AnswerFor, Normalization } from '../normalizers/normalizers.ts';
import { Events } from '../operators/events.ts';
import { pullThrough } from '../operators/map-pulling.ts';
import {
  keepError,
  type PredictManyOptions,
  predictManyNames,
  predictManySpecsOf,
  replacementBy,
} from '../operators/predict-one.ts';
import { checked, faultsOf, layered, properName, reading, refuse, type Specs, shown } from '../options.ts';
import { policyNames } from '../policies/policy-chain.ts';
import type { EnsemblePolicies } from '../policies/short-forms.ts';
import { announceEnsemble } from '../telemetry/on-ensemble.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import type { Ensemble } from './ensemble.ts';

/** The ensemble of both `createEnsemble`, which differ in the forms of their options alone. */
export const ensembleOf = <N extends Normalization>(
  options: EnsembleOptions<N>,
  forms: Forms,
): Ensemble<AnswerFor<N>> => {
  type Answer = AnswerFor<N>;
  type Overrides = PredictOverrides<N>;

  const given: EnsembleOptions<N> = options ?? {};
  const { ensembleSpecs, overrideSpecs } = forms;
  const predictManySpecs = predictManySpecsOf(
    omit(overrideSpecs, ['normalization']) as Specs<Omit<Overrides, 'normalization'>>,
  );
  const policies = reading('createEnsemble', () => forms.policiesOf(given));
  const overridable: Overrides = reading('createEnsemble', () =>
    Object.fromEntries(overridableNames.map((name) => [name, given[name]])),
  );
  const own = reading('createEnsemble', () =>
    toSettings<N>({ owner: 'createEnsemble', options: given, specs: ensembleSpecs, forms, policies }),
  );
  const telemetry = createTelemetry(given.name ?? 'ensemble');
  announceEnsemble({ events$: telemetry.events$ });

  // Servers repeat their overrides with each question: settling them again took 30 µs.
  let before: { readonly repeatable: Entries; readonly settings: Settings<Answer> } | undefined;
  const settingsFor = (owner: string, overridden: Overrides | undefined): Settings<Answer> =>
    overridden === undefined || overridden === null ? own : settledBy(owner, overridden);
  const settledBy = (owner: string, overridden: Overrides): Settings<Answer> =>
    reading(owner, () => {
      if (opensOnly(overridden)) return own;
      const repeatable = repeatableEntries(overridden);
      const metadata = mergedMetadata(given, overridden);
      if (before !== undefined && isSame(repeatable, before.repeatable)) {
        refuse(faultsOf(owner, metadata, overrideSpecs));
        return { ...before.settings, telemetryMetadata: metadata.telemetryMetadata };
      }
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
      const settings = toSettings<N>({
        owner,
        options: layered<Overrides>(overridable, overrides, metadata),
        specs: overrideSpecs,
        forms,
        policies,
        faults,
      });
      if (repeatable !== undefined) before = { repeatable, settings };
      return settings;
    });
  const open = (query: Query, overridden: Overrides | undefined, wantsDeltas = false): Run<Answer> =>
    new Run(
      query,
      settingsFor('predict', overridden),
      telemetry,
      overridden === undefined && !wantsDeltas
        ? undefined
        : {
            signal: overridden?.signal,
            context: overridden?.context,
            wantsDeltas,
            whole: runOfManyIn(overridden),
          },
    );

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
      return pullThrough<Query, unknown>(
        queries,
        {
          begin(query, _, whole, receiver) {
            subscribeRun(new Run<Answer>(query, settings, telemetry, { whole, context }), receiver);
          },
          ...(onError !== 'throw' && {
            recover: (error, query, index) => replacementBy(onError, { error, query, index }),
          }),
        },
        { concurrency, ordered, signal },
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
};

/** Whether overrides are no settings, but what a prediction is opened with, as nearly all: `{ signal }`. */
const opensOnly = (overrides: object): boolean => {
  if (Object.getPrototypeOf(overrides) !== Object.prototype) return false;
  for (const name in overrides) if (name !== 'signal' && name !== 'context') return false;
  return true;
};

type Entries = readonly (readonly [string, unknown])[] | undefined;

/**
 * The overrides that settings depend on, if all are values that nothing changes afterwards: functions, numbers, texts and flags.
 * The metadata is not among them, because settings have it as it is.
 */
const repeatableEntries = (overrides: object): Entries => {
  if (Object.getPrototypeOf(overrides) !== Object.prototype) return undefined;
  const entries = Object.entries(overrides).filter(([name]) => !OF_EACH.has(name));
  return entries.every(([, value]) => value === null || typeof value !== 'object') ? entries : undefined;
};

const OF_EACH: ReadonlySet<string> = new Set(['signal', 'context', 'telemetryMetadata']);

const isSame = (some: Entries, others: Entries): boolean =>
  some?.length === others?.length &&
  some?.every(([name, value], index) => {
    const other = others?.[index];
    return other?.[0] === name && Object.is(other[1], value);
  }) === true;

/** The metadata of an ensemble and of a prediction together; a field of the prediction wins. */
const mergedMetadata = ({ telemetryMetadata: own }: Metadata, { telemetryMetadata }: Metadata): Metadata =>
  withGiven({
    telemetryMetadata:
      isObject(own) && isObject(telemetryMetadata)
        ? { ...own, ...telemetryMetadata }
        : telemetryMetadata === undefined
          ? own
          : telemetryMetadata,
  });

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
