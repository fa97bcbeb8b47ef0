import { type Server, serve } from 'srvx';
import {
  createEnsembleHandler,
  type EnsembleHandler,
  type EnsembleHandlerOptions,
} from '../../../src/server/server.ts';

/** Serves a handler at a port of the loopback interface. */
export const servedAtPort = async (
  options: EnsembleHandlerOptions,
): Promise<{ readonly handler: EnsembleHandler; readonly server: Server; readonly url: string }> => {
  const handler = createEnsembleHandler(options);
  const server = serve({
    fetch: handler.fetch,
    hostname: '127.0.0.1',
    port: 0,
    silent: true,
    gracefulShutdown: false,
  });
  await server.ready();
  return { handler, server, url: server.url ?? '' };
};
