import { version } from '../domain/version.ts';
import { checked, hasMethods, limitMs, reading, required, suchThat, wholeNumber } from '../options.ts';
import type { EnsembleHandler } from '../server/create-ensemble-handler.ts';
import type { CalledSdk, McpSdk, ServerContext, ToolHost } from './mcp-sdk.ts';
import { panelClient } from './panel-client.ts';
import { rememberExplanations } from './remember-explanations.ts';
import { registerTools } from './tools.ts';

/** Options of {@link createEnsembleMcp}. */
export interface EnsembleMcpOptions<Server extends object> {
  /** The module `@modelcontextprotocol/server`, version 2. */
  readonly sdk: McpSdk<Server>;
  /** What asks the ensembles: the tools have its keys, budgets, limits and events. */
  readonly handler: Pick<EnsembleHandler, 'fetch'>;
  /**
   * The time limit of a call of `ask_panel`, in milliseconds. A call may ask for less. Default 55,000, because clients cancel a call
   * after 60,000, and over HTTP a server does not learn of it.
   */
  readonly deadlineMs?: number;
  /** How many predictions `explain_prediction` remembers, from 0. Default 100. */
  readonly maxRemembered?: number;
}

/** Ensembles as tools of the Model Context Protocol. */
export interface EnsembleMcp<Server extends object> {
  /** Answers a request of MCP over HTTP, at any path. Requires a key if the handler has keys. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Creates the server of one connection, for `serveStdio` of `@modelcontextprotocol/server/stdio`. */
  readonly factory: (context?: ServerContext) => Promise<Server>;
  /** Aborts the requests over HTTP in flight. */
  readonly close: () => Promise<void>;
}

const anSdk = suchThat('the module @modelcontextprotocol/server, version 2', (value) =>
  hasMethods(value, 'McpServer', 'createMcpHandler', 'fromJsonSchema'),
);

/**
 * Offers the ensembles of a handler to agents, as tools of the Model Context Protocol:
 *
 * - `ask_panel` answers a question, with the votes, the cost and the reasons; each vote is a progress notification;
 * - `list_panels` lists the ensembles that the client may ask;
 * - `explain_prediction` says why the answer of a recent prediction won.
 *
 * A prediction that is not possible is a result with `isError`. Tools ask the handler as any client does, so its keys, budgets,
 * limits and events hold.
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts no-run
 * import * as sdk from '@modelcontextprotocol/server';
 * import { serveStdio } from '@modelcontextprotocol/server/stdio';
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { createEnsembleMcp } from 'crucible-ensemble/mcp';
 * import { createEnsembleHandler } from 'crucible-ensemble/server';
 *
 * const panel = createEnsemble({ models: [simulated({ id: 'small' }), simulated({ id: 'large' })] });
 * const handler = createEnsembleHandler({ ensembles: { panel } });
 * const mcp = createEnsembleMcp({ sdk, handler });
 * serveStdio(mcp.factory); // or mcp.fetch(request)
 * ```
 */
export const createEnsembleMcp = <Server extends object>(
  options: EnsembleMcpOptions<Server>,
): EnsembleMcp<Server> =>
  reading('createEnsembleMcp', () => {
    const { sdk, handler, deadlineMs, maxRemembered } = checked('createEnsembleMcp', options, {
      sdk: required(anSdk),
      handler: required(
        suchThat('the result of createEnsembleHandler', (value) => hasMethods(value, 'fetch')),
      ),
      deadlineMs: [limitMs, 55_000],
      maxRemembered: [wholeNumber(0), 100],
    });
    const { McpServer, createMcpHandler, fromJsonSchema } = sdk as unknown as CalledSdk<Server>;
    const memory = rememberExplanations(maxRemembered);
    const factory = async ({ requestInfo }: ServerContext = {}): Promise<Server & ToolHost> => {
      const server = new McpServer({ name: 'crucible-ensemble', version });
      const client = panelClient(handler, requestInfo);
      await registerTools(server, { client, fromJsonSchema, memory, deadlineMs, request: requestInfo });
      return server;
    };
    const http = createMcpHandler(factory, {});
    return {
      factory,
      close: () => http.close(),
      async fetch(request) {
        const models = await panelClient(handler, request).models();
        return models.ok ? http.fetch(request) : models;
      },
    };
  });
