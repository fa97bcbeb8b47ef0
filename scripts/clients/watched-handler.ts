import { getEventListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createEnsembleHandler } from '../../src/server/server.ts';
import { panels } from '../../test/server/panels.ts';

export type Handle = (request: Request) => Response | Promise<Response>;

const FINALIZERS_MS = 200;

/** Serves the panels of the tests, and tells at `/left` how many listeners are on the signals of its requests. */
export const watchedHandler = (upstream: string): Handle => {
  const handler = createEnsembleHandler({ ensembles: panels(upstream) });
  const signals: WeakRef<AbortSignal>[] = [];
  return async (request) => {
    if (new URL(request.url).pathname !== '/left') {
      signals.push(new WeakRef(request.signal));
      return handler.fetch(request);
    }
    // The `Request` of a host may listen to a signal until a finalizer ran, which is after the first collection.
    collect();
    await pause(FINALIZERS_MS);
    collect();
    const listeners = signals.reduce((count, ref) => {
      const signal = ref.deref();
      return count + (signal === undefined ? 0 : getEventListeners(signal, 'abort').length);
    }, 0);
    return Response.json({ listeners, heapBytes: process.memoryUsage().heapUsed });
  };
};

const collect = (): void => {
  const { Bun, gc } = globalThis as { Bun?: { gc(now: boolean): void }; gc?: () => void };
  Bun?.gc(true);
  gc?.();
};
