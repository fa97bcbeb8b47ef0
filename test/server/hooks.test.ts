import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createEnsemble, defineModel } from '../../src/index.ts';
import {
  type Callers,
  createCallers,
  createEnsembleHandler,
  RequestRefusal,
  type ServedEvent,
  type SpendStore,
} from '../../src/server/server.ts';
import { post } from './post.ts';

const ensembles = { panel: createEnsemble({ models: [defineModel('a', () => 'yes')] }) };
const fault = new Error('sk-secret is broken');
const throwing = (): never => {
  throw fault;
};
const ofAnybody = async () => ({});

const ask = async (callers: Callers, body: object = {}) => {
  const { fetch, events$ } = createEnsembleHandler({ ensembles, callers });
  const events: ServedEvent[] = [];
  events$.subscribe((event) => events.push(event));
  const response = await fetch(post('/v1/predictions', { model: 'panel', query: 'Hi?', ...body }));
  return { status: response.status, text: await response.text(), events };
};

test.each<[string, Callers]>([
  ['of that throws', { of: throwing, admit: () => () => undefined }],
  ['of that rejects', { of: () => Promise.reject(fault), admit: () => () => undefined }],
  ['of that returns nothing', { of: async () => undefined as never, admit: () => () => undefined }],
  ['of that returns a name', { of: async () => 'ann' as never, admit: () => () => undefined }],
  [
    'of that returns a text for its ensembles',
    { of: async () => ({ ensembles: 'panel' as never }), admit: () => () => undefined },
  ],
  ['of that throws at once', { of: throwing, admit: () => () => undefined }],
  ['admit that rejects', { of: ofAnybody, admit: () => Promise.reject(fault) }],
  ['admit that throws', { of: ofAnybody, admit: throwing }],
])('answers with status 500, and quotes nothing, after an %s', async (_, callers) => {
  const { status, text } = await ask(callers);
  expect(status).toBe(500);
  expect(text).not.toContain('secret');
});

test.each<[string, Callers]>([
  ['throws', { of: ofAnybody, admit: () => throwing }],
  ['rejects', { of: ofAnybody, admit: () => () => Promise.reject(fault) }],
  ['arrives by a promise, and throws', { of: ofAnybody, admit: async () => throwing }],
  ['is none', { of: ofAnybody, admit: () => undefined as never }],
])('answers if what ends the account %s, and tells it in an event', async (_, callers) => {
  for (const stream of [false, true]) {
    const { status, text, events } = await ask(callers, { stream });
    expect(status).toBe(200);
    expect(text).toContain('"answer":"yes"');
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['fault', 'end']));
  }
});

test('waits for an account that is opened by a promise, and for its refusal', async () => {
  const ended: number[] = [];
  const admit = async (_: unknown, ensemble: string) => {
    if (ended.length > 0)
      throw new RequestRefusal({ status: 402, type: 'quota', code: 'spent', message: ensemble });
    return (outcomes: readonly unknown[]) => ended.push(outcomes.length);
  };
  const callers = { of: ofAnybody, admit };
  expect((await ask(callers)).status).toBe(200);
  expect(ended).toEqual([1]);
  expect((await ask(callers)).status).toBe(402);
});

test.each<[string, (gone: Promise<never>, late: Promise<() => unknown>) => Callers]>([
  ['of', (gone) => ({ of: () => gone, admit: () => () => undefined })],
  ['admit', (_, late) => ({ of: ofAnybody, admit: () => late })],
])('a client that leaves ends a request whose %s never returns, and a late account', async (_, callersOf) => {
  let open: (account: () => unknown) => void = () => undefined;
  let ended = 0;
  const late = new Promise<() => unknown>((resolve) => {
    open = resolve;
  });
  const callers = callersOf(new Promise<never>(() => undefined), late);
  const { fetch, events$, close } = createEnsembleHandler({ ensembles, callers });
  const events: ServedEvent[] = [];
  events$.subscribe((event) => events.push(event));
  const client = new AbortController();
  const body = { model: 'panel', query: 'Hi?' };
  const response = fetch(post('/v1/predictions', body, { signal: client.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  client.abort();
  expect((await response).status).toBe(499);
  expect(events).toMatchObject([{ type: 'refusal', failure: { status: 499 } }]);
  open(() => {
    ended += 1;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(_ === 'admit' ? 1 : 0);
  // Nothing is in flight, so that the server waits for nothing.
  await close();
});

test('tells the cause of a refusal with status 500 in an event, and not to the client', async () => {
  const { events, text } = await ask({ of: throwing, admit: () => () => undefined });
  expect(events).toMatchObject([{ type: 'refusal', route: '/v1/predictions', error: fault }]);
  expect(text).not.toContain(fault.message);
});

test.each<[string, () => unknown]>([
  ['no number', () => Number.NaN],
  ['nothing', () => undefined],
  ['less than nothing', () => -1],
  ['a text', () => '0'],
  ['null', () => null],
  ['a promise', async () => 0],
  ['a promise that rejects', () => Promise.reject(fault)],
])('refuses to ask for money if a spend store says that %s was spent', async (_, spent) => {
  const sha256 = createHash('sha256').update('').digest('hex');
  const callers = createCallers({
    keys: [{ name: 'ann', sha256, budget: { maxUsd: 1 } }],
    spend: { add: () => undefined, spent: spent as () => number },
  });
  expect((await ask(callers)).status).toBe(500);
});

test('reports each cost that a spend store takes by a promise', async () => {
  const sha256 = createHash('sha256').update('').digest('hex');
  const add = (): never => Promise.reject(fault) as never;
  const callers = createCallers({ keys: [{ name: 'ann', sha256 }], spend: { add, spent: () => 0 } });
  const { status, events } = await ask(callers);
  expect([status, events.map(({ type }) => type)]).toEqual([200, ['begin', 'fault', 'end']]);
});

test('answers if a spend store cannot write, and refuses if it cannot read', async () => {
  const keys = [{ name: 'ann', sha256: createHash('sha256').update('').digest('hex') }];
  const store = (broken: Partial<SpendStore>): Callers =>
    createCallers({ keys, spend: { add: () => undefined, spent: () => 0, ...broken } });
  const written = await ask(store({ add: throwing }));
  expect([written.status, written.events.map(({ type }) => type)]).toEqual([200, ['begin', 'fault', 'end']]);
  expect((await ask(store({ spent: throwing }))).status).toBe(500);
});

test('refuses as callers of one’s own say', async () => {
  const facts = { status: 403, type: 'permission_error', code: 'closed', message: 'closed on Sundays' };
  const { status, text } = await ask({
    of: ofAnybody,
    admit: () => {
      throw new RequestRefusal(facts);
    },
  });
  expect([status, JSON.parse(text)]).toMatchObject([403, { error: { code: 'closed' } }]);
  expect(new RequestRefusal({ ...facts, status: 0 }).status).toBe(500);
});
