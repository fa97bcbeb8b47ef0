import { lastValueFrom, tap } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  AllModelsFailedError,
  AuthenticationError,
  ConnectionError,
  createEnsemble,
  InvalidRequestError,
  type Model,
  ModelError,
  type NoPredictionError,
  RateLimitError,
  TimeoutError,
} from '../../src/index.ts';
import { type RetryOptions, retry } from '../../src/policies/retry.ts';
import { retryBudget } from '../../src/policies/retry-budget.ts';
import { timeout } from '../../src/policies/timeout.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { anthropic as anthropicDialect } from '../../src/testing/dialects/anthropic.ts';
import { gemini as geminiDialect } from '../../src/testing/dialects/gemini.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import {
  type FaultServer,
  json,
  type Reply,
  reset,
  stalledBody,
  stalledHeaders,
  startFaultServer,
} from '../../src/testing/testing.ts';
import { someTurns, useVirtualTime } from './virtual-time.ts';

// Retries over real sockets: what is sent, how often, and when.

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
});
afterEach(() => server.close());

const DATE = 'Fri, 27 Nov 2026 10:00:00 GMT';
const ONE_SECOND_LATER = 'Fri, 27 Nov 2026 10:00:01 GMT';

const answer = json(openaiChat.answer({ text: '4' }));
const refused = (status: number, headers: Readonly<Record<string, string>> = {}): Reply =>
  json(openaiChat.error(status, 'no'), { status, headers });

const local = (): Model => openaiCompatible('m', { baseURL: `${server.baseURL}/v1`, apiKey: 'k' });
const ask = (model: Model) =>
  lastValueFrom(model.call(toRequest('What is 2 + 2?'))).catch((error: unknown) => error);

/** A model whose next error is awaited: by then, a retry has set its timer. */
const watched = (model: Model): { readonly model: Model; readonly failed: Promise<void> } => {
  const { promise: failed, resolve } = Promise.withResolvers<void>();
  return {
    failed,
    model: { ...model, call: (request) => model.call(request).pipe(tap({ error: () => resolve() })) },
  };
};

/** No backoff of its own, so that what is waited is what the provider asks for. */
const atOnce: RetryOptions = { maxAttempts: 2, baseDelayMs: 0 };

describe('a hint to retry', () => {
  useVirtualTime();

  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['milliseconds', { 'retry-after-ms': '80' }, 80],
    ['seconds', { 'retry-after': '1' }, 1000],
    ['a part of a second', { 'retry-after': '0.08' }, 80],
    ['a date', { date: DATE, 'retry-after': ONE_SECOND_LATER }, 1000],
    ['a date that is past', { date: ONE_SECOND_LATER, 'retry-after': DATE }, 0],
    ['0', { 'retry-after': '0' }, 0],
    ['−1', { 'retry-after': '-1' }, 0],
    ['NaN', { 'retry-after': 'NaN' }, 0],
  ])('in the form of %s is waited for, and no longer', async (_form, headers, hintMs) => {
    server.script(refused(429, headers), answer);
    const { model, failed } = watched(local());
    const result = ask(retry(atOnce)(model));
    await failed;
    vi.advanceTimersByTime(Math.max(0, hintMs - 1));
    await someTurns();
    expect(server.requests).toHaveLength(hintMs > 0 ? 1 : 2);
    vi.advanceTimersByTime(1);
    expect(await result).toMatchObject({ text: '4' });
    expect(server.requests).toHaveLength(2);
  });

  it('past what is waited at the most fails at once, and says how long it is', async () => {
    server.script(refused(429, { 'retry-after': '3600' }));
    const error = await ask(retry({ maxAttempts: 5 })(local()));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ retryAfterMs: 3_600_000, isRetryable: true });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['gemini', () => gemini('m', { baseURL: server.baseURL, apiKey: 'k' })],
    ['googleGenAI', () => googleGenAI('m', { baseURL: server.baseURL, apiKey: 'k' })],
  ])('in the body of a refusal of %s is waited for', async (_name, create) => {
    const body = (retryDelay: string) => ({
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'slow down',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }],
      },
    });
    // Imports the SDK.
    server.script(json(geminiDialect.answer({ text: '4' })));
    await ask(create());
    const before = server.requests.length;
    server.script(json(body('0.2s'), { status: 429 }), json(geminiDialect.answer({ text: '4' })));
    const { model, failed } = watched(create());
    const result = ask(retry(atOnce)(model));
    await failed;
    vi.advanceTimersByTime(199);
    await someTurns();
    expect(server.requests).toHaveLength(before + 1);
    vi.advanceTimersByTime(1);
    expect(await result).toMatchObject({ text: '4' });
    server.script(json(body('45.8379s'), { status: 429 }));
    const error = await ask(retry()(create()));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error instanceof RateLimitError && error.retryAfterMs).toBeCloseTo(45_837.9, 3);
    expect(server.requests).toHaveLength(before + 3);
  });
});

