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
  ['of that returns nonsense', { of: async () => undefined as never, admit: () => () => undefined }],
  ['admit that throws', { of: ofAnybody, admit: throwing }],
])('answers with status 500, and quotes nothing, after an %s', async (_, callers) => {
  const { status, text } = await ask(callers);
  expect(status).toBe(500);
  expect(text).not.toContain('secret');
});

test.each<[string, Callers]>([
  ['throws', { of: ofAnybody, admit: () => throwing }],
  ['is none', { of: ofAnybody, admit: () => undefined as never }],
])('answers if what ends the account %s, and tells it in an event', async (_, callers) => {
  for (const stream of [false, true]) {
    const { status, text, events } = await ask(callers, { stream });
    expect(status).toBe(200);
    expect(text).toContain('"answer":"yes"');
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['fault', 'end']));
  }
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
