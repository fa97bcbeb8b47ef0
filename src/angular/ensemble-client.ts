import {
  assertInInjectionContext,
  DestroyRef,
  type EnvironmentProviders,
  InjectionToken,
  inject,
  makeEnvironmentProviders,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Observable } from 'rxjs';
import {
  createEnsembleClient,
  type EnsembleClient,
  type EnsembleClientOptions,
  type RemoteOptions,
} from '../client/create-ensemble-client.ts';
import type { RemoteEvent, RemotePrediction } from '../client/remote-prediction.ts';
import type { Query } from '../domain/request.ts';

/** The client of the application. */
export const CLIENT: InjectionToken<EnsembleClient> = new InjectionToken<EnsembleClient>(
  'crucible-ensemble: add provideEnsembleClient({ url }) to the providers of the application',
);

/**
 * Provides the client of an ensemble server to an application or to a route. Sends nothing.
 *
 * @param options those of `createEnsembleClient`, or a function that returns them and may use `inject`. Options in a page are
 * public: a key of a provider stays on the server.
 * @throws {ConfigError} for invalid options, when the client is first injected.
 *
 * @example
 * ```ts no-run
 * import { bootstrapApplication } from '@angular/platform-browser';
 * import { provideEnsembleClient } from 'crucible-ensemble/angular';
 * import { App } from './app';
 *
 * bootstrapApplication(App, { providers: [provideEnsembleClient({ url: '/', ensemble: 'panel' })] });
 * ```
 */
export const provideEnsembleClient = (
  options: EnsembleClientOptions | (() => EnsembleClientOptions),
): EnvironmentProviders =>
  makeEnvironmentProviders([
    {
      provide: CLIENT,
      useFactory: () => createEnsembleClient(typeof options === 'function' ? options() : options),
    },
  ]);

/** The ensembles of a server, for a component, a directive or a service. */
export interface InjectedEnsemble<Answer = unknown> {
  /** Asks a question. Rejects with a `RemoteError`, and with an `AbortError` once the injector is destroyed. */
  predict(query: Query, options?: RemoteOptions): Promise<RemotePrediction<Answer>>;
  /** Emits the prediction. Each subscription asks the question; it completes and ends the request once the injector is destroyed. */
  predict$(query: Query, options?: RemoteOptions): Observable<RemotePrediction<Answer>>;
  /** Emits the events of a prediction as they arrive, and ends like `predict$`. */
  stream$(query: Query, options?: RemoteOptions): Observable<RemoteEvent<Answer>>;
}

/**
 * Injects the ensembles of the server. What is in flight ends with the component, directive or service that injects them.
 *
 * @typeParam Answer the type of the answers. It is not checked, because it depends on the ensemble.
 * @throws {Error} outside of an injection context, and without `provideEnsembleClient`.
 *
 * @example
 * ```ts no-run
 * import { toSignal } from '@angular/core/rxjs-interop';
 * import { injectEnsemble } from 'crucible-ensemble/angular';
 *
 * export class Capital {
 *   readonly prediction = toSignal(injectEnsemble().predict$('What is the capital of France?'));
 * }
 * ```
 */
export const injectEnsemble = <Answer = unknown>(): InjectedEnsemble<Answer> => {
  assertInInjectionContext(injectEnsemble);
  const client = inject(CLIENT) as EnsembleClient<Answer>;
  const destroyRef = inject(DestroyRef);
  const destroyed = new AbortController();
  destroyRef.onDestroy(() => destroyed.abort());
  return {
    predict: (query, options = {}) => {
      const { signal } = options;
      const signals = signal === undefined ? [destroyed.signal] : [destroyed.signal, signal];
      return client.predict(query, { ...options, signal: AbortSignal.any(signals) });
    },
    predict$: (query, options) => client.predict$(query, options).pipe(takeUntilDestroyed(destroyRef)),
    stream$: (query, options) => client.stream(query, options).pipe(takeUntilDestroyed(destroyRef)),
  };
};
