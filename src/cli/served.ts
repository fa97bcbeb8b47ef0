import { createEnsembleMcp } from '../mcp/create-ensemble-mcp.ts';
import type { McpSdk } from '../mcp/mcp-sdk.ts';
import { createCallers } from '../server/create-callers.ts';
import { type CloseOptions, createEnsembleHandler } from '../server/create-ensemble-handler.ts';
import type { SpendStore } from '../server/spend-store.ts';
import type { LoadedServer } from './server-file/load-server.ts';
import type { ServerMetrics } from './server-metrics.ts';

/** What outlives a reload of the configuration. */
export interface ServerState {
  readonly spend: SpendStore;
  /** The SDK of MCP, if it is installed. */
  readonly mcp: McpSdk | undefined;
  readonly metrics: ServerMetrics | undefined;
}

/** One configuration, served. */
export interface Served {
  fetch(request: Request): Promise<Response>;
  close(options?: CloseOptions): Promise<void>;
}

/** Serves a configuration: its ensembles, their tools at `/mcp`, and their metrics at `/metrics`. */
export const createServed = (loaded: LoadedServer, { spend, mcp: sdk, metrics }: ServerState): Served => {
  const { options, keys, metrics: access } = loaded;
  const handler = createEnsembleHandler({
    ...options,
    ...(keys.length > 0 && { callers: createCallers({ keys, spend }) }),
  });
  const mcp = sdk && createEnsembleMcp({ sdk, handler });
  if (access !== undefined) metrics?.watch(options.ensembles);
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/mcp' && mcp !== undefined) return mcp.fetch(request);
      if (pathname !== '/metrics' || metrics === undefined || access === undefined)
        return handler.fetch(request);
      if (access === 'public') return metrics.response();
      // The list of models needs a key where there are keys, and costs nothing.
      const models = await handler.fetch(new Request(new URL('/v1/models', request.url), request));
      return models.ok ? metrics.response() : models;
    },
    async close(closeOptions) {
      await handler.close(closeOptions);
      await mcp?.close();
    },
  };
};
