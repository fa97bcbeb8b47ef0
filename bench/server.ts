/**
 * The server under load, on loopback: `node --expose-gc bench/server.ts [clients] [requests]`.
 *
 * Three rounds of 1,000 streaming clients at the same time, through the server and through a plain pass-through to the same
 * upstream in turns: none lost, the 99th percentile of both, the heap after each round, and the listeners left on the signals
 * of requests. Then 10,000 requests at the limit of admission: those beyond it get a 429. Ends with 1 if a limit is missed.
 */
import { getEventListeners } from 'node:events';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from 'simple-statistics';
import { serve } from 'srvx';
import { createEnsemble } from '../src/index.ts';
import { openaiCompatible } from '../src/providers/openai-compatible.ts';
import { createEnsembleHandler } from '../src/server/server.ts';

const [clients = 1_000, requests = 10_000] = process.argv.slice(2).map(Number);
const ROUNDS = 3;
const UPSTREAM_MS = 200;
const MOST_HEAP_RATIO = 1.05;
const failures: string[] = [];

const reply = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: '4' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
});
const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4_096, resolve));
  return (server.address() as AddressInfo).port;
};

const upstream = createServer((asked, response) => {
  asked.resume();
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(reply);
  }, UPSTREAM_MS);
});
const upstreamPort = await portOf(upstream);
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
/** What a proxy of one model does at least. */
const passThrough = createServer((asked, response) => {
  const onward = httpRequest(
    { port: upstreamPort, host: '127.0.0.1', path: asked.url, method: 'POST', agent, headers: asked.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500, { 'content-type': 'text/event-stream' });
      answer.pipe(response);
    },
  );
  asked.pipe(onward);
});
const passThroughPort = await portOf(passThrough);

const ensemble = createEnsemble({
  models: ['a', 'b', 'c'].map((name) =>
    openaiCompatible(name, { baseURL: `http://127.0.0.1:${upstreamPort}/v1`, apiKey: 'none' }),
  ),
});
let signals: WeakRef<AbortSignal>[] = [];
const listening = async (limits: object) => {
  const handler = createEnsembleHandler({ ensembles: { panel: ensemble }, ...limits });
  const server = serve({
    fetch(request) {
      signals.push(new WeakRef(request.signal));
      return handler.fetch(request);
    },
    hostname: '127.0.0.1',
    port: 0,
    silent: true,
    gracefulShutdown: false,
    node: { backlog: 4_096 },
  });
  await server.ready();
  return { port: Number(new URL(server.url ?? '').port), close: () => server.close(true) };
};

const body = JSON.stringify({
  model: 'panel',
  stream: true,
  messages: [{ role: 'user', content: '2 + 2?' }],
});
const clientAgent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly latencyMs: number;
}
const ask = (port: number): Promise<Answered> =>
  new Promise((resolve) => {
    const startedAtMs = performance.now();
    const settle = (status: number, text: string): void =>
      resolve({ status, text, latencyMs: performance.now() - startedAtMs });
    const asked = httpRequest(
      {
        port,
        host: '127.0.0.1',
        path: '/v1/chat/completions',
        method: 'POST',
        agent: clientAgent,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece) => {
          text += piece;
        });
        response.on('end', () => settle(response.statusCode ?? 0, text));
        response.on('error', () => settle(0, text));
      },
    );
    asked.on('error', () => settle(0, ''));
    asked.end(body);
  });

const heapBytes = async (): Promise<number> => {
  // Sockets are gone some turns after they are closed.
  await pause(200);
  globalThis.gc?.();
  await pause(50);
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const listenersLeft = (): number =>
  signals.reduce((count, ref) => {
    const signal = ref.deref();
    return count + (signal === undefined ? 0 : getEventListeners(signal, 'abort').length);
  }, 0);
const together = (port: number, count: number): Promise<Answered[]> =>
  Promise.all(Array.from({ length: count }, () => ask(port)));
const p99 = (answers: readonly Answered[]): number =>
  quantile(
    answers.map(({ latencyMs }) => latencyMs),
    0.99,
  );

const server = await listening({ concurrency: clients, maxQueued: clients });
await together(server.port, 50);
await together(passThroughPort, 50);
const heaps: number[] = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  signals = [];
  const plain = await together(passThroughPort, clients);
  const served = await together(server.port, clients);
  const lost = served.filter(({ status, text }) => status !== 200 || !text.includes('data: [DONE]')).length;
  const listeners = listenersLeft();
  const heap = await heapBytes();
  heaps.push(heap);
  console.log(
    `round ${round}: ${clients} clients, ${lost} lost; p99 ${p99(served).toFixed(0)} ms, pass-through of one call ${p99(plain).toFixed(0)} ms; ${listeners} listeners; heap ${(heap / 2 ** 20).toFixed(1)} MB`,
  );
  if (lost > 0) failures.push(`${lost} clients were lost in round ${round}`);
  if (listeners > 0) failures.push(`${listeners} listeners are left in round ${round}`);
}
const growth = (heaps.at(-1) ?? 0) / (heaps[0] ?? 1);
console.log(`heap of the last round by that of the first: ${growth.toFixed(3)}`);
if (growth > MOST_HEAP_RATIO) failures.push(`the heap grew by ${growth.toFixed(3)}`);
await server.close();

const limited = await listening({ concurrency: 16, maxQueued: 16 });
const counts = new Map<number, number>();
const before = await heapBytes();
const BATCH = 500;
for (let sent = 0; sent < requests; sent += BATCH)
  for (const { status } of await together(limited.port, Math.min(BATCH, requests - sent)))
    counts.set(status, (counts.get(status) ?? 0) + 1);
signals = [];
const after = await heapBytes();
console.log(
  `${requests} requests, ${BATCH} at a time, 16 in flight and 16 waiting: ${[...counts].map(([status, count]) => `${count} × ${status}`).join(', ')}; heap ${(after / before).toFixed(3)}`,
);
const refused = counts.get(429) ?? 0;
if ((counts.get(200) ?? 0) + refused !== requests) failures.push('some requests got neither 200 nor 429');
if (refused === 0) failures.push('no request got a 429');
if (after / before > 1.1) failures.push(`the heap grew by ${(after / before).toFixed(3)} at the limit`);
await limited.close();
for (const failure of failures) console.error(failure);
process.exit(failures.length > 0 ? 1 : 0);
