/**
 * Asks the server with the clients that people use, and serves it under the hosts that people use. Prints a table of each, and
 * fails if a client or a host fails.
 *
 * `npm run check:clients` installs the clients and hosts of `scripts/clients/versions.json` into `temp/clients`. With `--write`
 * it writes the tables of docs/clients.md; with `--clients` it leaves out the hosts. Needs the npm registry once. Takes two minutes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from 'markdown-table';
import { type Capability, capabilities, capabilitiesOf } from '../test/server/clients/capabilities.ts';
import type { Client } from '../test/server/clients/client.ts';
import { installedClients } from '../test/server/clients/installed-clients.ts';
import { servePanels } from '../test/server/serve-panels.ts';
import { aiSdkClients } from './clients/ai-sdk.ts';
import { checkHost } from './clients/check-host.ts';
import { installClients, versions } from './clients/install.ts';
import { langchainClients } from './clients/langchain.ts';

const HOSTS = process.argv.includes('--clients')
  ? []
  : ['srvx', 'hono-node-server', 'hono', 'express', 'next', 'bun', 'deno'];
const PAGE = new URL('../docs/clients.md', import.meta.url);
const LIMIT_MS = 30_000;

const failed = (what: string, error: unknown): string => {
  process.exitCode = 1;
  console.error(`${what}: ${error instanceof Error ? error.message : error}`);
  return 'fails';
};

const tried = async (client: Client, name: Capability): Promise<string> => {
  if (!capabilitiesOf(client).includes(name)) return '–';
  const served = await servePanels();
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error('took too long')), LIMIT_MS);
  try {
    await Promise.race([capabilities[name](client, served), limit.promise]);
    return 'yes';
  } catch (error) {
    return failed(`${client.name}: ${name}`, error);
  } finally {
    clearTimeout(timer);
    await served.close();
  }
};

const hosted = async (name: string): Promise<readonly string[]> => {
  try {
    const { aborted, abortedStream, listeners, heapRatio } = await checkHost(name);
    if (aborted !== '3 of 3' || abortedStream !== '3 of 3' || heapRatio > 1.1)
      throw new Error(`closed ${aborted} and ${abortedStream}, heap × ${heapRatio.toFixed(2)}`);
    return [aborted, abortedStream, String(listeners), heapRatio.toFixed(2)];
  } catch (error) {
    return [failed(name, error)];
  }
};

installClients();
const names = Object.keys(capabilities) as Capability[];
const clientRows: string[][] = [['client', 'asks', ...names]];
for (const client of [...installedClients, ...(await aiSdkClients()), ...(await langchainClients())]) {
  const row = [client.name, `\`${client.path}\``];
  for (const name of names) row.push(await tried(client, name));
  clientRows.push(row);
}
const hostRows: (readonly string[])[] = [
  ['host', 'sockets closed', 'sockets of a stream closed', 'listeners left', 'heap, last by first'],
];
for (const name of HOSTS) hostRows.push([name, ...(await hosted(name))]);

const tables = [clientRows, hostRows].map((rows) => markdownTable(rows, { alignDelimiters: false }));
console.log(tables.join('\n\n'));
if (process.argv.includes('--write')) {
  const [clients = '', hosts = ''] = tables;
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const page = readFileSync(PAGE, 'utf8')
    .replace(/(<!-- clients -->\n)[\s\S]*?(<!-- end -->)/, `$1\n${clients}\n\n$2`)
    .replace(/(<!-- hosts -->\n)[\s\S]*?(<!-- end -->)/, (kept, start, end) =>
      HOSTS.length === 0 ? kept : `${start}\n${hosts}\n\n${end}`,
    )
    .replace(/(<!-- versions -->\n)[\s\S]*?(<!-- end -->)/, `$1\n${used.join(', ')}.\n\n$2`);
  writeFileSync(PAGE, page);
}
process.exit();
