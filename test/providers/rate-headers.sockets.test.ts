import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { internal } from '../../src/domain/internal.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import type { Model, RateLimitError } from '../../src/index.ts';
import { providerRateLimits } from '../../src/policies/policies.ts';
import { anthropicRateLimits } from '../../src/providers/anthropic/rate-headers.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openaiRateLimits } from '../../src/providers/openai-protocol/rate-headers.ts';
import { retryHintMs } from '../../src/providers/retry-hint.ts';
import { anthropic as anthropicDialect } from '../../src/testing/dialects/anthropic.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { openaiResponses } from '../../src/testing/dialects/openai-responses.ts';
import { eventStream, type FaultServer, json, startFaultServer } from '../../src/testing/testing.ts';

const DATE = 'Fri, 27 Nov 2026 10:00:00 GMT';

const openaiHeaders = {
  'x-ratelimit-limit-requests': '500',
  'x-ratelimit-remaining-requests': '499',
  'x-ratelimit-reset-requests': '120ms',
  'x-ratelimit-limit-tokens': '30000',
  'x-ratelimit-remaining-tokens': '0',
  'x-ratelimit-reset-tokens': '6m0s',
};
const openaiLimits = {
  requests: { limit: 500, remaining: 499, resetAfterMs: 120 },
  tokens: { limit: 30_000, remaining: 0, resetAfterMs: 360_000 },
};

const anthropicHeaders = {
  date: DATE,
  'anthropic-ratelimit-requests-limit': '50',
  'anthropic-ratelimit-requests-remaining': '49',
  'anthropic-ratelimit-requests-reset': '2026-11-27T10:00:01Z',
  'anthropic-ratelimit-tokens-limit': '40000',
  'anthropic-ratelimit-tokens-remaining': '0',
  'anthropic-ratelimit-tokens-reset': '2026-11-27T10:00:42.500Z',
};
const anthropicLimits = {
  requests: { limit: 50, remaining: 49, resetAfterMs: 1000 },
  tokens: { limit: 40_000, remaining: 0, resetAfterMs: 42_500 },
};

describe('rate headers of OpenAI', () => {
  const resetOf = (reset: string) =>
    openaiRateLimits(new Headers({ 'x-ratelimit-reset-requests': reset }))?.requests?.resetAfterMs;

  it.each([
    ['12ms', 12],
    ['6m0s', 360_000],
    ['1s', 1000],
    ['8.64s', 8640],
    ['2m59.56s', 179_560],
    ['1h2m3s', 3_723_000],
    ['24h0m0s', 86_400_000],
    ['0s', 0],
    ['1.5ms', 1.5],
    // Azure writes seconds.
    ['12', 12_000],
    ['25h', 86_400_000],
    ['1 s', 1000],
    ['1m 30s', 90_000],
  ])('reset after %s', (reset, resetAfterMs) => {
    expect(resetOf(reset)).toBe(resetAfterMs);
  });

  it.each(['', '-12', 's', '-1s', '1e3s', '1s2m', 'NaN', 'soon', `${'9'.repeat(400)}s`])(
    'say nothing of when by %j',
    (reset) => {
      expect(resetOf(reset)).toBeUndefined();
    },
  );

  it('keep what can be believed, and leave out the rest', () => {
    const headers = new Headers({ ...openaiHeaders, 'x-ratelimit-remaining-requests': '-3' });
    headers.set('x-ratelimit-limit-tokens', '1e4');
    expect(openaiRateLimits(headers)).toStrictEqual({
      requests: { limit: 500, resetAfterMs: 120 },
      tokens: { remaining: 0, resetAfterMs: 360_000 },
    });
    expect(openaiRateLimits(new Headers())).toBeUndefined();
  });
});

describe('rate headers of Anthropic', () => {
  it('count from the date of the reply, whatever the clock here says', () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] });
    try {
      expect(anthropicRateLimits(new Headers(anthropicHeaders))).toStrictEqual(anthropicLimits);
    } finally {
      vi.useRealTimers();
    }
  });

  it('have no time of the reset without that date, and 0 if it is past', () => {
    const { date: _, ...undated } = anthropicHeaders;
    expect(anthropicRateLimits(new Headers(undated))?.requests).toStrictEqual({
      limit: 50,
      remaining: 49,
    });
    const late = new Headers({ ...anthropicHeaders, date: 'Fri, 27 Nov 2026 11:00:00 GMT' });
    expect(anthropicRateLimits(late)?.tokens?.resetAfterMs).toBe(0);
  });
});

describe('a hint to retry that is a date', () => {
  it('counts from the date of the reply, or from the clock if there is no date', () => {
    const after = { 'retry-after': 'Fri, 27 Nov 2026 10:00:30 GMT' };
    const hourLate = Date.parse(DATE) + 3_600_000;
    expect(retryHintMs({ headers: new Headers({ ...after, date: DATE }), nowMs: hourLate })).toBe(30_000);
    expect(retryHintMs({ headers: new Headers(after), nowMs: Date.parse(DATE) })).toBe(30_000);
  });
});

