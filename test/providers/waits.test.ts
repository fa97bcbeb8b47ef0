import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, type ModelError, RateLimitError } from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { retryHintMs } from '../../src/providers/retry-hint.ts';

const NOW = Date.parse('2026-11-27T10:00:00Z');
const DAY = 86_400_000;

type Fields = Readonly<Record<string, string>>;

const hint = (headers: Fields, { status = 429, body }: { status?: number; body?: unknown } = {}) =>
  retryHintMs({ headers: new Headers(headers), nowMs: NOW, status, body });

describe('a wait in the headers that are made for it', () => {
  it.each<[Fields, number | undefined]>([
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '0' }, 0],
    // Above a day is a day, and never at once.
    [{ 'retry-after': '86401' }, DAY],
    [{ 'retry-after': '99999999' }, DAY],
    [{ 'retry-after': '1500000000' }, DAY],
    [{ 'retry-after': '1e300' }, DAY],
    [{ 'retry-after': '9'.repeat(60) }, DAY],
    [{ 'retry-after': 'Mon, 27 Nov 2028 10:00:00 GMT' }, DAY],
    [{ 'retry-after-ms': `${10 * DAY}` }, DAY],
    // In the place of seconds.
    [{ 'retry-after': `${NOW / 1000 + 42}` }, 42_000],
    [{ 'retry-after': `${NOW + 42_000}` }, 42_000],
    [{ 'retry-after': '1m30s' }, 90_000],
    [{ 'retry-after': '2026-11-27T10:00:42Z' }, 42_000],
    // The three forms of a date.
    [{ 'retry-after': 'Fri, 27 Nov 2026 10:00:42 GMT' }, 42_000],
    [{ 'retry-after': 'Friday, 27-Nov-26 10:00:42 GMT' }, 42_000],
    [{ 'retry-after': 'Fri Nov 27 10:00:42 2026' }, 42_000],
    [{ 'retry-after': 'Fri, 27 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': 'Fri, 27 Nov 2026 10:00:42 GMT', date: 'Fri, 27 Nov 2026 10:00:12 GMT' }, 30_000],
    // Several: the longest that can be read.
    [{ 'retry-after': '5, 60' }, 60_000],
    [{ 'retry-after': '60, 5' }, 60_000],
    [{ 'retry-after': 'soon, 7' }, 7000],
    [{ 'retry-after': '5, Fri, 27 Nov 2026 10:00:42 GMT' }, 42_000],
    [{ 'retry-after': 'Fri, 27 Nov 2026 10:00:12 GMT, Fri, 27 Nov 2026 10:00:42 GMT' }, 42_000],
    [{ 'retry-after-ms': '100, 400' }, 400],
    // Azure.
    [{ 'x-ms-retry-after-ms': '250' }, 250],
    [{ 'x-ms-retry-after': '3' }, 3000],
    [{ 'retry-after-ms': '320', 'retry-after': '1' }, 320],
    [{ 'retry-after-ms': '10', 'retry-after': '60' }, 60_000],
    [{ 'retry-after-ms': '-1', 'retry-after': '3' }, 3000],
    // Nothing that can be read.
    ...['-1', 'NaN', 'soon', '1e400', 'Infinity', '', ' ', ',', '0x10', 'foo 1', '2026'.repeat(200)].map(
      (value): [Fields, number | undefined] => [
        { 'retry-after': value },
        value.length > 500 ? undefined : undefined,
      ],
    ),
  ])('%o', (headers, waitMs) => {
    expect(hint(headers)).toBe(waitMs);
  });
});

