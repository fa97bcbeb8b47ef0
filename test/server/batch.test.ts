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

/** A body to which a test adds lines. */
const upload = () => {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let left = false;
  const body = new ReadableStream<Uint8Array>({
    start(opened) {
      controller = opened;
    },
    cancel() {
      left = true;
    },
  });
  return {
    body: body as BodyInit,
    write: (text: string): void => controller?.enqueue(new TextEncoder().encode(text)),
    fail: (): void => controller?.error(new TypeError('terminated')),
    end: (): void => controller?.close(),
    hasLeft: (): boolean => left,
  };
};
const endsOf = (events$: ReturnType<typeof serve>['events$']) => {
  const seen: ServedEvent[] = [];
  events$.subscribe((event) => event.type !== 'event' && seen.push(event));
  return seen;
};
/** Models that answer once they are let go. */
const held = () => {
  const waiting: (() => void)[] = [];
  const model = defineModel(
    'held',
    (question) =>
      new Promise<string>((resolve) => {
        waiting.push(() => resolve(question));
      }),
  );
  return {
    ensemble: createEnsemble({ models: [model] }),
    letGo: (): void => {
      for (const go of waiting.splice(0)) go();
    },
  };
};

test('writes a result before the next line has arrived', async () => {
  const { body, write, end } = upload();
  const reader = (await serve().fetch(batchOf(body))).body?.getReader();
  const next = async () => linesIn(new TextDecoder().decode((await reader?.read())?.value));
  for (const line of [1, 2, 3]) {
    write(`${asking(`question ${line}`)}\n`);
    expect(await next()).toMatchObject([{ line, prediction: { answer: `question ${line}` } }]);
  }
  end();
  expect((await reader?.read())?.done).toBe(true);
});

test('ends an upload that stalls, after the results of what was asked', async () => {
  vi.useFakeTimers();
  const { ensemble, letGo } = held();
  const { fetch, events$, close } = serve({ ensembles: { echo: ensemble }, bodyTimeoutMs: 1_000 });
  const seen = endsOf(events$);
  const { body, write, hasLeft } = upload();
  const text = (await fetch(batchOf(body))).text();
  write(`${asking('one')}\n${asking('two')}\n{"model":`);
  // Bytes and empty lines are no lines: a client that sends them slowly wins no time.
  for (let waited = 0; waited < 10; waited += 1) {
    await vi.advanceTimersByTimeAsync(99);
    write(waited < 5 ? ' ' : '');
  }
  expect(hasLeft()).toBe(false);
  await vi.advanceTimersByTimeAsync(10);
  expect(hasLeft()).toBe(true);
  letGo();
  await vi.advanceTimersByTimeAsync(100);
  expect(linesIn(await text)).toMatchObject([
    { line: 1, status: 200, prediction: { answer: 'one' } },
    { line: 2, status: 200, prediction: { answer: 'two' } },
    {
      line: 3,
      status: 408,
      error: { code: 'request_timeout', message: 'the line 3 took longer than 1000 ms' },
    },
  ]);
  expect(seen.map(({ type }) => type)).toEqual(['begin', 'begin', 'refusal', 'end', 'end']);
  await close();
});

test('gives each line its own time, and none while the client reads no results', async () => {
  vi.useFakeTimers();
  const { fetch } = serve({ bodyTimeoutMs: 1_000 });
  const { body, write, end } = upload();
  const response = await fetch(batchOf(body));
  for (let line = 1; line <= 20; line += 1) {
    write(`${asking(`question ${line}`)}\n`);
    await vi.advanceTimersByTimeAsync(900);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  const text = response.text();
  await vi.advanceTimersByTimeAsync(900);
  end();
  await vi.advanceTimersByTimeAsync(0);
  expect(linesIn(await text).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
});

test('says that an upload broke off, after the results of what was asked', async () => {
  const { fetch, events$, close } = serve();
  const seen = endsOf(events$);
  const { body, write, fail } = upload();
  const reader = (await fetch(batchOf(body))).body?.getReader();
  write(`${asking('one')}\n{"model":`);
  const first = new TextDecoder().decode((await reader?.read())?.value);
  fail();
  const second = new TextDecoder().decode((await reader?.read())?.value);
  expect(linesIn(first + second)).toMatchObject([
    { line: 1, status: 200 },
    { line: 2, status: 400, error: { message: 'the body ended before its end' } },
  ]);
  expect((await reader?.read())?.done).toBe(true);
  expect(seen.map(({ type }) => type)).toEqual(['begin', 'end', 'refusal']);
  await close();
});

test('ends with status 503 in its last lines if the server is closed', async () => {
  const { ensemble } = held();
  const { fetch, close, events$ } = serve({ ensembles: { echo: ensemble } });
  const seen = endsOf(events$);
  const { body, write } = upload();
  const text = (await fetch(batchOf(body))).text();
  write(`${asking('one')}\n`);
  while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await close({ graceMs: 0 });
  expect(linesIn(await text).map(({ line, status }) => [line, status])).toEqual([
    [1, 503],
    [2, 503],
  ]);
  expect(seen.map(({ type }) => type)).toEqual(['begin', 'end', 'refusal']);
});

test('refuses a line that is no UTF-8 in its place, and answers the others', async () => {
  const bad = Buffer.from(asking('caf\xe9'), 'latin1');
  const body = Buffer.concat([Buffer.from(`${asking('one')}\n`), bad, Buffer.from(`\n${asking('two')}`)]);
  const lines = linesIn(await (await serve().fetch(batchOf(body))).text());
  expect(lines).toMatchObject([
    { line: 1, status: 200 },
    { line: 2, status: 400, error: { message: 'the line is not valid UTF-8' } },
    { line: 3, status: 200, prediction: { answer: 'two' } },
  ]);
});

test('tells the refusal of a line in an event, with the id of the line', async () => {
  const { fetch, events$ } = serve();
  const seen = endsOf(events$);
  const response = await fetch(batchOf(`${asking('one')}\n{}`));
  await response.text();
  const id = response.headers.get('x-request-id');
  expect(seen).toMatchObject([
    { type: 'begin', served: { id: `${id}-1` } },
    { type: 'refusal', id: `${id}-2`, failure: { status: 400 } },
    { type: 'end', served: { id: `${id}-1` } },
  ]);
});
