import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { version } from '../../src/domain/version.ts';
import { createEnsembleMcp } from '../../src/mcp/mcp.ts';
import { createCallers, createEnsembleHandler } from '../../src/server/server.ts';
import { importInstalled, mcpFolder } from './installed.ts';
import { ensembles, slowCalls } from './panels.ts';

const isInstalled = mcpFolder !== undefined;
if (!isInstalled) console.warn('skipped: the SDKs of MCP cannot be installed without the npm registry');
const mcpTest = test.skipIf(!isInstalled);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const stdioCommand = {
  command: process.execPath,
  args: [
    '--import',
    pathOf('./resolve-installed.ts'),
    pathOf('../../src/cli/bin.ts'),
    'mcp',
    '--config',
    pathOf('./panels.ts'),
  ],
};

const serve = async (withKeys = false) => {
  const sdk = await importInstalled('@modelcontextprotocol/server');
  const sha256 = createHash('sha256').update('key-of-ann').digest('hex');
  const other = createHash('sha256').update('key-of-bob').digest('hex');
  const callers = createCallers({
    keys: [
      { name: 'ann', sha256, ensembles: ['panel'], budget: { maxUsd: 0.04 } },
      { name: 'bob', sha256: other },
    ],
  });
  const handler = createEnsembleHandler({ ensembles, ...(withKeys && { callers }) });
  const mcp = createEnsembleMcp({ sdk, handler });
  closing.push(mcp.close);
  const fetch = (url: string | URL, init?: RequestInit): Promise<Response> =>
    mcp.fetch(new Request(url, init));
  return { fetch, callers };
};

const URL_OF_SERVER = new URL('http://localhost/mcp');
const info = { name: 'test', version: '1.0.0' };

/** A client of each version over each transport. */
const connect = {
  'version 1, HTTP': async () => {
    const { Client } = await importInstalled('@modelcontextprotocol/sdk/client/index.js');
    const { StreamableHTTPClientTransport } = await importInstalled(
      '@modelcontextprotocol/sdk/client/streamableHttp.js',
    );
    const client = new Client(info);
    await client.connect(new StreamableHTTPClientTransport(URL_OF_SERVER, await serve()));
    return client;
  },
  'version 2, HTTP': async () => {
    const { Client, StreamableHTTPClientTransport } = await importInstalled('@modelcontextprotocol/client');
    const client = new Client(info);
    await client.connect(new StreamableHTTPClientTransport(URL_OF_SERVER, await serve()));
    return client;
  },
  'version 1, stdio': async () => {
    const { Client } = await importInstalled('@modelcontextprotocol/sdk/client/index.js');
    const { StdioClientTransport } = await importInstalled('@modelcontextprotocol/sdk/client/stdio.js');
    const client = new Client(info);
    await client.connect(new StdioClientTransport({ ...stdioCommand, stderr: 'pipe' }));
    return client;
  },
  'version 2, stdio': async () => {
    const { Client } = await importInstalled('@modelcontextprotocol/client');
    const { StdioClientTransport } = await importInstalled('@modelcontextprotocol/client/stdio');
    const client = new Client(info);
    await client.connect(new StdioClientTransport({ ...stdioCommand, stderr: 'pipe' }));
    return client;
  },
} as const;

const open = async (name: keyof typeof connect) => {
  const client = await connect[name]();
  closing.push(() => client.close());
  const isFirst = name.startsWith('version 1');
  const call = (tool: string, args: object, options: object = {}) =>
    isFirst
      ? client.callTool({ name: tool, arguments: args }, undefined, options)
      : client.callTool({ name: tool, arguments: args }, options);
  return { client, call };
};

