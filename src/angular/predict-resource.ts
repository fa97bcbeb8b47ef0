import {
  assertInInjectionContext,
  computed,
  DestroyRef,
  effect,
  Injector,
  inject,
  PendingTasks,
  type Signal,
  signal,
  untracked,
} from '@angular/core';
import type { EnsembleClient, RemoteOptions } from '../client/create-ensemble-client.ts';
import {
  type CallProgress,
  cancelledProgress,
  nextProgress,
  noProgress,
  type PredictionProgress,
} from '../client/next-progress.ts';
import type { RemotePrediction } from '../client/remote-prediction.ts';
import type { Query } from '../domain/request.ts';
import { CLIENT } from './ensemble-client.ts';

/** Options of {@link predictResource}. */
export interface PredictResourceOptions extends Pick<RemoteOptions, 'deadlineMs' | 'explain'> {
  /**
   * Returns the question, and reads signals. It is asked whenever it changes; a conversation changes with its object.
   * `undefined` asks nothing, and ends what is in flight.
   */
  readonly query: () => Query | undefined;
  /** The name of the ensemble, or a function that reads it from signals. Default: that of the client. */
  readonly ensemble?: string | (() => string | undefined) | undefined;
  /** The injector that ends the resource when it is destroyed. Default: the current one. */
  readonly injector?: Injector | undefined;
}

/**
 * What a {@link predictResource} does: `idle` has no question, `asking` waits for votes, `answered` has the prediction, `stopped`
 * was stopped before it, and `error` has none.
 */
export type PredictStatus = 'idle' | 'asking' | 'answered' | 'stopped' | 'error';

/** A prediction as signals. Each keeps its value if the prediction is stopped or fails, until the next question. */
export interface PredictionResource<Answer = unknown> {
  /** The prediction; `undefined` until it is complete. Never throws. */
  readonly value: Signal<RemotePrediction<Answer> | undefined>;
  readonly status: Signal<PredictStatus>;
  /** Why there is no prediction, such as a `RemoteError`. */
  readonly error: Signal<Error | undefined>;
  /** The votes so far, per answer. */
  readonly votes: Signal<Readonly<Record<string, number>>>;
  /** The share of the votes that are for the leader, from 0 to 1; `undefined` before the first vote. */
  readonly consensus: Signal<number | undefined>;
  /** The calls of the members, in the order of starting, with what they have written and how they ended. */
  readonly members: Signal<readonly CallProgress<Answer>[]>;
  /** All calls: also those of judges and other roles. */
  readonly calls: Signal<readonly CallProgress<Answer>[]>;
  /** The sum of the known costs, in USD; a lower bound, `partial`, until the prediction is complete. */
  readonly cost: Signal<PredictionProgress['cost']>;
  /** Ends the request, and with it the calls of the server. */
  stop(): void;
  /** Asks the same question again, which costs another prediction. Returns `false` before the first question. */
  reload(): boolean;
}

interface State<Answer> {
  readonly status: PredictStatus;
  readonly progress: PredictionProgress<Answer>;
  readonly error?: Error;
}

const idle: State<never> = { status: 'idle', progress: noProgress };

/**
 * Asks an ensemble of the server whenever a question changes, and shows the prediction as signals while it is made. The request
 * ends when the question changes or becomes `undefined`, on `stop`, and when the component is destroyed: the server then
 * cancels its calls. Asks nothing before there is a question, so that a page that is rendered on a server asks nothing there.
 *
 * Costs one prediction for each question. A lost connection is an `error`, and asks nothing by itself: `reload` does.
 *
 * @typeParam Answer the type of the answers. It is not checked, because it depends on the ensemble.
 * @throws {Error} outside of an injection context without `injector`, and without `provideEnsembleClient`.
 *
 * @example
 * ```ts no-run
 * import { signal } from '@angular/core';
 * import { predictResource } from 'crucible-ensemble/angular';
 *
 * export class Capital {
 *   readonly question = signal<string | undefined>(undefined);
 *   readonly capital = predictResource({ query: this.question });
 * }
 *
 * // In its template: {{ capital.value()?.text }}, capital.votes(), capital.members(), capital.stop()
 * ```
 */
export const predictResource = <Answer = unknown>(
  options: PredictResourceOptions,
): PredictionResource<Answer> => {
  const { query, ensemble, deadlineMs, explain, injector: given } = options;
  if (given === undefined) assertInInjectionContext(predictResource);
  const injector = given ?? inject(Injector);
  const client = injector.get(CLIENT) as EnsembleClient<Answer>;
  const tasks = injector.get(PendingTasks);
  const state = signal<State<Answer>>(idle);
  // A question that is the same text is not asked again if only what it is made of has changed.
  const question = computed(query);
  const panel = computed(() => (typeof ensemble === 'function' ? ensemble() : ensemble));
  let end = (): void => undefined;

  const fail = (error: unknown): void =>
    state.update(({ progress }) => ({
      status: 'error',
      progress: cancelledProgress(progress),
      error: error instanceof Error ? error : new Error('the prediction failed', { cause: error }),
    }));
  const ask = (asked: Query, name: string | undefined): void => {
    state.set({ status: 'asking', progress: noProgress });
    // Rendering on a server, and tests, wait for it.
    const isOver = tasks.add();
    const subscription = client.stream(asked, { ensemble: name, deadlineMs, explain }).subscribe({
      next: (event) =>
        state.update(({ progress: before, status }) => {
          const progress = nextProgress(before, event);
          return { progress, status: progress.prediction === undefined ? status : 'answered' };
        }),
      error: fail,
    });
    subscription.add(isOver);
    end = () => subscription.unsubscribe();
  };
  const askAnew = (): void => {
    end();
    try {
      const asked = question();
      const name = panel();
      untracked(() => (asked === undefined ? state.set(idle) : ask(asked, name)));
    } catch (error) {
      untracked(() => fail(error));
    }
  };
  effect(askAnew, { injector });
  injector.get(DestroyRef).onDestroy(() => end());

  const progress = computed(() => state().progress);
  return {
    value: computed(() => progress().prediction),
    status: computed(() => state().status),
    error: computed(() => state().error),
    votes: computed(() => progress().votes),
    consensus: computed(() => progress().consensus),
    members: computed(() => progress().calls.filter(({ role }) => role === undefined)),
    calls: computed(() => progress().calls),
    cost: computed(() => progress().cost),
    stop() {
      end();
      state.update((before) =>
        before.status === 'asking'
          ? { status: 'stopped', progress: cancelledProgress(before.progress) }
          : before,
      );
    },
    reload() {
      const isAsked = untracked(question) !== undefined;
      if (isAsked) untracked(askAnew);
      return isAsked;
    },
  };
};
