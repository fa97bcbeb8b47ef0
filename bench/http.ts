// CPU time per call over HTTP on the loopback interface, each way of asking beside the official SDK in one run.
// The server is a process of its own, so that its work is not counted: node bench/http.ts
// `--quick` takes shorter rounds, without the SDK and streams.
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { lastValueFrom } from 'rxjs';
import { Pool } from 'undici';
import type { Model } from '../src/domain/model.ts';
import { openai } from '../src/providers/openai.ts';
import { openaiCompatible } from '../src/providers/openai-compatible.ts';
import { undiciFetch } from '../src/providers/undici-fetch.ts';
import { median } from './table/judge.ts';
import { report } from './table/report.ts';

const isQuick = process.argv.includes('--quick');
const CALLS = isQuick ? 1000 : 2000;
const CONCURRENCY = 16;
const ROUNDS = isQuick ? 5 : 7;

const USAGE = { prompt_tokens: 14, completion_tokens: 40, total_tokens: 54 };
const WORDS =
  'Seventeen times twenty is 340, and seventeen times three is 51; together that makes 391.'.split(/(?= )/);
const CHUNK = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_780_000_000, model: 'bench' };

const WHOLE = JSON.stringify({
  ...CHUNK,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: WORDS.join('') }, finish_reason: 'stop' }],
  usage: USAGE,
});

const STREAMED = [
  ...WORDS.map((content) => ({ ...CHUNK, choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
  { ...CHUNK, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  { ...CHUNK, choices: [], usage: USAGE },
]
  .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  .concat('data: [DONE]\n\n');

const serve = (): void => {
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    if (!Buffer.concat(chunks as Buffer[]).includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': WHOLE.length });
      response.end(WHOLE);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of STREAMED) response.write(event);
    response.end();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
};

/** The microseconds of CPU that a call takes, all threads of this process together. */
const cpuMicrosPerCall = async (call: () => Promise<unknown>): Promise<number> => {
  let left = CALLS;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
};

/** Runs the tasks in turns, and prints the median of each beside the first one's. Returns the figures of each round. */
const compare = async (
  title: string,
  tasks: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const micros = new Map<string, number[]>(Object.keys(tasks).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, task] of Object.entries(tasks)) {
      const value = await cpuMicrosPerCall(task);
      // The first round warms up.
      if (round > 0) micros.get(name)?.push(value);
    }
  }
  const base = median(micros.values().next().value ?? []);
  console.log(`\n${title}, CPU per call`);
  for (const [name, values] of micros) {
    const value = median(values);
    console.log(`  ${(value / base).toFixed(2).padStart(6)}  ${name} (${value.toFixed(0)} µs)`);
  }
  return micros;
};

const measure = async (server: ChildProcess): Promise<void> => {
  const port = await new Promise<number>((resolve) =>
    server.once('message', (message) => resolve(Number(message))),
  );
  const origin = `http://127.0.0.1:${port}`;
  const endpoint = { baseURL: `${origin}/v1`, apiKey: 'sk-bench' };

  const messages = [{ role: 'user', content: 'What is 17 * 23?' }] as const;
  const question = { model: 'bench', messages: [...messages] };
  const request = { prompt: messages[0].content, messages };
  const asking = (model: Model, wantsDeltas: boolean) => () =>
    lastValueFrom(model.call({ ...request, wantsDeltas }));

  const sdk = new OpenAI({ ...endpoint, maxRetries: 0 });
  const pool = new Pool(origin);
  const plain = openaiCompatible('bench', endpoint);
  const overFetch = openaiCompatible('bench', { ...endpoint, fetch });
  const overSdk = openai('bench', endpoint);
  const leanSdk = new OpenAI({ ...endpoint, maxRetries: 0, fetch: undiciFetch() });
  const overLeanSdk = openai('bench', { ...endpoint, fetch: undiciFetch() });

  const lean = {
    'openaiCompatible(…), over undici': asking(plain, false),
    'undici.request and JSON.parse alone': async () => {
      const { body } = await pool.request({
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sk-bench' },
        body: JSON.stringify(question),
      });
      return body.json();
    },
  };
  const whole = await compare('an answer that comes at once', {
    ...(!isQuick && {
      'openai SDK, chat.completions.create': () => sdk.chat.completions.create(question),
      'the same with undiciFetch()': () => leanSdk.chat.completions.create(question),
      'openai(…), our model on that SDK': asking(overSdk, false),
      'openai(…) with undiciFetch()': asking(overLeanSdk, false),
      'openaiCompatible(…), over fetch': asking(overFetch, false),
    }),
    ...lean,
  });
  const [ours = [], bare = []] = Object.keys(lean).map((name) => whole.get(name));
  report({ openaiCompatible: ours.map((micros, round) => micros / (bare[round] ?? Number.NaN)) });

  const streaming = (client: OpenAI) => async () => {
    const stream = await client.chat.completions.create({
      ...question,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    return text;
  };
  if (!isQuick) {
    await compare(`an answer streamed in ${STREAMED.length} events`, {
      'openai SDK, chat.completions.create': streaming(sdk),
      'the same with undiciFetch()': streaming(leanSdk),
      'openai(…), our model on that SDK': asking(overSdk, true),
      'openai(…) with undiciFetch()': asking(overLeanSdk, true),
      'openaiCompatible(…), over fetch': asking(overFetch, true),
      'openaiCompatible(…), over undici': asking(plain, true),
    });
  }

  await pool.close();
  server.kill();
};

if (process.send === undefined) await measure(fork(import.meta.filename));
else serve();