mcpTest.each(Object.keys(connect) as (keyof typeof connect)[])(
  '%s: lists tools and panels, asks, shows votes, explains, and has failures as results',
  { timeout: 60_000 },
  async (name) => {
    const { client, call } = await open(name);
    expect(client.getServerVersion()).toMatchObject({ name: 'crucible-ensemble', version });
    const { tools } = await client.listTools();
    expect(tools.map((tool: { name: string }) => tool.name).toSorted()).toEqual([
      'ask_panel',
      'explain_prediction',
      'list_panels',
    ]);
    expect((await call('list_panels', {})).structuredContent).toEqual({
      panels: [...Object.keys(ensembles)],
    });

    const answered = await call('ask_panel', { panel: 'panel', question: 'What is 2 + 2?' });
    expect(answered).toMatchObject({
      content: [{ type: 'text', text: 'It is 4.' }],
      structuredContent: {
        panel: 'panel',
        answer: 4,
        consensus: 2 / 3,
        votes: { '4': 2, '5': 1 },
        cost_usd: 0.03,
        reasons: expect.arrayContaining([expect.stringContaining('2 of 3 votes')]),
      },
    });
    expect(answered.isError ?? false).toBe(false);
    // The client of version 1 drops the notifications that arrive together with the result, so the last vote waits.
    const messages: unknown[] = [];
    const onprogress = ({ progress, message }: { readonly progress: number; readonly message?: string }) => {
      messages.push(message);
      if (progress === 2) call('ask_panel', { panel: 'gate', question: 'Open!' });
    };
    await call('ask_panel', { panel: 'gated', question: 'What is 2 + 2?' }, { onprogress });
    expect(messages.slice(0, 2)).toEqual(['1 × 4', '2 × 4']);

    const { prediction_id } = answered.structuredContent;
    const explained = await call('explain_prediction', { prediction_id });
    expect(explained.structuredContent.reasons).toEqual(answered.structuredContent.reasons);
    expect(await call('explain_prediction', { prediction_id: 'none' })).toMatchObject({ isError: true });

    const failed = await call('ask_panel', { panel: 'dead', question: 'Hi?' });
    expect(failed).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('failed') }] });
    const late = await call('ask_panel', { panel: 'slow', question: 'Hi?', deadlineMs: 50 });
    expect(late).toMatchObject({ isError: true });

    // The SDKs report invalid arguments as a result or as an error.
    const refused = await call('ask_panel', { panel: 'none', question: 'Hi?' }).catch((error: unknown) => ({
      isError: true,
      error,
    }));
    expect(refused.isError).toBe(true);
  },
);

mcpTest.each(['version 1, stdio', 'version 2, stdio'] as const)(
  '%s: a cancelled request aborts the calls of its models',
  { timeout: 60_000 },
  async (name) => {
    const { client, call } = await open(name);
    const errors = client.transport.stderr;
    const aborted = new Promise<void>((resolve) => {
      errors.on('data', (text: Buffer) => {
        if (String(text).includes('aborted')) resolve();
      });
    });
    const controller = new AbortController();
    const pending = call('ask_panel', { panel: 'slow', question: 'Hi?' }, { signal: controller.signal });
    pending.catch(() => undefined);
    await call('list_panels', {});
    controller.abort();
    await expect(pending).rejects.toThrow();
    await aborted;
  },
);

mcpTest('over HTTP the time limit ends what a client has left', { timeout: 60_000 }, async () => {
  const before = slowCalls();
  const { call } = await open('version 2, HTTP');
  await call('ask_panel', { panel: 'slow', question: 'Hi?', deadlineMs: 100 });
  const after = slowCalls();
  expect(after.asked - before.asked).toBe(1);
  expect(after.aborted - before.aborted).toBe(1);
});

mcpTest('holds the keys, ensembles and budgets of the handler', { timeout: 60_000 }, async () => {
  const { fetch, callers } = await serve(true);
  const { Client, StreamableHTTPClientTransport } = await importInstalled('@modelcontextprotocol/client');
  const connectWith = async (key: string) => {
    const client = new Client(info);
    const requestInit = { headers: { authorization: `Bearer ${key}` } };
    await client.connect(new StreamableHTTPClientTransport(URL_OF_SERVER, { fetch, requestInit }));
    closing.push(() => client.close());
    return client;
  };
  await expect(connectWith('wrong')).rejects.toThrow();
  const [ann, bob] = [await connectWith('key-of-ann'), await connectWith('key-of-bob')];
  const ask = { name: 'ask_panel', arguments: { panel: 'panel', question: '2 + 2?' } };
  expect((await ann.callTool({ name: 'list_panels', arguments: {} })).structuredContent).toEqual({
    panels: ['panel'],
  });
  const first = await ann.callTool(ask);
  expect(first.structuredContent.cost_usd).toBe(0.03);
  expect(await ann.callTool(ask)).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('budget') }],
  });
  expect(callers.spending()[0]).toMatchObject({ name: 'ann', spentUsd: 0.03 });
  const { prediction_id } = first.structuredContent;
  const explain = { name: 'explain_prediction', arguments: { prediction_id } };
  expect((await ann.callTool(explain)).isError ?? false).toBe(false);
  expect(await bob.callTool(explain)).toMatchObject({ isError: true });
});
