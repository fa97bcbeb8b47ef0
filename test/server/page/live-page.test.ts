import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { pageScript, pageScriptPath } from '../../../scripts/page-script.ts';
import { createEnsemble, defineModel } from '../../../src/index.ts';
import { createCallers, createEnsembleHandler, type PageOptions } from '../../../src/server/server.ts';
import { framesIn, post } from '../post.ts';

const panel = createEnsemble({
  models: ['4', '4', '5'].map((answer, index) => defineModel(`m${index}`, () => answer)),
  normalization: 'numeric',
});
const get = (path: string, init: RequestInit = {}) => new Request(`http://localhost${path}`, init);
const served = (page: boolean | PageOptions = true) => createEnsembleHandler({ ensembles: { panel }, page });

test('has the script that its sources make: npm run page', () => {
  expect(readFileSync(pageScriptPath, 'utf8')).toBe(pageScript());
});

test('serves a page of at most 15 kB gzipped, with a policy that only its own script and styles pass', async () => {
  const { fetch } = served();
  const response = await fetch(get('/'));
  const text = await response.text();
  expect(gzipSync(text).length).toBeLessThan(15_000);
  const policy = response.headers.get('content-security-policy') ?? '';
  const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(text.match(/<(?:script|style)\b[^>]*>/g)).toEqual([
    `<style nonce="${nonce}">`,
    `<script type="module" nonce="${nonce}">`,
  ]);
  expect(text).not.toMatch(/ style=| on\w+=/);
  expect((await fetch(get('/'))).headers.get('content-security-policy')).not.toBe(policy);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('is served only if the option "page" says so', async () => {
  for (const path of ['/', '/v1/predictions/recent']) {
    expect((await served(false).fetch(get(path))).status).toBe(404);
    expect((await createEnsembleHandler({ ensembles: { panel } }).fetch(get(path))).status).toBe(404);
  }
});

test('lists what was predicted, without content unless it is allowed', async () => {
  for (const content of [false, true]) {
    const { fetch } = served({ content });
    await fetch(post('/v1/predictions', { model: 'panel', query: 'What is two plus two?' }));
    const state = await (await fetch(get('/v1/predictions/recent'))).json();
    expect(state).toMatchObject({ ended: 1, inFlight: 0, recent: [{ ensemble: 'panel', consensus: 2 / 3 }] });
    expect(JSON.stringify(state).includes('two plus')).toBe(content);
    expect(state.recent[0].answer).toBe(content ? '4' : undefined);
  }
});

test('keeps no predictions with a history of 0', async () => {
  const { fetch } = served({ history: 0 });
  await fetch(post('/v1/predictions', { model: 'panel', query: 'a' }));
  expect(await (await fetch(get('/v1/predictions/recent'))).json()).toMatchObject({ ended: 1, recent: [] });
});

test('shows what keys do only to operators', async () => {
  const digest = async (key: string): Promise<string> =>
    Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(key))).toString('hex');
  const keys = [
    { name: 'ann', sha256: await digest('key-of-ann') },
    { name: 'ops', sha256: await digest('key-of-ops'), budget: { maxUsd: 5 } },
  ];
  const handler = createEnsembleHandler({
    ensembles: { panel },
    callers: createCallers({ keys }),
    page: { operators: ['ops'] },
  });
  const recent = async (key?: string): Promise<Response> =>
    handler.fetch(get('/v1/predictions/recent', key === undefined ? {} : { headers: { 'x-api-key': key } }));
  expect((await handler.fetch(get('/'))).status).toBe(200);
  expect((await recent()).status).toBe(401);
  expect((await recent('key-of-ann')).status).toBe(403);
  const state = await recent('key-of-ops');
  expect(state.status).toBe(200);
  expect(await state.json()).toMatchObject({
    keys: [{ name: 'ann' }, { name: 'ops', budget: { maxUsd: 5 } }],
  });
});

test('follows the predictions, joins a hundred into one update, and ends with the server', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const advance = async (ms: number): Promise<void> => {
    vi.advanceTimersByTime(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const handler = served();
  const response = await handler.fetch(
    get('/v1/predictions/recent', { headers: { accept: 'text/event-stream' } }),
  );
  const text = response.text();
  await new Promise((resolve) => setImmediate(resolve));
  for (let number = 0; number < 100; number += 1) {
    await handler.fetch(post('/v1/predictions', { model: 'panel', query: 'a' }));
    await advance(2);
  }
  const { ended } = await (await handler.fetch(get('/v1/predictions/recent'))).json();
  expect(ended).toBe(100);
  await advance(50);
  vi.useRealTimers();
  await handler.close();
  const frames = framesIn(await text);
  expect(frames).toMatchObject([
    { event: 'state', data: { ended: 0, recent: [] } },
    { event: 'update', data: { ended: 100 } },
  ]);
});

test('says why the answer won, if asked to', async () => {
  const { fetch } = served();
  const body = { model: 'panel', query: 'a', explain: true };
  const plain = await (await fetch(post('/v1/predictions', body))).json();
  expect(plain.explanation).toMatch(/^The answer is “4”, by majority, with 2 of 3 votes/);
  const frames = framesIn(await (await fetch(post('/v1/predictions', { ...body, stream: true }))).text());
  expect(frames.at(-1)).toMatchObject({ event: 'complete', data: { explanation: plain.explanation } });
  expect(
    await (await fetch(post('/v1/predictions', { model: 'panel', query: 'a' }))).json(),
  ).not.toHaveProperty('explanation');
});
