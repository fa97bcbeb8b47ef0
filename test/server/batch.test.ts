import { afterEach, expect, test, vi } from 'vitest';
import { createEnsemble, defineModel } from '../../src/index.ts';
import {
  createCallers,
  createEnsembleHandler,
  type EnsembleHandlerOptions,
  type ServedEvent,
} from '../../src/server/server.ts';

afterEach(() => {
  vi.useRealTimers();
});

const PATH = 'http://localhost/v1/predictions/batch';
const echo = createEnsemble({
  models: [defineModel('echo', (question) => ({ text: question, costUsd: 0.25 }))],
});
const serve = (more: Partial<EnsembleHandlerOptions> = {}) =>
  createEnsembleHandler({ ensembles: { echo }, ...more });
const batchOf = (body: BodyInit, headers: Record<string, string> = {}): Request =>
  new Request(PATH, { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
const asking = (query: string): string => JSON.stringify({ model: 'echo', query });
const streamOf = (pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
const linesIn = (text: string): readonly Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('answers each line in the order of the lines, whichever ends first', async () => {
  vi.useFakeTimers();
  const slowFirst = createEnsemble({
    models: [
      defineModel(
        'a',
        (question) =>
          new Promise<string>((resolve) => {
            setTimeout(() => resolve(question), question === 'first' ? 1_000 : 1);
          }),
      ),
    ],
  });
  const { fetch } = serve({ ensembles: { echo: slowFirst } });
  const response = await fetch(batchOf(['first', 'second', 'third'].map(asking).join('\n')));
  expect(response.headers.get('content-type')).toMatch(/^application\/jsonl/);
  const text = response.text();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(linesIn(await text)).toMatchObject([
    { line: 1, status: 200, prediction: { answer: 'first' } },
    { line: 2, status: 200, prediction: { answer: 'second' } },
    { line: 3, status: 200, prediction: { answer: 'third' } },
  ]);
});

test('has the error of a bad line in its place, with its number, and answers the others', async () => {
  const { fetch } = serve({ maxBodyBytes: 200 });
  const body = [
    asking('one'),
    '',
    '{"model":',
    asking('x'.repeat(300)),
    '{"model":"none","query":"a"}\r',
    '{"model":"echo","query":"a","stream":true}',
    '[]',
    asking('two'),
  ].join('\n');
  const lines = linesIn(await (await fetch(batchOf(body))).text());
  expect(lines.map(({ line, status }) => [line, status])).toEqual([
    [1, 200],
    [3, 400],
    [4, 413],
    [5, 404],
    [6, 400],
    [7, 400],
    [8, 200],
  ]);
  expect(lines[4]).toMatchObject({ error: { param: 'stream' } });
});

test.each([1, 2, 3, 7])('reads lines that arrive in pieces of %i bytes', async (size) => {
  const bytes = new TextEncoder().encode(`${asking('Grüße, 世界')}\n\n${asking('🙂')}`);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.slice(index * size, (index + 1) * size),
  );
  const { fetch } = serve();
  const response = await fetch(batchOf(streamOf(pieces) as BodyInit));
  expect(linesIn(await response.text())).toMatchObject([
    { line: 1, prediction: { answer: 'grüße, 世界' } },
    { line: 3, prediction: { answer: '🙂' } },
  ]);
});

test('reads a line only if the client has read the results before it', async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        sent += 1;
        controller.enqueue(new TextEncoder().encode(`${asking(String(sent))}\n`));
      },
    },
    { highWaterMark: 0 },
  );
  const { fetch } = serve();
  const reader = (await fetch(batchOf(endless as BodyInit))).body?.getReader();
  for (let read = 0; read < 100; read += 1) await reader?.read();
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBeGreaterThanOrEqual(100);
  expect(sent).toBeLessThan(120);
  await reader?.cancel();
});

test('aborts what is in flight if the client leaves, and accounts for it', async () => {
  let aborted = 0;
  const never = createEnsemble({
    models: [
      defineModel(
        'never',
        (_question, { signal }) =>
          new Promise<string>((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted += 1;
              reject(signal.reason);
            });
          }),
      ),
    ],
  });
  const { fetch, events$ } = serve({ ensembles: { echo: never } });
  const ends: ServedEvent[] = [];
  events$.subscribe((event) => event.type === 'end' && ends.push(event));
  const reader = (await fetch(batchOf(`${asking('a')}\n${asking('b')}`))).body?.getReader();
  const pending = reader?.read();
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await reader?.cancel();
  await pending;
  expect(aborted).toBe(2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ends).toMatchObject([{ failure: { status: 499 } }, { failure: { status: 499 } }]);
});

test('charges each line, and refuses lines beyond the budget', async () => {
  const { createHash } = await import('node:crypto');
  const callers = createCallers({
    keys: [
      {
        name: 'ann',
        sha256: createHash('sha256').update('key-of-ann').digest('hex'),
        budget: { maxUsd: 0.5 },
      },
    ],
  });
  const { fetch } = serve({ callers, concurrency: 1 });
  const headers = { 'x-api-key': 'key-of-ann' };
  await (await fetch(batchOf(asking('a'), headers))).text();
  const lines = linesIn(await (await fetch(batchOf(['b', 'c'].map(asking).join('\n'), headers))).text());
  expect(lines.map(({ status }) => status)).toEqual([200, 402]);
  expect(callers.spending()).toMatchObject([{ spentUsd: 0.5 }]);
  expect((await fetch(batchOf(asking('d')))).status).toBe(401);
});
