import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import type { SeenRequest } from '../../src/testing/fault-server.ts';
import { type Adapter, type ServedAsNest, servePanelsAsNest } from './serve-panels-as-nest.ts';

const messages = [{ role: 'user' as const, content: '2 + 2?' }];
const post = (body: object | string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe.each<Adapter>(['express', 'fastify'])('ensembles served under %s', (adapter) => {
  let served: ServedAsNest;
  const serve = async (options: Parameters<typeof servePanelsAsNest>[1] = {}) => {
    served = await servePanelsAsNest(adapter, options);
    return served;
  };
  afterEach(async () => {
    await served.close();
    await served.upstream.close();
  });

  it('answers clients of OpenAI and Anthropic, plain and as a stream', async () => {
    const { url } = await serve();
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' });
    const { choices, usage } = await openai.chat.completions.create({ model: 'panel', messages });
    expect([choices[0]?.message.content, usage?.total_tokens]).toEqual(['It is 4.', 36]);
    const stream = openai.chat.completions.stream({ model: 'panel', messages });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('It is 4.');
    const { output_text } = await openai.responses.create({ model: 'panel', input: '2 + 2?' });
    expect(output_text).toBe('It is 4.');
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'none' });
    const asked = { model: 'panel', max_tokens: 100, messages };
    expect((await anthropic.messages.create(asked)).content).toMatchObject([{ text: 'It is 4.' }]);
    expect((await anthropic.messages.stream(asked).finalMessage()).content).toMatchObject([
      { text: 'It is 4.' },
    ]);
    expect((await openai.models.retrieve('panel')).id).toBe('panel');
  });

  it('hands on the query of the URL, a body that is a stream, and the status and headers of errors', async () => {
    const { url, upstream } = await serve();
    const lines = [1, 2].map(() => JSON.stringify({ model: 'panel', query: '2 + 2?' })).join('\n');
    const batch = await fetch(
      `${url}/v1/predictions/batch?a=b`,
      post(lines, { 'content-type': 'application/x-ndjson' }),
    );
    expect((await batch.text()).match(/"prediction":\{"answer":4/g)).toHaveLength(2);
    const failed = await fetch(`${url}/v1/predictions`, post({ model: 'broken', query: '2 + 2?' }));
    expect([failed.status, failed.headers.get('x-should-retry')]).toEqual([424, 'false']);
    expect(upstream.requests).toHaveLength(9);
    expect((await fetch(`${url}/v1/predictions`)).status).toBe(405);
    expect((await fetch(`${url}/v1/models`, { method: 'HEAD' })).status).toBe(200);
    const health = await fetch(`${url}/healthz`);
    expect(await health.json()).toEqual({ status: 'ok' });
    expect(health.headers.get('x-hook')).toBe(adapter === 'fastify' ? 'set' : null);
  });

  it.each([{}, { stream: true }])('closes all connections upstream if a client leaves %o', async (more) => {
    const { url, upstream } = await serve();
    const controller = new AbortController();
    const asking = fetch(`${url}/v1/chat/completions`, {
      ...post({ model: 'slow', messages, ...more }),
      signal: controller.signal,
    }).then((response) => response.text());
    const calls = await Promise.all([0, 1, 2].map((index) => upstream.seen(index)));
    controller.abort();
    await expect(asking).rejects.toThrow('aborted');
    await Promise.all(calls.map(({ abandoned }) => abandoned));
  });

  it('aborts what is running when the application shuts down', async () => {
    const { url, upstream, close } = await serve();
    const responses = [{}, { stream: true }].map(async (more) => {
      const response = await fetch(
        `${url}/v1/predictions`,
        post({ model: 'slow', query: '2 + 2?', ...more }),
      );
      return [response.status, await response.text()];
    });
    const calls: SeenRequest[] = await Promise.all([0, 1, 2, 3, 4, 5].map((index) => upstream.seen(index)));
    const closing = close();
    const [plain, stream] = await Promise.all(responses);
    expect(plain).toEqual([503, expect.stringContaining('shutting_down')]);
    expect(stream).toEqual([200, expect.stringMatching(/event: error\ndata: .*shutting_down/)]);
    await Promise.all(calls.map(({ abandoned }) => abandoned));
    // Connections that are kept would hold the server for five seconds.
    await closing;
  });

  it('lets what is running end within the time of grace, and refuses the next request', async () => {
    const { url, upstream, registry } = await serve({ graceMs: 60_000 });
    const asking = fetch(`${url}/v1/predictions`, post({ model: 'slow', query: '2 + 2?', deadlineMs: 300 }));
    await Promise.all([0, 1, 2].map((index) => upstream.seen(index)));
    registry.beforeApplicationShutdown();
    expect((await fetch(`${url}/v1/predictions`, post({ model: 'panel', query: 'a' }))).status).toBe(503);
    const response = await asking;
    expect([response.status, response.headers.get('connection')]).toEqual([424, 'close']);
  });

  it('serves the page, and only the ensembles that are named', async () => {
    const { url } = await serve({ page: true, ensembles: ['panel'] });
    expect(await (await fetch(url)).text()).toContain('<title>Ensembles</title>');
    const { data } = await (await fetch(`${url}/v1/models`)).json();
    expect(data).toMatchObject([{ id: 'panel' }]);
    expect((await fetch(`${url}/v1/predictions/recent`)).status).toBe(200);
  });
});
