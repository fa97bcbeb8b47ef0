import { once } from 'node:events';
import { shownPath } from '../domain/quoting.ts';
import { createEnsembleMcp } from '../mcp/create-ensemble-mcp.ts';
import { refuse } from '../options.ts';
import { createEnsembleHandler } from '../server/create-ensemble-handler.ts';
import type { CommandContext } from './cli-context.ts';
import { exitCodes } from './exit-codes.ts';
import { importMcpStdio } from './import-mcp.ts';
import type { McpFlags } from './mcp-flags.ts';
import { reportFaults } from './report-faults.ts';
import { loadServer } from './server-file/load-server.ts';

/**
 * Serves the ensembles of a configuration as tools of MCP, over standard input and output, until the client closes them. Remarks
 * go to standard error.
 */
export const mcp = async ({ config }: McpFlags, context: CommandContext): Promise<number> => {
  const { errors, signal, stdin } = context;
  refuse(config === undefined ? ['--config is missing; give the file with the ensembles'] : []);
  const path = config as string;
  const { options, remarks } = await loadServer(path, { ...context, ignoresKeys: true });
  for (const remark of remarks) errors.print(`${shownPath(path)}: ${remark}`);
  const sdk = await importMcpStdio();
  const handler = createEnsembleHandler(options);
  reportFaults(handler.events$, errors);
  const connection = sdk.serveStdio(createEnsembleMcp({ sdk, handler }).factory);
  await once(stdin, 'close', { signal }).catch(() => undefined);
  await connection.close();
  await handler.close({ graceMs: 0 });
  return exitCodes.success;
};
