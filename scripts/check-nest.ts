/**
 * Tries `crucible-ensemble/nest`, packed, in the current NestJS: the application of `examples/nest` with its tests, started for real
 * under Express, under Fastify and as CommonJS, and asked over HTTP. The models are served by an upstream that counts calls and
 * closed connections. Prints a table, and fails if a capability fails.
 *
 * `npm run check:nest` needs a build, and the npm registry once; the cache is in Redis if `redis-server` is installed or can be
 * downloaded. With `--write` it writes the table of docs/frameworks/nest.md. Takes two
 * minutes.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { checkCapabilities, type Trial } from './capability-table.ts';
import { installed } from './on-demand.ts';
import { startRedis } from './redis.ts';
import { type Saying, type SentRequest, startUpstream, type Upstream, USAGE } from './served-panels.ts';

const example = new URL('../examples/nest/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', example), 'utf8')) as {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
};
const { 'crucible-ensemble': _, ...dependencies } = manifest.dependencies;

const folder = installed({
  name: 'nest',
  packed: true,
  packages: { ...dependencies, ...manifest.devDependencies },
});

const REDIS_PORT = 7_379;
const GRACE_MS = 500;

interface Build {
  readonly type: 'module' | 'commonjs';
  readonly adapter: 'express' | 'fastify';
}

const builds: Readonly<Record<string, Build>> = {
  Express: { type: 'module', adapter: 'express' },
  Fastify: { type: 'module', adapter: 'fastify' },
  'CommonJS, Express': { type: 'commonjs', adapter: 'express' },
};

/** The folder of the example as modules of one kind. */
const placeOf = (type: Build['type']): URL => new URL(`${type}/`, folder.url);

