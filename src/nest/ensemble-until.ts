import { defer, finalize } from 'rxjs';
import { isObject } from '../domain/is-object.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { abortSignal, whenAborted } from '../engine/abort-with.ts';
import { Events } from '../operators/events.ts';
import type { Ensemble } from '../values/ensemble.ts';

interface Overrides {
  readonly signal?: AbortSignal;
}

interface Link {
  readonly overrides: Overrides | undefined;
  readonly end: () => void;
}

/**
 * Returns an ensemble whose predictions also end when `signal` aborts.
 *
 * It follows two signals by hand, because `AbortSignal.any` of Node 22 keeps 200 bytes for each signal that it made of one
 * that never aborts.
 */
export const ensembleUntil = (ensemble: Ensemble, signal: AbortSignal): Ensemble => {
  const link = (overrides: Overrides | undefined): Link => {
    // The ensemble refuses what is no object, and what is no signal.
    if (overrides != null && !isObject(overrides)) return { overrides, end: () => undefined };
    const given = overrides?.signal;
    if (given === undefined || abortSignal(given) !== undefined)
      return { overrides: { ...overrides, signal: given ?? signal }, end: () => undefined };
    const controller = new AbortController();
    const abort = ({ cause }: Error): void => controller.abort(cause);
    const ends = [signal, given].map((followed) => whenAborted(followed, abort));
    return {
      overrides: { ...overrides, signal: controller.signal },
      end() {
        for (const end of ends) end();
      },
    };
  };
  return {
    ...ensemble,
    predict$: (query: Query, overrides?: Overrides) =>
      defer(() => {
        const { overrides: linked, end } = link(overrides);
        return ensemble.predict$(query, linked).pipe(finalize(end));
      }),
    async predict(query: Query, overrides?: Overrides): Promise<Prediction> {
      const { overrides: linked, end } = link(overrides);
      try {
        return await ensemble.predict(query, linked);
      } finally {
        end();
      }
    },
    stream: (query: Query, overrides?: Overrides) =>
      new Events((subscriber) => {
        const { overrides: linked, end } = link(overrides);
        subscriber.add(end);
        return ensemble.stream(query, linked).subscribe(subscriber);
      }),
    predictAll(queries: Iterable<Query> | AsyncIterable<Query>, options?: Overrides) {
      const { overrides: linked, end } = link(options);
      return endedBy(ensemble.predictAll(queries, linked), end);
    },
  } as Ensemble;
};

/** The values of a source, after which `end` is called, also if a reader leaves early. */
const endedBy = <Value>(source: AsyncIterable<Value>, end: () => void): AsyncIterable<Value> => ({
  async *[Symbol.asyncIterator]() {
    try {
      yield* source;
    } finally {
      end();
    }
  },
});
