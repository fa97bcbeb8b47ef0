import { lastValueFrom, tap } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble, hedged, type Model } from '../../src/index.ts';
import { concurrency, rateLimit, retry } from '../../src/policies/policies.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { type FaultServer, json, stalledHeaders, startFaultServer } from '../../src/testing/testing.ts';
import { someTurns, useVirtualTime } from './virtual-time.ts';

// A call that is cancelled while it waits is never sent. A request that is cancelled is closed and accounted for.

useVirtualTime();

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
});
afterEach(() => server.close());

const answer = json(openaiChat.answer({ text: '4', usage: { inputTokens: 10, outputTokens: 5 } }));
const refused = (headers: Readonly<Record<string, string>>) =>
  json(openaiChat.error(429, 'busy'), { status: 429, headers });

const modelOf = (id: string): Model =>
  openaiCompatible(id, { id, baseURL: `${server.baseURL}/v1`, apiKey: 'k' });

const ask = (model: Model, prompt: string) =>
  model.call(toRequest(prompt)).subscribe({ error: () => undefined });

const asked = (): string[] =>
  server.requests.map(
    ({ body }) => (JSON.parse(body) as { messages: { content: string }[] }).messages[0]?.content ?? '',
  );

describe('a call that is given up while it waits', () => {
  it('for its next attempt sends nothing more', async () => {
    server.script(refused({ 'retry-after-ms': '200' }), answer);
    const { promise: failed, resolve } = Promise.withResolvers<void>();
    const model = modelOf('m');
    const refusing: Model = {
      ...model,
      call: (request) => model.call(request).pipe(tap({ error: () => resolve() })),
    };
    const call = ask(retry({ baseDelayMs: 0 })(refusing), 'a');
    await failed;
    vi.advanceTimersByTime(199);
    call.unsubscribe();
    vi.advanceTimersByTime(10_000);
    await someTurns();
    expect(asked()).toStrictEqual(['a']);
  });

  it('for a place sends nothing, and lets the next one in', async () => {
    server.script(stalledHeaders(), answer);
    const model = concurrency({ maxConcurrent: 1 })(modelOf('m'));
    const [first, second] = ['a', 'b', 'c'].map((prompt) => ask(model, prompt));
    await server.seen(0);
    second?.unsubscribe();
    first?.unsubscribe();
    await server.seen(1);
    await someTurns();
    expect(asked()).toStrictEqual(['a', 'c']);
  });

  it('for the end of a pause sends nothing, and the others keep their order', async () => {
    server.script(refused({ 'retry-after-ms': '200' }), answer);
    const model = rateLimit()(modelOf('m'));
    await expect(lastValueFrom(model.call(toRequest('a')))).rejects.toThrow('rate limit');
    const [, waiting] = ['b', 'c', 'd'].map((prompt) => ask(model, prompt));
    waiting?.unsubscribe();
    vi.advanceTimersByTime(199);
    await someTurns();
    expect(asked()).toStrictEqual(['a']);
    vi.advanceTimersByTime(1);
    await server.seen(1);
    // The others follow at a distance.
    for (let ms = 0; ms < 10_000; ms += 100) {
      vi.advanceTimersByTime(100);
      await someTurns();
    }
    expect(asked()).toStrictEqual(['a', 'b', 'd']);
  });

  it('by a signal is in the account of its prediction', async () => {
    server.script(stalledHeaders());
    const one = concurrency({ maxConcurrent: 1 });
    const controller = new AbortController();
    const models = ['a', 'b'].map((id) => one(modelOf(id)));
    const prediction = createEnsemble({ models })
      .predict('?', { signal: controller.signal })
      .catch((thrown: unknown) => thrown);
    await server.seen(0);
    controller.abort();
    expect(await prediction).toMatchObject({
      name: 'CancelledError',
      outcomes: [
        { model: 'a', status: 'cancelled' },
        { model: 'b', status: 'cancelled' },
      ],
    });
    await server.requests[0]?.abandoned;
    await someTurns();
    expect(server.requests).toHaveLength(1);
  });
});

describe('a hedge that lost', () => {
  it('is closed on the wire, and in the account with a cost that is estimated', async () => {
    server.answer(({ body }) => (body.includes('"slow"') ? stalledHeaders() : answer));
    const ensemble = createEnsemble({
      models: [modelOf('slow'), modelOf('quick')],
      execution: hedged({ hedgeDelayMs: 20 }),
      pricing: {
        priceOf: (_model, { inputTokens = 0, outputTokens = 0 }) => ({ usd: inputTokens + outputTokens }),
        countTokens: (text) => text.length,
      },
    });
    const prediction = ensemble.predict('2+2');
    await server.seen(0);
    vi.advanceTimersByTime(20);
    const { outcomes, metadata } = await prediction;
    expect(outcomes).toMatchObject([
      { model: 'slow', status: 'cancelled', costUsd: 3, costSource: 'estimated' },
      { model: 'quick', status: 'answered', costUsd: 15, costSource: 'reported' },
    ]);
    expect(metadata).toMatchObject({ costUsd: 18, costSource: 'estimated', cancelled: 1 });
    expect(await server.requests[0]?.abandoned).toBeTypeOf('number');
    expect(server.requests).toHaveLength(2);
  });
});
