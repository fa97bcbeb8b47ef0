import { createEnsembleMcp } from '../mcp/create-ensemble-mcp.ts';
import type { McpSdk } from '../mcp/mcp-sdk.ts';
import { createCallers } from '../server/create-callers.ts';
import { type CloseOptions, createEnsembleHandler } from '../server/create-ensemble-handler.ts';
import type { SpendStore } from '../server/spend-store.ts';
import type { LoadedServer } from './server-file/load-server.ts';
import type { ServerTelemetry } from './server-telemetry.ts';

/** What outlives a reload of the configuration. */
export interface ServerState {
  readonly spend: SpendStore;
  /** The SDK of MCP, if it is installed. */
  readonly mcp: McpSdk | undefined;
  readonly telemetry: ServerTelemetry | undefined;
}

/** One configuration, served. */
export interface Served {
  fetch(request: Request): Promise<Response>;
  close(options?: CloseOptions): Promise<void>;
}

/** Serves a configuration: its ensembles, their tools at `/mcp`, and their metrics at `/metrics`. */
export const createServed = (loaded: LoadedServer, { spend, mcp: sdk, telemetry }: ServerState): Served => {
  const { options, keys, metrics: access } = loaded;
  const handler = createEnsembleHandler({
    ...options,
    ...(keys.length > 0 && { callers: createCallers({ keys, spend }) }),
  });
  const mcp = sdk && createEnsembleMcp({ sdk, handler });
  telemetry?.watch(options.ensembles);
  const metrics = access === undefined ? undefined : telemetry?.metrics;
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === '/mcp' && mcp !== undefined) return mcp.fetch(request);
    if (pathname !== '/metrics' || metrics === undefined) return handler.fetch(request);
    if (access === 'public') return metrics();
    // The list of models needs a key where there are keys, and costs nothing.
    const models = await handler.fetch(new Request(new URL('/v1/models', request.url), request));
    return models.ok ? metrics() : models;
  };
  return {
    fetch: (request) => telemetry?.within(request, () => fetch(request)) ?? fetch(request),
    async close(closeOptions) {
      await handler.close(closeOptions);
      await mcp?.close();
    },
  };
};
