import { createEnsembleMcp } from '../mcp/create-ensemble-mcp.ts';
import type { McpSdk } from '../mcp/mcp-sdk.ts';
import { acrossOrigins } from '../server/across-origins.ts';
import { createCallers } from '../server/create-callers.ts';
import { type CloseOptions, createEnsembleHandler } from '../server/create-ensemble-handler.ts';
import { urlOf } from '../server/exchange.ts';
import { pathIn } from '../server/find-route.ts';
import type { SpendStore } from '../server/spend-store.ts';
import type { CommandContext } from './cli-context.ts';
import { reportFaults } from './report-faults.ts';
import type { LoadedServer } from './server-file/load-server.ts';
import type { ServerTelemetry } from './server-telemetry.ts';

/** What outlives a reload of the configuration. */
export interface ServerState {
  readonly spend: SpendStore;
  /** The SDK of MCP, if it is installed. */
  readonly mcp: McpSdk | undefined;
  readonly telemetry: ServerTelemetry | undefined;
  /** Where faults of the server are reported. */
  readonly errors: CommandContext['errors'];
}

/** One configuration, served. */
export interface Served {
  fetch(request: Request): Promise<Response>;
  close(options?: CloseOptions): Promise<void>;
}

/** Serves a configuration: its ensembles, their tools at `/mcp`, and their metrics at `/metrics`. */
export const createServed = (
  loaded: LoadedServer,
  { spend, mcp: sdk, telemetry, errors }: ServerState,
): Served => {
  const { options, keys, metrics: access } = loaded;
  const handler = createEnsembleHandler({
    ...options,
    ...(keys.length > 0 && { callers: createCallers({ keys, spend }) }),
  });
  reportFaults(handler.events$, errors);
  const mcp = sdk && createEnsembleMcp({ sdk, handler });
  telemetry?.watch(options.ensembles);
  const metrics = access === undefined ? undefined : telemetry?.metrics;
  const fetch = async (request: Request): Promise<Response> => {
    const pathname = pathIn(urlOf(request));
    if (pathname === '/mcp' && mcp !== undefined) return mcp.fetch(request);
    if (pathname !== '/metrics' || metrics === undefined) return handler.fetch(request);
    if (access === 'public') return metrics();
    // The list of models needs a key where there are keys, and costs nothing.
    const models = await handler.fetch(new Request(new URL('/v1/models', request.url), request));
    return models.ok ? metrics() : models;
  };
  const ofAll = options.origins === undefined ? fetch : acrossOrigins(options.origins, fetch);
  return {
    fetch: (request) => telemetry?.within(request, () => ofAll(request)) ?? ofAll(request),
    async close(closeOptions) {
      await handler.close(closeOptions);
      await mcp?.close();
    },
  };
};