describe('a hint to retry', () => {
  const nowMs = Date.parse(DATE);
  const DAY_MS = 86_400_000;
  const hintOf = (headers: Readonly<Record<string, string>>, rest: object = {}) =>
    retryHintMs({ headers: new Headers(headers), status: 429, nowMs, ...rest });

  it.each([
    [{ 'retry-after': '86400' }, DAY_MS],
    [{ 'retry-after': '86401' }, DAY_MS],
    [{ 'retry-after': '99999999' }, DAY_MS],
    [{ 'retry-after-ms': '1e300' }, DAY_MS],
    [{ 'retry-after': 'Fri, 26 Nov 2100 10:00:00 GMT' }, DAY_MS],
    [{ 'retry-after': '1e400' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': '2, 5' }, 5000],
    [{ 'retry-after': '5,soon,2' }, 5000],
    [{ 'retry-after': 'Fri, 27 Nov 2026 10:00:30 GMT, 3' }, 30_000],
    [{ 'retry-after': '3, Fri, 27 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after-ms': '10, 20' }, 20],
  ])('of %j is %j: a day at most, and the longest of several', (headers, hintMs) => {
    expect(hintOf(headers)).toBe(hintMs);
    expect(hintOf(headers, { status: 503 })).toBe(hintMs);
  });

  it.each([
    [{ 'x-ratelimit-reset': `${nowMs + 42_000}` }, 42_000],
    [{ 'x-ratelimit-reset': `${nowMs / 1000 + 42}` }, 42_000],
    [{ 'x-ratelimit-reset': '42' }, 42_000],
    [{ 'x-ratelimit-reset': '2026-11-27T10:00:42Z' }, 42_000],
    [{ 'x-ratelimit-reset': `${nowMs - 42_000}` }, 0],
    [{ 'x-ratelimit-reset-requests': '60s' }, 60_000],
    [{ 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
    [{ 'x-ratelimit-reset-requests': '25h' }, DAY_MS],
    [{ 'ratelimit-reset': '30', 'ratelimit-remaining': '0' }, 30_000],
    [{ ...openaiHeaders }, 360_000],
    [{ ...anthropicHeaders }, 42_500],
    [{ 'x-ratelimit-reset': '42', 'x-ratelimit-remaining': '3' }, undefined],
    [{ 'x-ratelimit-reset': 'soon' }, undefined],
    [{ 'x-ratelimit-reset': '-1' }, undefined],
    [{ 'x-ratelimit-reset': '42', 'retry-after': '3' }, 3000],
  ])('is the reset of a limit that is used up: %j', (headers, hintMs) => {
    expect(hintOf(headers)).toBe(hintMs);
    // Every reply has these headers, and other failures have nothing to do with them.
    expect(hintOf(headers, { status: 503 })).toBe('retry-after' in headers ? hintMs : undefined);
  });

  it('is read from the headers in the body of OpenRouter', () => {
    const headers = { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': nowMs + 42_000 };
    const error = { code: 429, metadata: { headers } };
    expect(hintOf({}, { body: { error } })).toBe(42_000);
    expect(hintOf({}, { body: error })).toBe(42_000);
    expect(hintOf({}, { body: { error: { metadata: { headers: { 'Retry-After': 7 } } } } })).toBe(7000);
    for (const body of [null, 'busy', { error: 'busy' }, { error: { metadata: null } }, [7]]) {
      expect(hintOf({}, { body })).toBeUndefined();
    }
  });
});

describe('what is left of the limits', () => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.close());

  const endpoint = () => ({ baseURL: `${server.baseURL}/v1`, apiKey: 'k' });
  const cases = [
    ['openai', () => openai('m', endpoint()), openaiChat, openaiHeaders, openaiLimits],
    [
      'openai by the Responses API',
      () => openai('m', { ...endpoint(), api: 'responses' }),
      openaiResponses,
      openaiHeaders,
      openaiLimits,
    ],
    [
      'anthropic',
      () => anthropic('m', { baseURL: server.baseURL, apiKey: 'k' }),
      anthropicDialect,
      anthropicHeaders,
      anthropicLimits,
    ],
    [
      'openaiCompatible over undici',
      () => openaiCompatible('m', endpoint()),
      openaiChat,
      openaiHeaders,
      openaiLimits,
    ],
    [
      'openaiCompatible over fetch',
      () => openaiCompatible('m', { ...endpoint(), fetch }),
      openaiChat,
      openaiHeaders,
      openaiLimits,
    ],
  ] as const;

  const ask = (model: Model, wantsDeltas: boolean) =>
    lastValueFrom(model.call({ ...toRequest('?'), wantsDeltas }).pipe(toArray())).then((all) => all.at(-1));

  it.each(cases)(
    'is told by %s with an answer, a stream and a refusal',
    async (_name, create, dialect, headers, limits) => {
      const model = create();
      server.script(
        json(dialect.answer({ text: '4' }), { headers }),
        eventStream(dialect.events({ text: '4' }), { headers }),
        json(dialect.error(429, 'busy'), { status: 429, headers: { ...headers, 'retry-after': '3' } }),
      );
      const answer = await ask(model, false);
      expect(answer).toMatchObject({ text: '4', [internal]: { rateLimits: limits } });
      expect(JSON.stringify(answer)).not.toContain('resetAfterMs');
      expect(await ask(model, true)).toMatchObject({ text: '4', [internal]: { rateLimits: limits } });
      const error = (await ask(model, false).catch((thrown: unknown) => thrown)) as RateLimitError;
      expect(error).toMatchObject({ name: 'RateLimitError', retryAfterMs: 3000 });
      expect(providerRateLimits(error)).toStrictEqual(limits);
      server.script(json(dialect.answer({ text: '4' })));
      expect(providerRateLimits(await ask(model, false))).toBeUndefined();
    },
  );
});
