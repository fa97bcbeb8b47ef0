import { lastValueFrom, merge, tap, toArray } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEnsembleClient, type RemoteEvent } from '../../src/client/client.ts';
import { type FaultServer, startFaultServer } from '../../src/testing/fault-server.ts';
import { eventStream, json, reset } from '../../src/testing/replies.ts';
import { type ServedPanels, servePanels } from '../server/serve-panels.ts';

const question = 'What is 2 + 2?';

it('asks a server that listens, as a promise, as an Observable and in a loop', async () => {
  const served = await servePanels();
  const client = createEnsembleClient<number>({ url: `${served.url}/`, ensemble: 'panel' });
  const { answer, metadata } = await client.predict(question);
  const events = await lastValueFrom(client.stream(question).pipe(toArray()));
  const types: string[] = [];
  for await (const { type } of client.stream(question)) types.push(type);
  await served.close();
  expect([answer, metadata.votes]).toEqual([4, { 4: 2, 5: 1 }]);
  expect(events.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
  expect(served.ends.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined]);
});

it.each(['predict$', 'stream', 'loop', 'signal'] as const)(
  'closes the sockets of every call when a reader leaves by %s',
  async (form) => {
    const served = await servePanels();
    const client = createEnsembleClient({ url: served.url, ensemble: 'slow' });
    const controller = new AbortController();
    const failed =
      form === 'signal'
        ? client.predict(question, { signal: controller.signal }).catch(({ name }) => name)
        : undefined;
    const loop = form === 'loop' ? client.stream(question)[Symbol.asyncIterator]() : undefined;
    const pending = loop?.next();
    const subscription =
      form === 'predict$' || form === 'stream'
        ? merge<unknown[]>(client[form](question)).subscribe()
        : undefined;
    const calls = await Promise.all([0, 1, 2].map((index) => served.upstream.seen(index)));
    await pending;
    subscription?.unsubscribe();
    await loop?.return?.();
    controller.abort();
    await Promise.all(calls.map(({ abandoned }) => abandoned));
    const isAbandoned = calls.map((call) => call.isAbandoned());
    await served.close();
    expect(isAbandoned).toEqual([true, true, true]);
    expect(await failed).toBe(form === 'signal' ? 'AbortError' : undefined);
  },
);

it('tells of a server that ends within a stream', async () => {
  const served = await servePanels();
  const client = createEnsembleClient({ url: served.url, ensemble: 'slow' });
  const seen: string[] = [];
  const asked = lastValueFrom(client.stream(question).pipe(tap(({ type }) => seen.push(type))));
  const failed = expect(asked).rejects.toMatchObject({
    code: 'shutting_down',
    status: 503,
    isRetryable: true,
  });
  await served.upstream.seen(2);
  await served.handler.close({ graceMs: 0 });
  await failed;
  await served.close();
  expect(seen.slice(0, 3)).toEqual(['call-start', 'call-start', 'call-start']);
  expect(seen).not.toContain('complete');
});

it('tells of a server that is not there, and asks it as soon as it is', async () => {
  const served: ServedPanels = await servePanels();
  const client = createEnsembleClient<number>({ url: served.url, ensemble: 'panel' });
  const down = createEnsembleClient({ url: 'http://127.0.0.1:1', ensemble: 'panel' });
  await expect(down.predict(question)).rejects.toMatchObject({
    code: 'connection_failed',
    isRetryable: true,
  });
  expect((await client.predict(question)).answer).toBe(4);
  await served.close();
});

let server: FaultServer;
beforeEach(async () => {
  server = await startFaultServer();
});
afterEach(() => server.close());

const frames = [
  {
    event: 'call-start',
    data: JSON.stringify({ type: 'call-start', model: 'ä€😀', call: 0, index: 0, sequence: 0 }),
  },
  {
    event: 'complete',
    data: JSON.stringify({ type: 'complete', prediction: { text: 'Größe 😀' }, sequence: 1 }),
  },
];
const ask = (): Promise<RemoteEvent[]> =>
  lastValueFrom(
    createEnsembleClient({ url: server.baseURL, ensemble: 'panel' }).stream(question).pipe(toArray()),
  );

it.each([
  ['in single bytes', { splitEvery: 1 }],
  ['with other line breaks', { newline: '\r\n' }],
  ['with a byte order mark', { byteOrderMark: true }],
] as const)('reads a stream that arrives %s', async (_, options) => {
  server.script(eventStream(frames, options));
  expect(await ask()).toMatchObject([{ model: 'ä€😀' }, { prediction: { text: 'Größe 😀' } }]);
});

it.each([
  ['ends', { endAt: 60, ending: 'end' }],
  ['is reset', { endAt: 60, ending: 'reset' }],
] as const)('tells of a stream that %s before the prediction', async (_, options) => {
  server.script(eventStream(frames, options));
  await expect(ask()).rejects.toMatchObject({ code: 'connection_cut', isRetryable: true });
  expect(server.requests).toHaveLength(1);
});

it('tells of a response that is reset, and follows no redirect with its headers', async () => {
  const client = createEnsembleClient({
    url: server.baseURL,
    ensemble: 'panel',
    headers: { 'x-api-key': 'ann' },
  });
  server.script(reset({ answer: 4, metadata: {} }, 10));
  await expect(client.predict(question)).rejects.toMatchObject({ code: 'connection_cut' });
  server.script(json({}, { status: 307, headers: { location: `${server.baseURL}/other` } }));
  await expect(client.predict(question)).rejects.toMatchObject({ code: 'connection_failed' });
  expect(server.requests.map(({ path }) => path)).toEqual(['/v1/predictions', '/v1/predictions']);
});
