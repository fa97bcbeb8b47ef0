import { serve } from 'srvx';
import {
  createEnsembleHandler,
  type EnsembleHandler,
  type EnsembleHandlerOptions,
  type ServedEvent,
} from '../../src/server/server.ts';
import { type FaultServer, startFaultServer } from '../../src/testing/fault-server.ts';
import { panels, upstreamReply } from './panels.ts';

/** A server of {@link panels} that listens on the loopback interface, and its upstream. */
export interface ServedPanels {
  /** The address, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly upstream: FaultServer;
  readonly handler: EnsembleHandler;
  /** The ends of all predictions so far. */
  readonly ends: readonly Extract<ServedEvent, { type: 'end' }>[];
  /** The signals of the requests so far. */
  readonly signals: readonly AbortSignal[];
  readonly close: () => Promise<void>;
}

/** Serves panels as the command line does: by srvx. */
export const servePanels = async (
  options: Partial<EnsembleHandlerOptions> & { readonly node?: object } = {},
): Promise<ServedPanels> => {
  const { node = {}, ...more } = options;
  const upstream = await startFaultServer();
  upstream.answer(upstreamReply);
  const handler = createEnsembleHandler({ ensembles: panels(upstream.baseURL), ...more });
  const ends: Extract<ServedEvent, { type: 'end' }>[] = [];
  const events = handler.events$.subscribe((event) => event.type === 'end' && ends.push(event));
  const signals: AbortSignal[] = [];
  const server = serve({
    fetch(request) {
      signals.push(request.signal);
      return handler.fetch(request);
    },
    hostname: '127.0.0.1',
    port: 0,
    silent: true,
    gracefulShutdown: false,
    node,
  });
  await server.ready();
  const { port, origin: url } = new URL(server.url ?? '');
  return {
    url,
    port: Number(port),
    upstream,
    handler,
    ends,
    signals,
    async close() {
      await handler.close({ graceMs: 0 });
      await server.close(true);
      events.unsubscribe();
      await upstream.close();
    },
  };
};
