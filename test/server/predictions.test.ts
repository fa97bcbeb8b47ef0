import { expect, test } from 'vitest';
import { createEnsemble, defineModel, type Model } from '../../src/index.ts';
import { createEnsembleHandler, type ServedEvent } from '../../src/server/server.ts';
import { post } from './post.ts';

const saying = (id: string, answer: string): Model => defineModel(id, () => answer);
const panel = createEnsemble({
  models: [saying('a', '4'), saying('b', '4'), saying('c', '5')],
  normalization: 'numeric',
});

test('answers with the prediction, without the question', async () => {
  const { fetch } = createEnsembleHandler({ ensembles: { panel } });
  const response = await fetch(post('/v1/predictions', { model: 'panel', query: 'What is 2 + 2?' }));
  expect(response.status).toBe(200);
  expect(response.headers.get('x-request-id')).toMatch(/^\w{32}$/);
  const prediction = await response.json();
  expect(prediction).toMatchObject({ answer: 4, metadata: { consensus: 2 / 3 } });
  expect(prediction).not.toHaveProperty('query');
});

test('streams the events of a prediction, with their names', async () => {
  const { fetch, events$ } = createEnsembleHandler({ ensembles: { panel } });
  const seen: ServedEvent['type'][] = [];
  events$.subscribe(({ type }) => seen.push(type));
  const response = await fetch(post('/v1/predictions', { model: 'panel', query: '2 + 2', stream: true }));
  const text = await response.text();
  expect(text).toMatch(/^:\n\n/);
  const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  expect(names.at(0)).toBe('call-start');
  expect(names.at(-1)).toBe('complete');
  expect(names.filter((name) => name === 'consensus')).toHaveLength(3);
  expect([seen.at(0), seen.at(-1)]).toEqual(['begin', 'end']);
});

test('ends a stream without a prediction with an event that no failed member has', async () => {
  const broken = createEnsemble({
    models: [
      defineModel('a', () => {
        throw new Error('down');
      }),
    ],
  });
  const { fetch } = createEnsembleHandler({ ensembles: { broken } });
  const text = await (
    await fetch(post('/v1/predictions', { model: 'broken', query: 'Hi?', stream: true }))
  ).text();
  expect(text).toMatch(
    /event: failure[\s\S]*event: error\ndata: \{"error":\{[^\n]*"code":"AllModelsFailedError"/,
  );
  const whole = await fetch(post('/v1/predictions', { model: 'broken', query: 'Hi?' }));
  expect(whole.status).toBe(424);
  expect(whole.headers.get('x-should-retry')).toBe('false');
});

test.each([
  ['an unknown model', { model: 'other', query: 'a' }, 404, 'model'],
  ['a missing field', { model: 'panel' }, 400, 'query'],
  ['an unknown field', { model: 'panel', query: 'a', prompt: 'a' }, 400, 'prompt'],
  ['a field of the wrong type', { model: 'panel', query: 'a', stream: 'yes' }, 400, 'stream'],
  ['a name of a prototype', { model: 'constructor', query: 'a' }, 404, 'model'],
])('refuses %s', async (_, body, status, param) => {
  const { fetch } = createEnsembleHandler({ ensembles: { panel } });
  const response = await fetch(post('/v1/predictions', body));
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { param } });
});

test('refuses bodies that are too large, too deep or no JSON', async () => {
  const { fetch } = createEnsembleHandler({ ensembles: { panel }, maxBodyBytes: 1_000 });
  const statusOf = async (body: string): Promise<number> =>
    (await fetch(post('/v1/predictions', '', { body }))).status;
  expect(await statusOf(`{"model":"${'x'.repeat(1_000)}"}`)).toBe(413);
  expect(await statusOf('['.repeat(400))).toBe(400);
  expect(await statusOf('{')).toBe(400);
  expect(await statusOf('[]')).toBe(400);
});

test('aborts the calls of a client that leaves a stream, and accounts for them', async () => {
  let aborted = 0;
  const slow = defineModel(
    'slow',
    (_question, { signal }) =>
      new Promise<string>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1;
          reject(signal.reason);
        });
      }),
  );
  const { fetch, events$ } = createEnsembleHandler({
    ensembles: { slow: createEnsemble({ models: [slow] }) },
  });
  const ends: ServedEvent[] = [];
  events$.subscribe((event) => event.type === 'end' && ends.push(event));
  const response = await fetch(post('/v1/predictions', { model: 'slow', query: 'Hi?', stream: true }));
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.read();
  await reader?.cancel();
  expect(aborted).toBe(1);
  expect(ends).toMatchObject([{ failure: { status: 499 }, error: { outcomes: [{ status: 'cancelled' }] } }]);
});

test('refuses what it cannot take while it closes, and aborts what is left', async () => {
  const never = defineModel('never', () => new Promise<string>(() => undefined));
  const handler = createEnsembleHandler({ ensembles: { never: createEnsemble({ models: [never] }) } });
  const pending = handler.fetch(post('/v1/predictions', { model: 'never', query: 'Hi?' }));
  await new Promise((resolve) => setImmediate(resolve));
  await handler.close({ graceMs: 0 });
  expect((await pending).status).toBe(503);
  expect((await handler.fetch(post('/v1/predictions', { model: 'never', query: 'Hi?' }))).status).toBe(503);
});

test('lists the ensembles as models', async () => {
  const { fetch } = createEnsembleHandler({ ensembles: { panel } });
  const list = await (await fetch(new Request('http://localhost/v1/models'))).json();
  expect(list).toMatchObject({ object: 'list', data: [{ id: 'panel', object: 'model' }] });
  expect((await fetch(new Request('http://localhost/v1/models/panel'))).status).toBe(200);
  expect((await fetch(new Request('http://localhost/v1/models/none'))).status).toBe(404);
  expect((await fetch(new Request('http://localhost/v1/predictions'))).status).toBe(405);
});

test('says whether it runs, and whether it accepts predictions', async () => {
  const handler = createEnsembleHandler({ ensembles: { panel } });
  const statusOf = async (path: string): Promise<number> =>
    (await handler.fetch(new Request(`http://localhost${path}`))).status;
  expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 200]);
  await handler.close();
  expect([await statusOf('/healthz'), await statusOf('/readyz'), await statusOf('/v1/models')]).toEqual([
    200, 503, 503,
  ]);
});

test('answers at a path that ends with a slash', async () => {
  const { fetch } = createEnsembleHandler({ ensembles: { panel } });
  expect((await fetch(new Request('http://localhost/v1/models/'))).status).toBe(200);
  const body = { model: 'panel', query: 'What is 2 + 2?' };
  expect((await fetch(post('/v1/predictions/', body))).status).toBe(200);
});

test('refuses a compressed body with status 415', async () => {
  const { fetch } = createEnsembleHandler({ ensembles: { panel } });
  const request = new Request('http://localhost/v1/predictions', {
    method: 'POST',
    headers: { 'content-encoding': 'gzip' },
    body: new Uint8Array([31, 139, 8]),
  });
  const response = await fetch(request);
  expect(response.status).toBe(415);
  expect((await response.json()).error.message).toContain('compressed');
});