describe('a wait until a limit is whole again', () => {
  it.each<[Fields, number | undefined, number?]>([
    // OpenAI, Groq.
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '42s' }, 42_000],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '7.66s' }, 7660],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12ms' }, 12],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '48h' }, DAY],
    [{ 'x-ratelimit-reset-requests': '42s' }, 42_000],
    // Azure, Cerebras: seconds.
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '42' }, 42_000],
    [{ 'x-ratelimit-remaining-tokens-minute': '0', 'x-ratelimit-reset-tokens-minute': '4.5' }, 4500],
    [{ 'x-ratelimit-remaining-tokens': '-1', 'x-ratelimit-reset-tokens': '0' }, 0],
    // OpenRouter: milliseconds of the epoch. GitHub: seconds of it.
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW + 42_000}` }, 42_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW / 1000 + 42}` }, 42_000],
    [{ 'x-ratelimit-reset': `${NOW + 42_000}` }, 42_000],
    // The draft of the IETF; Mistral.
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '42' }, 42_000],
    [{ 'ratelimitbysize-remaining': '0', 'ratelimitbysize-reset': '42' }, 42_000],
    // Anthropic.
    [
      {
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-11-27T10:00:42Z',
      },
      42_000,
    ],
    [
      {
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-27T10:00:42+00:00',
      },
      42_000,
    ],
    [{ 'anthropic-ratelimit-unified-reset': `${NOW / 1000 + 42}` }, 42_000],
    // The limit that is used up, not the other one; of two, the later.
    [
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '2s',
        'x-ratelimit-remaining-tokens': '900',
        'x-ratelimit-reset-tokens': '60s',
      },
      2000,
    ],
    [
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '2s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '60s',
      },
      60_000,
    ],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW - 1000}` }, 0],
    // Of a limit that is not used up, and beside another error, they say nothing.
    [{ 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '42' }, undefined],
    [{ 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '1s' }, undefined, 500],
    [{ 'x-ratelimit-reset-requests': '1s' }, undefined, 503],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1s' }, undefined, 503],
    // What is made for it comes first, unless it is 0.
    [{ 'retry-after': '3', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '42' }, 3000],
    [{ 'retry-after': '0', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '42' }, 42_000],
  ])('%o', (headers, waitMs, status = 429) => {
    expect(hint(headers, { status })).toBe(waitMs);
  });
});

describe('a wait in a body', () => {
  const ofMessage = (message: string): unknown => ({ error: { message } });

  it.each<[unknown, number | undefined]>([
    [
      {
        error: {
          metadata: { headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': `${NOW + 42_000}` } },
        },
      },
      42_000,
    ],
    [{ error: { metadata: { headers: { 'X-RateLimit-Reset': NOW + 42_000 } } } }, 42_000],
    [{ error: { metadata: { headers: { 'Retry-After': '9' } } } }, 9000],
    [{ error: { metadata: { retry_after_seconds: 12.5 } } }, 12_500],
    [{ error: { retry_after: '7' } }, 7000],
    [{ retry_after_ms: 250 }, 250],
    [[{ error: { metadata: { retry_after_seconds: 2 } } }], 2000],
    [ofMessage('Rate limit reached for m. Please try again in 20s. Visit …'), 20_000],
    [ofMessage('Please try again in 6m0s.'), 360_000],
    [ofMessage('Please try again in 7.66s. Need more tokens?'), 7660],
    [ofMessage('Please try again in 320ms.'), 320],
    [ofMessage('Please retry after 25 seconds.'), 25_000],
    [ofMessage('Try again in 1 hour'), 3_600_000],
    [ofMessage('Please try again in 90h'), DAY],
    [ofMessage('Please try again in -5s'), undefined],
    [ofMessage('Try again in a while, after 3 failed'), undefined],
    [ofMessage(`${'x'.repeat(100_000)} try again in 5s`), undefined],
    [{ error: { retry_after: -1 } }, undefined],
    [{ error: { retry_after: true, metadata: { headers: 7 } } }, undefined],
    ['not an object', undefined],
    [null, undefined],
  ])('%j', (body, waitMs) => {
    expect(hint({}, { body })).toBe(waitMs);
  });

  it('is not read from the words of another error', () => {
    expect(hint({}, { body: ofMessage('Please try again in 20s.'), status: 400 })).toBeUndefined();
  });
});

/** The ways in which servers write half a minute. */
const HALF_A_MINUTE = [
  '30s',
  '30 s',
  '30 sec',
  '30 seconds',
  '0.5m',
  '0m30s',
  '0 minutes and 30 seconds',
  '29s 1000ms',
];

describe('a wait of half a minute', () => {
  const at = new Date(NOW + 30_000);

  it.each([
    ...HALF_A_MINUTE,
    ...['30', '"30"', '+30', ' 30 ', '30;comment', 'PT30S', 'pt0m30s', '00:00:30'],
    at.toUTCString(),
    at.toUTCString().replace('GMT', 'UTC'),
    at.toUTCString().replace('GMT', '+0000'),
    at.toUTCString().toLowerCase(),
    at.toISOString(),
    at.toISOString().slice(0, 19),
    `${at.getTime()}`,
    `${at.getTime() * 1000}`,
    `${at.getTime() / 1000}.000`,
  ])('is read of the header %j', (value) => {
    expect(hint({ 'retry-after': value })).toBe(30_000);
    const [before = ''] = value.split(';');
    if (/^["+ ]/.test(value)) return;
    expect(hint({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': before })).toBe(30_000);
    expect(hint({ 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': before })).toBe(30_000);
    expect(hint({ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': before })).toBeUndefined();
  });

  it.each<Fields>([
    { ratelimit: '"default";r=0;t=30' },
    { ratelimit: '"a";r=5;t=90, "b";r=0;t=30' },
    { ratelimit: 'limit=100, remaining=0, reset=30' },
    { 'ratelimit-reset': '30' },
    { 'x-rate-limit-reset': '30' },
    { 'x-rate-limit-remaining-tokens': '-7', 'x-rate-limit-reset-tokens': '30' },
    { 'x-rate-limit-requests-remaining': '0', 'x-rate-limit-requests-reset': '30' },
    { 'x-ratelimit-reset-after': '30' },
    {
      'x-ratelimit-remaining-tokens': '-1',
      'x-ratelimit-reset-tokens': '30s',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1ms',
    },
  ])('is read of the headers %j', (headers) => {
    expect(hint(headers)).toBe(30_000);
  });

  it.each(HALF_A_MINUTE)('is read of the words %j, wherever they are', (words) => {
    for (const before of [
      'Please try again in ',
      'Retry after ',
      'Please retry in about ',
      'Wait at least ',
      'Your quota will reset after ',
    ]) {
      const message = `Slow down. ${before}${words}. Contact us.`;
      for (const body of [
        message,
        { message },
        { error: message },
        { detail: message },
        { detail: { message } },
        { error: { message } },
        { error: { error: { message } } },
        { error: { message: JSON.stringify({ error: { message } }) } },
        {
          error: {
            message: 'Provider returned error',
            metadata: { raw: JSON.stringify({ error: message }) },
          },
        },
        [{ error: { message } }],
      ]) {
        expect(hint({}, { body })).toBe(30_000);
        expect(hint({}, { body, status: 400 })).toBeUndefined();
      }
    }
  });

  it.each([30, '30', ...HALF_A_MINUTE, { seconds: 30 }, { seconds: '29', nanos: 1e9 }])(
    'is read of the field %j, wherever it is',
    (value) => {
      const names = ['retry_after', 'retryAfter', 'retry_after_seconds', 'resets_in_seconds', 'retryDelay'];
      for (const name of [...names, 'retry_delay', 'quotaResetDelay', 'reset_after']) {
        const field = { [name]: value };
        for (const body of [
          field,
          [field],
          { error: { message: 'No.', code: 429 }, ...field },
          { error: field },
          { error: { error: field } },
          { detail: field },
          { error: { metadata: field } },
          { error: { metadata: { raw: JSON.stringify({ error: field }) } } },
          { error: { details: [{ reason: 'x' }, field] } },
          { error: { details: [{ metadata: field }] } },
        ]) {
          expect(hint({}, { body })).toBe(30_000);
        }
      }
    },
  );
});

describe('several waits', () => {
  const info = (retryDelay: unknown) => ({ error: { details: [{ retryDelay }] } });

  it.each<[Fields, unknown, number | undefined]>([
    ...['0s', '0', {}, '-5s', { seconds: -3 }, 'soon', null, { seconds: 'x' }].map(
      (odd): [Fields, unknown, number] => [{ 'retry-after': '60' }, info(odd), 60_000],
    ),
    [{}, { error: { message: 'Please retry in 34s', details: [{ retryDelay: '0s' }] } }, 34_000],
    [{}, { error: { message: 'Please retry in 34.07s', details: [{ retryDelay: '34s' }] } }, 34_000],
    [{ 'retry-after': '5' }, info('34s'), 34_000],
    [{ 'retry-after': '34' }, info('5s'), 34_000],
    [{ 'retry-after-ms': '0', 'retry-after': '7' }, undefined, 7000],
    [{ 'retry-after': 'soon' }, 'Try again in 6m0s', 360_000],
    [{ 'retry-after': '2' }, 'Try again in 6m0s', 360_000],
    [{ 'retry-after-ms': '320' }, 'Try again in 1 second', 320],
    [{}, 'RPM: try again in 1s. TPM: try again in 50s.', 50_000],
    [{}, 'try again in 6m0s, max wait 5 s', 360_000],
    [{}, { error: { retry_after: 5 }, retry_after: 50 }, 50_000],
    [{}, { error: { details: [{ retryDelay: '3s' }, { retryDelay: '50s' }] } }, 50_000],
  ])('of %j and %j are the longest', (headers, body, waitMs) => {
    expect(hint(headers, { body })).toBe(waitMs);
  });

  it.each<[string, number | undefined]>([
    ['2 minutes 30 seconds', 150_000],
    ['1 hour 5 minutes', 3_900_000],
    ['1 minute, 3 seconds', 63_000],
    ['1m 30s', 90_000],
    ['17h34m5.8s', 63_245_800],
    ['800 ms', 800],
    ['1 day', DAY],
    ['1,200 seconds', 1_200_000],
    ['1w', DAY],
    ['200000h', DAY],
    ['99999d', DAY],
    ['a while', undefined],
    ['5 apples', undefined],
  ])('in one: %j', (words, waitMs) => {
    expect(hint({}, { body: `Try again in ${words}.` })).toBe(waitMs);
    expect(hint({ 'retry-after': words })).toBe(waitMs);
  });

  it('are not read of the last digits of a number, nor of a moment that is long past', () => {
    expect(hint({ 'retry-after': '1,234' })).toBe(1_234_000);
    expect(hint({ 'retry-after': `${NOW / 1000 - 2}` })).toBe(0);
    expect(hint({ 'retry-after': `${NOW - 2000}` })).toBe(0);
    expect(hint({ 'x-ratelimit-reset': '1500000000' })).toBeUndefined();
    expect(hint({ 'retry-after': 'Fri, 27 Nov 2015 10:00:00 GMT' })).toBeUndefined();
  });
});

it('of a hostile text is read in steps in proportion to its length', () => {
  for (const part of [
    '1',
    '1,',
    '1s ',
    ' ',
    'try again in ',
    'wait   ',
    '1 hour ',
    'Mon, 01 ',
    '"',
    ';',
    'retry\n',
  ]) {
    const text = part.repeat(1_000_000 / part.length);
    const body = { error: { message: text, retry_after: text, details: [{ retryDelay: text }] } };
    const headers = { get: () => text };
    const waitMs = retryHintMs({ headers, status: 429, nowMs: NOW, body });
    expect(waitMs === undefined || waitMs <= DAY).toBe(true);
  }
});

describe('a used-up quota', () => {
  const refused = async (body: unknown, status = 429): Promise<RateLimitError> => {
    const served = async () => Response.json(body, { status, headers: { 'x-should-retry': 'true' } });
    const model = openaiCompatible('m', { baseURL: 'http://localhost/v1', fetch: served });
    const call = model.call({ prompt: '?', messages: [{ role: 'user', content: '?' }] });
    return lastValueFrom(call).catch((error: unknown) => error) as Promise<RateLimitError>;
  };
  const perDay = { violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] };

  it.each([
    { code: 429, type: 'insufficient_quota' },
    { code: 'insufficient_quota', type: 'rate_limit' },
    { type: 'exceeded_current_quota_error' },
    { code: '1113' },
    { code: 1113 },
    { code: 'insufficient_user_quota', type: 'new_api_error' },
    { code: 'Arrearage' },
    { code: 'billing_hard_limit_reached' },
    { type: 'billing_not_active' },
    { code: 'InsufficientBalance' },
    { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Please retry in 3s', details: [perDay] },
    { code: 429, metadata: { raw: '{"error":{"code":"insufficient_quota"}}' } },
  ])('%j is not asked for again', async (error) => {
    for (const body of [{ error }, [{ error }]]) {
      expect(await refused(body)).toMatchObject({ name: 'RateLimitError', isRetryable: false });
      expect((await refused(body, 200)).isRetryable).toBe(false);
    }
  });

  it.each([
    { code: 429, message: 'You exceeded your current quota, please check your plan and billing details.' },
    { code: 'rate_limit_exceeded', type: 'tokens' },
    { code: 429, details: [{ violations: [{ quotaId: 'GenerateRequestsPerMinute' }] }] },
  ])('is not %j', async (error) => {
    expect((await refused({ error })).isRetryable).toBe(true);
  });
});

it('is never below 0, above a day or no number, whatever a server sends', () => {
  const odd = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date().map(String),
    fc.stringMatching(/^[\dhms.,: GMTZ+-]{0,40}$/),
  );
  const latin = (text: string): string => text.replace(/[^\x20-\x7e]/g, '');
  fc.assert(
    fc.property(
      odd,
      odd,
      odd,
      fc.anything(),
      fc.constantFrom(200, 429, 500, 503),
      (after, reset, left, body, status) => {
        const headers = {
          'retry-after': latin(after),
          'x-ratelimit-reset': latin(reset),
          'x-ratelimit-remaining': latin(left),
        };
        const waitMs = hint(headers, { status, body: { error: body } });
        expect(waitMs === undefined || (waitMs >= 0 && waitMs <= DAY)).toBe(true);
      },
    ),
    { seed: 12, numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.bigInt({ min: 86_401n, max: 10n ** 60n }), (seconds) => {
      const waitMs = hint({ 'retry-after': `${seconds}` });
      // A number that is a moment of the next day counts as one.
      expect(waitMs).toBeGreaterThan(0);
    }),
    { seed: 12, numRuns: 1000 },
  );
});

/** A model of each provider, all by the `fetch` of the moment. */
const everyProvider = () => [
  openaiCompatible('m', { baseURL: 'http://localhost/v1', fetch: globalThis.fetch }),
  openai('m', { apiKey: 'a key', baseURL: 'http://localhost/v1' }),
  anthropic('m', { apiKey: 'a key', baseURL: 'http://localhost' }),
  googleGenAI('m', { apiKey: 'a key', baseURL: 'http://localhost' }),
  gemini('m', { apiKey: 'a key', baseURL: 'http://localhost' }),
];

describe('a wait that a server asks for', () => {
  const refusing = (
    headers: Fields,
    body: unknown = { error: { code: 'rate_limit_exceeded' } },
  ): typeof fetch => {
    return async () =>
      new Response(JSON.stringify(body), {
        status: 429,
        headers: { 'content-type': 'application/json', ...headers },
      });
  };
  const soon = (): Fields => ({
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': `${Date.now() + 42_000}`,
  });
  const inBody = (): unknown => ({ error: { code: 429, metadata: { headers: soon() } } });
  const asked = { prompt: '?', messages: [{ role: 'user', content: '?' }] } as const;

  it('is in the error of every provider', async () => {
    const { fetch } = globalThis;
    try {
      for (const served of [refusing(soon()), refusing({}, inBody())]) {
        globalThis.fetch = served;
        for (const model of [
          openaiCompatible('m', { baseURL: 'http://localhost/v1', fetch: served }),
          openai('m', { apiKey: 'a key', baseURL: 'http://localhost/v1' }),
          googleGenAI('m', { apiKey: 'a key', baseURL: 'http://localhost' }),
        ]) {
          const error = await lastValueFrom(model.call(asked)).catch((reason: unknown) => reason);
          expect(error).toBeInstanceOf(RateLimitError);
          expect((error as RateLimitError).retryAfterMs, model.id).toBeGreaterThan(30_000);
        }
      }
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it.each<[unknown]>([
    ['Rate limit. Try again in 42 seconds.'],
    [{ error: 'Rate limit, try again in 42s' }],
    [{ detail: 'Rate limit, try again in 42s' }],
    [{ message: 'Try again in 42 seconds', code: 429 }],
    [{ error: { message: 'No.', code: 429 }, retry_after: 42 }],
    [{ retryAfter: '42s' }],
    [[{ error: { code: 429, message: 'No.', details: [{ retryDelay: '42s' }, { retryDelay: '0s' }] } }]],
    [{ error: { message: `Try again in 42s. ${'x'.repeat(100_000)}` } }],
  ])('is read of the body %j by every provider', async (body) => {
    const { fetch } = globalThis;
    try {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      globalThis.fetch = async () => new Response(text, { status: 429, headers: { 'retry-after': '7' } });
      for (const model of everyProvider()) {
        const error = await lastValueFrom(model.call(asked)).catch((reason: unknown) => reason);
        expect(error, model.id).toMatchObject({ name: 'RateLimitError', retryAfterMs: 42_000, costUsd: 0 });
      }
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('is in the error within a reply of every provider, streamed or not', async () => {
    const { fetch } = globalThis;
    const body = {
      type: 'error',
      error: { code: 429, type: 'rate_limit_error', status: 'RESOURCE_EXHAUSTED' },
    };
    const types = {
      'application/json': JSON.stringify(body),
      'text/event-stream': `data: ${JSON.stringify(body)}\n\n`,
    };
    try {
      for (const [type, text] of Object.entries(types)) {
        globalThis.fetch = async () =>
          new Response(text, { headers: { 'content-type': type, 'retry-after': '42' } });
        for (const model of everyProvider()) {
          const call = model.call({ ...asked, wantsDeltas: type === 'text/event-stream' });
          const error = await lastValueFrom(call).catch((reason: unknown) => reason);
          expect(error, model.id).toMatchObject({
            name: 'RateLimitError',
            status: 200,
            retryAfterMs: 42_000,
          });
        }
      }
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('is kept by a retry: no second request before it, and the error says how long', async () => {
    let requests = 0;
    const served = refusing(soon());
    const model = openaiCompatible('m', {
      baseURL: 'http://localhost/v1',
      fetch: (...args) => {
        requests += 1;
        return served(...args);
      },
    });
    const ensemble = createEnsemble({ models: [model], retry: true });
    const failure = (await ensemble.predict('?').catch((error: unknown) => error)) as Error & {
      outcomes: readonly { readonly error?: ModelError }[];
    };
    expect(requests).toBe(1);
    expect(failure.outcomes[0]?.error?.retryAfterMs).toBeGreaterThan(30_000);
  });

  it('by a model of one’s own is kept too, and the model is asked again', async () => {
    let calls = 0;
    const model = defineModel('m', () => {
      calls += 1;
      if (calls === 1) throw new RateLimitError('m', 'slow down', { retryAfterMs: 10 });
      return '4';
    });
    const { answer } = await createEnsemble({ models: [model], retry: true }).predict('?');
    expect([answer, calls]).toEqual(['4', 2]);
  });
});
