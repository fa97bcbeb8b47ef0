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
  ])('reset after %s', (reset, resetAfterMs) => {
    expect(resetOf(reset)).toBe(resetAfterMs);
  });

  it.each(['', '12', 's', '-1s', '1e3s', '1s2m', 'NaN', 'soon', '25h', `${'9'.repeat(400)}s`, '1 s'])(
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
    expect(retryHintMs(new Headers({ ...after, date: DATE }), hourLate)).toBe(30_000);
    expect(retryHintMs(new Headers(after), Date.parse(DATE))).toBe(30_000);
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
