import type { Server } from 'srvx';
import { ConfigError } from '../domain/errors.ts';
import { shownPath } from '../domain/quoting.ts';
import { openSpendFile } from '../node/open-spend-file.ts';
import { MAX_DELAY_MS, refuse } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import { memorySpendStore } from '../server/spend-store.ts';
import type { CommandContext } from './cli-context.ts';
import { exitCodes } from './exit-codes.ts';
import { flagFaults } from './flag-checks.ts';
import { importMcp } from './import-mcp.ts';
import { type ServeFlags, serveFlags } from './serve-flags.ts';
import { createServed, type ServerState } from './served.ts';
import { type LoadedServer, loadServer, portNumber } from './server-file/load-server.ts';
import { openTelemetry } from './server-telemetry.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 4747;

/** How long predictions in flight may continue after Ctrl-C or SIGTERM. */
const GRACE_MS = 10_000;

/**
 * How long a client may take to send its headers, and how often that is looked at. The handler limits the time of a body; a
 * batch may be read for hours.
 */
const slowClients = { headersTimeout: 10_000, requestTimeout: 0, connectionsCheckingInterval: 2_000 };

/** Serves the ensembles of a configuration until it is interrupted. Resolves with the exit code. */
export const serve = async (flags: ServeFlags, context: CommandContext): Promise<number> => {
  const { output, errors, signal } = context;
  refuse([
    ...flagFaults(flags, serveFlags, { port: portNumber }),
    ...(flags.config === undefined ? ['--config is missing; give the file with the ensembles'] : []),
  ]);
  const path = flags.config as string;
  const loaded = await loadServer(path, context);
  const host = flags.host ?? loaded.host ?? DEFAULT_HOST;
  const port = flags.port ?? loaded.port ?? DEFAULT_PORT;
  refuse(openFaults(loaded, host));
  const names = Object.keys(loaded.options.ensembles);
  const telemetry = await openTelemetry(loaded);
  const mcp = await importMcp();
  const file =
    loaded.spendPath === undefined || flags.check === true
      ? undefined
      : await openSpendFile(loaded.spendPath);
  const state: ServerState = { spend: file ?? memorySpendStore(), mcp, telemetry, errors };
  let served = createServed(loaded, state);
  for (const remark of loaded.remarks) errors.print(`${shownPath(path)}: ${remark}`);
  if (flags.check === true) {
    output.print(
      `${shownPath(path)}: ${counted(names.length, 'ensemble')}, ${counted(loaded.keys.length, 'key')}, no faults`,
    );
    return exitCodes.success;
  }
  const { serve: listen } = await importServer();
  const server = listen({
    fetch: (request: Request) => served.fetch(request),
    hostname: host,
    port,
    silent: true,
    gracefulShutdown: false,
    manual: true,
    node: slowClients,
  });
  try {
    await listening(server, `port ${port} at ${host}`);
  } catch (error) {
    file?.close();
    throw error;
  }
  output.print(
    `Serving ${names.join(', ')} at ${server.url}`,
    `  OpenAI clients: base URL ${server.url}v1, model ${names[0]}`,
    ...(mcp === undefined ? [] : [`  Agents: MCP at ${server.url}mcp`]),
    ...(loaded.keys.length === 0 ? ['  No keys are configured, so that only this machine may ask.'] : []),
  );
  const reload = async (): Promise<void> => {
    try {
      const next = await loadServer(path, context);
      refuse(openFaults(next, host));
      const before = served;
      served = createServed(next, state);
      // Predictions in flight end with the ensembles that they began with.
      void before.close({ graceMs: MAX_DELAY_MS });
      errors.print(`${shownPath(path)}: reloaded${unchanged(loaded, next)}`);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.print(...error.faults.map((fault) => `not reloaded: ${fault}`));
    }
  };
  process.on('SIGHUP', reload);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  process.off('SIGHUP', reload);
  errors.print('Waiting for predictions in flight; interrupt again to end at once.');
  await served.close({ graceMs: GRACE_MS });
  await server.close(true);
  await telemetry?.close();
  file?.close();
  return exitCodes.success;
};

/** What a running server keeps, by the fields of the file. */
const kept = {
  host: 'host',
  port: 'port',
  spendPath: 'spendFile',
  metrics: 'metrics',
  traces: 'traces',
} as const;

/** Says which changes of a file need a restart. */
const unchanged = (before: LoadedServer, now: LoadedServer): string => {
  const fields = (Object.keys(kept) as (keyof typeof kept)[])
    .filter((name) => before[name] !== now[name])
    .map((name) => `"${kept[name]}"`);
  return fields.length === 0 ? '' : `; ${fields.join(', ')} changed, which takes effect with a restart`;
};

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;

/** Without keys, anyone in the network could spend the money of the owner. */
const openFaults = ({ keys, spendPath, metrics }: LoadedServer, host: string): readonly string[] => [
  ...(keys.length === 0 && !LOOPBACK.test(host)
    ? [`"keys" are missing: without them a server listens at 127.0.0.1 only, not at ${shownPath(host)}`]
    : []),
  ...(keys.length === 0 && spendPath !== undefined
    ? ['"spendFile" has no effect without "keys"; remove it, or add keys']
    : []),
  ...(metrics === 'public' && keys.length === 0
    ? ['"metrics": "public" has no effect without "keys"; write "metrics": true']
    : []),
];

/** @throws {ConfigError} if the port is taken, or may not be used. */
const listening = async (server: Server, place: string): Promise<void> => {
  const failed = new Promise<never>((_resolve, reject) => {
    server.node?.server?.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(new ConfigError([`${place} cannot be listened at (${code}); give another --port or --host`])),
    );
  });
  await Promise.race([Promise.resolve(server.serve()).then(() => server.ready()), failed]);
};

const importServer = async (): Promise<typeof import('srvx')> => {
  try {
    return await import('srvx');
  } catch {
    throw new ConfigError(['serve needs srvx: npm install srvx']);
  }
};
