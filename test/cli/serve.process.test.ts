import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

let folder = '';
const processes: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serve-'));
});
afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  rmSync(folder, { recursive: true });
});

const ensembleOf = (latencyMs: number): object => ({
  models: [{ simulated: { id: 'a', accuracy: 1, costUsd: 0.25, latencyMs, answer: '4' } }],
  normalization: 'numeric',
});
const configure = (content: object | string): void =>
  writeFileSync(
    join(folder, 'server.json'),
    typeof content === 'string' ? content : JSON.stringify({ port: 0, ...content }),
  );

/** Starts a server, and waits until it listens. */
const start = async (env: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [bin, 'serve', '--config', join(folder, 'server.json')], {
    env: { ...process.env, ANN: 'key-of-ann', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line);
    for (const look of waiting) look();
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [found] = line.match(/http:\S+/) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(errors.join('\n'))));
  });
  return {
    child,
    url,
    said: (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!errors.some((line) => line.includes(text))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    ask: (body: object = {}): Promise<Response> =>
      fetch(`${url}v1/predictions`, {
        method: 'POST',
        headers: { authorization: 'Bearer key-of-ann', connection: 'close' },
        body: JSON.stringify({ model: 'panel', query: 'What is 2 + 2?', ...body }),
      }),
    get: (path: string, headers: Record<string, string> = { 'x-api-key': 'key-of-ann' }) =>
      fetch(`${url}${path}`, { headers: { ...headers, connection: 'close' } }),
  };
};

/** Reads a stream until it has a text. Returns what reads the rest. */
const readUntil = async (response: Response, text: string): Promise<() => Promise<string>> => {
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let all = '';
  while (!all.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended without ${text}: ${all}`);
    all += value;
  }
  return async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return all;
      all += value;
    }
  };
};

const ann = { name: 'ann', keyEnv: 'ANN', budget: { maxUsd: 0.5 } };

test('a killed server knows after its restart what a key has spent', { timeout: 60_000 }, async () => {
  configure({ ensembles: { panel: ensembleOf(0) }, keys: [ann], spendFile: 'spend.jsonl' });
  const first = await start();
  expect((await first.ask()).status).toBe(200);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await start();
  expect((await second.ask()).status).toBe(200);
  expect((await second.ask()).status).toBe(402);
});

test('reads its configuration again on SIGHUP, and drops no prediction and no spending', {
  timeout: 60_000,
}, async () => {
  configure({ ensembles: { panel: ensembleOf(2_000) }, keys: [ann] });
  const { child, ask, get, said } = await start();
  const rest = await readUntil(await ask({ stream: true }), 'event: call-start');
  configure({ ensembles: { panel: ensembleOf(0), other: ensembleOf(0) }, keys: [ann] });
  child.kill('SIGHUP');
  await said('reloaded');
  expect(await (await get('v1/models')).json()).toMatchObject({ data: [{ id: 'panel' }, { id: 'other' }] });
  expect(await rest()).toContain('event: complete');
  configure('{ "ensembles": ');
  child.kill('SIGHUP');
  await said('not reloaded');
  expect((await ask()).status).toBe(200);
  // The prediction before the reload counts.
  expect((await ask()).status).toBe(402);
});

test('ends after what is in flight when it is interrupted', { timeout: 60_000 }, async () => {
  configure({ ensembles: { panel: ensembleOf(2_000) }, keys: [ann] });
  const { child, ask, said } = await start();
  const rest = await readUntil(await ask({ stream: true }), 'event: call-start');
  child.kill('SIGINT');
  await said('Waiting for predictions in flight');
  expect((await ask()).status).toBe(503);
  const [[code]] = await Promise.all([
    once(child, 'exit'),
    rest().then((text) => expect(text).toContain('event: complete')),
  ]);
  expect(code).toBe(0);
});

test('serves metrics to the owners of keys, or to all', { timeout: 60_000 }, async () => {
  configure({ ensembles: { panel: ensembleOf(0) }, keys: [ann], metrics: true });
  const { child, ask, get, said } = await start();
  await ask();
  expect((await get('metrics', {})).status).toBe(401);
  const response = await get('metrics');
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toMatch(/^# TYPE gen_ai/m);
  configure({ ensembles: { panel: ensembleOf(0) }, keys: [ann], metrics: 'public' });
  child.kill('SIGHUP');
  await said('reloaded');
  expect((await get('metrics', {})).status).toBe(200);
});

test('exports spans, in the trace that a client names', { timeout: 60_000 }, async () => {
  const exported: string[] = [];
  const collector = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      exported.push(body);
      response.end('{}');
    });
  });
  await once(collector.listen(0, '127.0.0.1'), 'listening');
  try {
    configure({ ensembles: { panel: ensembleOf(0) }, traces: true });
    const { child, url } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    });
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const response = await fetch(`${url}v1/predictions`, {
      method: 'POST',
      headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` },
      body: JSON.stringify({ model: 'panel', query: 'What is 2 + 2?' }),
    });
    expect(response.status).toBe(200);
    for (const hostile of [
      '',
      'x',
      '00-0-0-00',
      `ff-${trace}-b7ad6b7169203331-01`,
      `00-${trace}`.repeat(200),
    ]) {
      const headers = { traceparent: hostile, tracestate: '='.repeat(2_000), baggage: '__proto__=1,;==' };
      expect((await fetch(`${url}v1/models`, { headers })).status).toBe(200);
    }
    child.kill('SIGTERM');
    await once(child, 'exit');
    const spans = exported.flatMap((body) =>
      JSON.parse(body).resourceSpans.flatMap((resource: { scopeSpans: { spans: object[] }[] }) =>
        resource.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
    expect(spans).toMatchObject([
      { name: 'chat a', traceId: trace },
      { name: expect.stringContaining('invoke_workflow'), traceId: trace, parentSpanId: 'b7ad6b7169203331' },
    ]);
    expect(exported.join('')).not.toContain('2 + 2');
  } finally {
    collector.close();
  }
});