const run = (cwd: URL, command: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: fileURLToPath(cwd),
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.equal(status, 0, `${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
};

/** How many tests of the example pass, by the kind of its modules. */
const passed = new Map<Build['type'], string>();

for (const type of ['module', 'commonjs'] as const) {
  const place = placeOf(type);
  rmSync(place, { recursive: true, force: true });
  cpSync(example, place, { recursive: true, filter: (path) => !/\/(?:node_modules|dist)$/.test(path) });
  writeFileSync(new URL('package.json', place), JSON.stringify({ ...manifest, type }));
  run(place, folder.bin('tsc'), '-p', '.');
  const output = run(place, process.execPath, '--test', '--test-reporter=tap', 'dist/*.spec.js');
  passed.set(type, `${/^# pass (\d+)/m.exec(output)?.[1]} pass`);
}

/** What a model says: the question says it. The third model errs. */
const say = ({ model, messages, tools }: SentRequest): Saying => {
  const question = String(messages.findLast(({ role }) => role === 'user')?.content);
  const errs = model.endsWith('3');
  if (question.includes('slow')) return 'never';
  // Failures of different kinds, none of which is tried again.
  if (question.includes('broken')) return { status: errs ? 401 : 404 };
  if (tools !== undefined) return { tool: 'capital', input: { country: errs ? 'Spain' : 'France' } };
  if (question.includes('city')) return errs ? '{"city":"Lyon"}' : '{"city":"Paris"}';
  return errs ? '5' : 'It is 4.';
};

interface Started {
  readonly url: string;
  readonly upstream: Upstream;
  readonly child: ChildProcess;
  readonly openai: OpenAI;
  readonly close: () => Promise<void>;
}

const redis = await startRedis(REDIS_PORT);
console.log(
  redis === undefined
    ? 'There is no redis-server, and it cannot be downloaded: the cache is in memory.'
    : `The cache is in Redis ${redis.version}.`,
);

const listening = async (child: ChildProcess): Promise<string> => {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    const url = /Listening at (\S+)/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the application ended: ${output}`);
};

const start = async ({ type, adapter }: Build, upstream?: Upstream): Promise<Started> => {
  const models = upstream ?? (await startUpstream(say));
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: fileURLToPath(placeOf(type)),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      ADAPTER: adapter,
      MODELS_URL: models.url,
      GRACE_MS: String(GRACE_MS),
      NO_COLOR: '1',
      ...(redis && { REDIS_URL: redis.url }),
    },
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await listening(child);
  // The log is not read.
  child.stdout?.resume();
  return {
    url,
    upstream: models,
    child,
    openai: new OpenAI({ baseURL: `${url}/ai/v1`, apiKey: 'none' }),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await models.close();
    },
  };
};

const post = (url: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

let asked = 0;
/** A question that no cache has. */
const fresh = (question: string): string => {
  asked += 1;
  return `${question} (${process.pid}-${asked})`;
};

const user = (content: string) => [{ role: 'user' as const, content }];

/** The ways to ask for a prediction that never ends. */
const slow: Readonly<Record<string, (url: string, signal?: AbortSignal) => Promise<Response>>> = {
  Observable: (url, signal) => post(`${url}/questions`, { question: fresh('slow') }, signal),
  promise: (url, signal) => post(`${url}/questions/all`, [fresh('slow')], signal),
  '`@Sse()`': (url, signal) =>
    fetch(`${url}/questions/events?question=${fresh('slow')}`, signal && { signal }),
  served: (url, signal) =>
    post(`${url}/ai/v1/chat/completions`, { model: 'panel', messages: user(fresh('slow')) }, signal),
  'served as a stream': (url, signal) =>
    post(
      `${url}/ai/v1/chat/completions`,
      { model: 'panel', stream: true, messages: user(fresh('slow')) },
      signal,
    ),
};

type Capability = (started: Started, build: Build) => ReturnType<Trial>;

/** Counts the calls, and the connections that are closed, from now on. */
const counterOf = (upstream: Upstream) => {
  const requests = upstream.requests.length;
  const closed = upstream.requests.filter((request) => request.isAbandoned()).length;
  return {
    calls: (): number => upstream.requests.length - requests,
    received: (count: number): Promise<void> => upstream.received(requests + count),
    async closed(count: number): Promise<string> {
      await upstream.closed(closed + count);
      return `${count} of ${upstream.requests.length - requests}`;
    },
  };
};

const left =
  (ask: (url: string, signal?: AbortSignal) => Promise<Response>): Capability =>
  async ({ url, upstream }) => {
    const count = counterOf(upstream);
    const controller = new AbortController();
    const asking = ask(url, controller.signal)
      .then((response) => response.text())
      .catch(() => undefined);
    await count.received(3);
    controller.abort();
    await asking;
    return count.closed(3);
  };

const capabilities: Readonly<Record<string, Capability>> = {
  'its tests with `@nestjs/testing`': async (_started, { type }) => passed.get(type),
  'an Observable is answered': async ({ url, upstream }) => {
    const count = counterOf(upstream);
    const response = await post(`${url}/questions`, { question: fresh('2 + 2?') });
    const { answer, consensus } = (await response.json()) as { answer: number; consensus: number };
    assert.deepEqual([response.status, answer, consensus], [200, 4, 2 / 3]);
    assert.equal(count.calls(), 3);
  },
  '`@Sse()`: each vote is an event': async ({ url }) => {
    const response = await fetch(`${url}/questions/events?question=${fresh('2 + 2?')}`);
    const text = await response.text();
    assert.equal(text.match(/^event: response$/gm)?.length, 3);
    assert.match(text, /^event: complete\nid: \d+\ndata: .*"answer":4/m);
  },
  'clients of OpenAI and Anthropic; usage of all calls': async ({ url, openai }) => {
    const messages = user(fresh('2 + 2?'));
    const { choices, usage } = await openai.chat.completions.create({ model: 'panel', messages });
    assert.equal(choices[0]?.message.content, 'It is 4.');
    assert.equal(usage?.total_tokens, 3 * USAGE.total_tokens);
    const stream = openai.chat.completions.stream({ model: 'panel', messages: user(fresh('2 + 2?')) });
    assert.equal((await stream.finalChatCompletion()).choices[0]?.message.content, 'It is 4.');
    const { output_text } = await openai.responses.create({ model: 'panel', input: fresh('2 + 2?') });
    assert.equal(output_text, 'It is 4.');
    const anthropic = new Anthropic({ baseURL: `${url}/ai`, apiKey: 'none' });
    const asking = { model: 'panel', max_tokens: 99, messages: user(fresh('2 + 2?')) };
    const { content } = await anthropic.messages.stream(asking).finalMessage();
    assert.deepEqual([content[0]?.type === 'text' && content[0].text], ['It is 4.']);
  },
  'a vote on tool calls': async ({ openai }) => {
    const parameters = { type: 'object', properties: { country: { type: 'string' } } };
    const { choices } = await openai.chat.completions.create({
      model: 'panel',
      messages: user(fresh('What is the capital of France?')),
      tools: [{ type: 'function', function: { name: 'capital', parameters } }],
    });
    const call = choices[0]?.message.tool_calls?.[0];
    assert.deepEqual(call?.type === 'function' && JSON.parse(call.function.arguments), { country: 'France' });
  },
  'a vote on structured output': async ({ openai }) => {
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const { choices } = await openai.chat.completions.create({
      model: 'panel',
      messages: user(fresh('Which city?')),
      response_format: { type: 'json_schema', json_schema: { name: 'city', schema } },
    });
    assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ''), { city: 'Paris' });
  },
  'a failed panel is asked once; status 424': async ({ url, openai, upstream }) => {
    const count = counterOf(upstream);
    const response = await post(`${url}/questions`, { question: fresh('broken') });
    assert.deepEqual([response.status, response.headers.get('x-should-retry')], [424, 'false']);
    assert.equal(count.calls(), 3);
    const asking = openai.chat.completions.create({ model: 'panel', messages: user(fresh('broken')) });
    await assert.rejects(asking);
    assert.equal(count.calls(), 6);
    return '3 calls';
  },
  'the cache: no call for a question that was asked': async (started, build) => {
    const count = counterOf(started.upstream);
    const question = fresh('2 + 2?');
    await post(`${started.url}/questions`, { question });
    const again = redis === undefined ? started : await start(build, started.upstream);
    const { cachedCalls } = (await (await post(`${again.url}/questions`, { question })).json()) as {
      cachedCalls: number;
    };
    if (again !== started) again.child.kill('SIGKILL');
    assert.deepEqual([cachedCalls, count.calls()], [3, 3]);
    return redis === undefined ? 'in memory' : 'in Redis, by another process';
  },
  'health: down after three failures': async ({ url }) => {
    assert.equal((await fetch(`${url}/health`)).status, 200);
    for (let failures = 0; failures < 3; failures += 1)
      await post(`${url}/questions`, { question: fresh('broken') });
    const response = await fetch(`${url}/health`);
    assert.equal(response.status, 503);
    assert.match(await response.text(), /"panel":\{"status":"down","failuresInARow":3\}/);
    await post(`${url}/questions`, { question: fresh('2 + 2?') });
    assert.equal((await fetch(`${url}/health`)).status, 200);
  },
  'metrics for Prometheus': async ({ url }) => {
    await post(`${url}/questions`, { question: fresh('2 + 2?') });
    assert.match(
      await (await fetch(`${url}/metrics`)).text(),
      /^gen_ai_client_operation_duration_count\{.*model-1/m,
    );
  },
  ...Object.fromEntries(Object.entries(slow).map(([name, ask]) => [`a client leaves: ${name}`, left(ask)])),
  'SIGTERM while all five of these run: aborted, and the process ends': async ({ url, upstream, child }) => {
    const count = counterOf(upstream);
    const responses = Object.values(slow).map(async (ask) => {
      const response = await ask(url);
      return [response.status, await response.text()] as const;
    });
    await count.received(15);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    for (const [index, [status, text]] of (await Promise.all(responses)).entries()) {
      assert.equal(status, Object.keys(slow)[index]?.match(/Sse|stream/) ? 200 : 503);
      assert.match(text, /shutting_down|shutting down/);
    }
    const closed = await count.closed(15);
    await exited;
    return closed;
  },
};

const trialsOf = (capability: Capability): Trial[] =>
  Object.entries(builds).map(([name, build]) => async () => {
    const started = running.get(name) ?? (await start(build));
    running.set(name, started);
    return (await capability(started, build)) as string;
  });

/** The application of each column. */
const running = new Map<string, Started>();

await checkCapabilities({
  page: 'nest',
  folder,
  packages: Object.keys(dependencies)
    .filter((name) => /^(?:@nestjs|@keyv|keyv|rxjs)/.test(name))
    .concat('@nestjs/testing', 'typescript'),
  columns: Object.keys(builds),
  capabilities: Object.fromEntries(
    Object.entries(capabilities).map(([name, capability]) => [name, trialsOf(capability)]),
  ),
});
for (const started of running.values()) await started.close();
await redis?.close();
process.exit();
