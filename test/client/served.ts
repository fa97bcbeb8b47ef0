import {
  createEnsembleClient,
  type EnsembleClient,
  type EnsembleClientOptions,
} from '../../src/client/client.ts';
import { createEnsemble, defineModel, type Ensemble, type Model } from '../../src/index.ts';
import { createEnsembleHandler, type EnsembleHandler } from '../../src/server/server.ts';

/** A client of a handler without sockets between them. */
export interface Served {
  readonly client: EnsembleClient;
  readonly handler: EnsembleHandler;
  /** The requests so far. */
  readonly requests: readonly Request[];
}

export const saying = (id: string, answer: string): Model => defineModel(id, () => answer);

/** A model that never answers, and counts its calls and those that were aborted. */
export const countingModel = (): Model & { readonly counts: { started: number; aborted: number } } => {
  const counts = { started: 0, aborted: 0 };
  const model = defineModel(
    'slow',
    (_, { signal }) =>
      new Promise<string>((_resolve, reject) => {
        counts.started += 1;
        signal.addEventListener('abort', () => {
          counts.aborted += 1;
          reject(signal.reason);
        });
      }),
  );
  return { ...model, counts };
};

export const panel = createEnsemble({
  models: [saying('a', '4'), saying('b', '4'), saying('c', '5')],
  normalization: 'numeric',
});

/** Serves ensembles to a client. */
export const served = (
  ensembles: Readonly<Record<string, Ensemble>> = { panel },
  options: Partial<EnsembleClientOptions> = {},
): Served => {
  const handler = createEnsembleHandler({ ensembles: ensembles as Readonly<Record<string, Ensemble>> });
  const requests: Request[] = [];
  const client = createEnsembleClient({
    url: 'http://localhost',
    ensemble: Object.keys(ensembles)[0] ?? '',
    fetch(input, init) {
      const request = new Request(input, init);
      requests.push(request);
      return handler.fetch(request);
    },
    ...options,
  });
  return { client, handler, requests };
};

/** Waits until something holds. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};