describe('a provider that answers everything with 429 or 503', () => {
  it.each([429, 503])('is asked at most 1.2 times as often, and the floor: %i', async (status) => {
    const calls = 1000;
    server.script(refused(status));
    const budget = retryBudget({ ratio: 0.2, floorPerSecond: 1 });
    const models = ['a', 'b'].map((id) =>
      retry({ maxAttempts: 5, baseDelayMs: 1, budget })(
        openaiCompatible(id, { id, baseURL: `${server.baseURL}/v1`, apiKey: 'k' }),
      ),
    );
    const ensemble = createEnsemble({ models, timeoutMs: Number.POSITIVE_INFINITY });
    const startedAtMs = performance.now();
    const errors: unknown[] = [];
    const queries = Array.from({ length: calls / models.length }, () => 'What is 2 + 2?');
    const recovery = (error: unknown): undefined => void errors.push(error);
    for await (const _ of ensemble.predictAll(queries, { concurrency: 8, onError: recovery }));
    const seconds = (performance.now() - startedAtMs) / 1000;
    expect(errors).toHaveLength(queries.length);
    expect(errors.every((error) => error instanceof AllModelsFailedError)).toBe(true);
    expect(server.requests.length).toBeGreaterThan(1.1 * calls);
    expect(server.requests.length).toBeLessThanOrEqual(1.2 * calls + seconds + 1);
  });
});

describe('what cannot succeed', () => {
  const REFUSALS = [
    [400, InvalidRequestError],
    [401, AuthenticationError],
    [403, AuthenticationError],
    [404, InvalidRequestError],
    [413, InvalidRequestError],
    [422, InvalidRequestError],
  ] as const;
  const endpoint = () => ({ baseURL: `${server.baseURL}/v1`, apiKey: 'k' });

  it.each([
    ['openaiCompatible', local, openaiChat],
    ['openai', () => openai('m', endpoint()), openaiChat],
    ['anthropic', () => anthropic('m', { ...endpoint(), baseURL: server.baseURL }), anthropicDialect],
    ['googleGenAI', () => googleGenAI('m', { ...endpoint(), baseURL: server.baseURL }), geminiDialect],
  ])('is asked of %s once, though a retry is allowed and a hint is given', async (_name, create, dialect) => {
    const model = retry({ maxAttempts: 5, baseDelayMs: 0 })(create());
    for (const [index, [status, type]] of REFUSALS.entries()) {
      server.script(json(dialect.error(status, 'no'), { status, headers: { 'retry-after': '0' } }));
      const error = await ask(model);
      expect(error).toBeInstanceOf(type);
      expect(error).toMatchObject({ status, isRetryable: false });
      expect(server.requests).toHaveLength(index + 1);
    }
  });
});

describe('a time-out after the request was sent', () => {
  useVirtualTime();

  const pricing = { priceOf: () => ({ usd: 0.25 }), countTokens: (text: string) => text.length };
  const stalls = [
    ['before the headers', stalledHeaders()],
    ['in the body', stalledBody(openaiChat.answer({ text: '4' }), 9)],
  ] as const;

  it.each(stalls)(
    '%s is a failure that may have been billed, and is not sent again',
    async (_when, reply) => {
      server.script(reply);
      const ensemble = createEnsemble({ models: [local()], timeoutMs: 100, pricing });
      const prediction = ensemble.predict('?').catch((thrown: unknown) => thrown);
      await (await server.seen(0)).stalled;
      vi.advanceTimersByTime(100);
      const error = (await prediction) as NoPredictionError;
      const [outcome] = error.outcomes;
      expect(outcome).toMatchObject({ status: 'failed', costUsd: 0.25, costSource: 'estimated' });
      expect(outcome?.status === 'failed' && outcome.error).toBeInstanceOf(TimeoutError);
      await server.requests[0]?.abandoned;
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each(stalls)('%s is sent again as often as the retry says, and no more', async (_when, reply) => {
    server.script(reply);
    const model = retry({ maxAttempts: 3, baseDelayMs: 0 })(timeout(60)(local()));
    const result = ask(model);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await (await server.seen(attempt)).stalled;
      // The time limit, and the timer of the retry.
      await vi.advanceTimersByTimeAsync(61);
    }
    expect(await result).toBeInstanceOf(TimeoutError);
    expect(server.requests).toHaveLength(3);
    await Promise.all(server.requests.map(({ abandoned }) => abandoned));
  });
});

describe('a connection that cannot be made, or breaks', () => {
  it('is asked again where a kept-alive connection is reset when it is used again', async () => {
    server.script(answer, reset(), answer);
    const model = retry(atOnce)(local());
    expect(await ask(model)).toMatchObject({ text: '4' });
    expect(await ask(model)).toMatchObject({ text: '4' });
    expect(server.requests).toHaveLength(3);
  });

  it('is a retryable error that says why: no such host, refused, no TLS', async () => {
    const { port } = new URL(server.baseURL);
    const closed = await startFaultServer();
    await closed.close();
    for (const [baseURL, code] of [
      ['http://nowhere.invalid/v1', /ENOTFOUND|EAI_AGAIN/],
      [`${closed.baseURL}/v1`, /ECONNREFUSED/],
      // Who is sent a greeting that is no HTTP answers it, or hangs up on it.
      [`https://127.0.0.1:${port}/v1`, /ERR_SSL|ECONNRESET/],
    ] as const) {
      const tries: unknown[] = [];
      const model = openaiCompatible('m', { baseURL, apiKey: 'k' });
      const counted: Model = {
        ...model,
        call: (request) => {
          tries.push(request);
          return model.call(request);
        },
      };
      const error = await ask(retry(atOnce)(counted));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error instanceof ModelError && error.isRetryable).toBe(true);
      expect(error instanceof Error && error.message).toMatch(code);
      expect(tries).toHaveLength(2);
    }
    expect(server.requests).toHaveLength(0);
  });
});
