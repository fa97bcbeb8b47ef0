import fc from 'fast-check';
import OpenAI from 'openai';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { MalformedResponseError } from '../../src/domain/errors.ts';
import type { Model, ModelResponse } from '../../src/domain/model.ts';
import { providerMetadata, providerWarnings } from '../../src/domain/provider-report.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble } from '../../src/ensemble.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const PROVIDERS: Readonly<Record<string, (fetch: typeof globalThis.fetch) => Model>> = {
  openai: (fetch) => openai('m', { client: new OpenAI({ apiKey: 'a key', fetch }) }),
  openaiCompatible: (fetch) => openaiCompatible('m', { baseURL: 'http://localhost/v1', fetch }),
};

const choice = (message: unknown, rest: object = {}) => ({
  index: 0,
  message,
  finish_reason: 'stop',
  ...rest,
});
const completion = (message: unknown, rest: object = {}) => ({ choices: [choice(message, rest)] });
const USAGE = { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 };

describe.each(Object.entries(PROVIDERS))('a reply to %s', (_name, create) => {
  const model = (body: unknown, init?: ResponseInit): Model =>
    create(async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), init));

  const read = async (body: unknown, init: ResponseInit = {}): Promise<ModelResponse> =>
    (await lastValueFrom(
      model(body, { headers: { 'content-type': 'application/json' }, ...init }).call(toRequest('?')),
    )) as ModelResponse;

  const failure = (body: unknown, init?: ResponseInit): Promise<unknown> =>
    read(body, init).then(
      (response) => expect.fail(`answered ${JSON.stringify(response)}`),
      (error: unknown) => error,
    );

  it.each<readonly [what: string, choices: readonly unknown[]]>([
    ['in order', [choice({ content: '42' }), choice({ content: 'no' }, { index: 1 })]],
    ['out of order', [choice({ content: 'no' }, { index: 1 }), choice({ content: '42' })]],
    [
      'without an index',
      [{ message: { content: '42' }, finish_reason: 'stop' }, choice({ content: 'no' }, { index: 1 })],
    ],
    [
      'with an index that is a text',
      [choice({ content: 'no' }, { index: '1' }), choice({ content: '42' }, { index: '0' })],
    ],
    ['alone, with another index', [choice({ content: '42' }, { index: 1 })]],
    ['beside one that failed', [choice({}, { index: 1, error: { code: 500 } }), choice({ content: '42' })]],
  ])('has the choice of index 0: %s', async (_what, choices) => {
    expect((await read({ choices })).text).toBe('42');
  });

  it('is read from the body of another `fetch`, which has no reader', async () => {
    async function* chunks() {
      yield new TextEncoder().encode(JSON.stringify(completion({ content: '42' })));
    }
    const other = create(async () => {
      const response = new Response('', { headers: { 'content-type': 'application/json' } });
      return Object.defineProperty(response, 'body', { value: chunks() });
    });
    expect(await lastValueFrom(other.call(toRequest('?')))).toMatchObject({ text: '42' });
  });

  it.each([[''], [null], [undefined], [false]])('is no refusal with a refusal of %j', async (refusal) => {
    expect(await read(completion({ content: '42', refusal }))).toMatchObject({
      text: '42',
      finishReason: 'stop',
    });
  });

  it('is a refusal whether its content is missing, null or empty', async () => {
    for (const content of [undefined, null, '']) {
      expect(await read(completion({ content, refusal: 'No.' }))).toMatchObject({
        text: 'No.',
        finishReason: 'refusal',
      });
    }
  });

  it('without a text is an empty answer if it is paid for, or says why', async () => {
    for (const body of [
      completion({ content: null, reasoning_content: 'hm' }),
      completion({ reasoning: 'hm' }),
      completion({ content: null, tool_calls: [{ id: 'a' }] }),
      completion({ content: null }, { finish_reason: 'length' }),
      completion(undefined, { finish_reason: 'content_filter' }),
      completion({ content: '' }),
      { ...completion({ content: null }), usage: USAGE },
    ]) {
      expect((await read(body)).text).toBe('');
    }
    const paid = { ...completion({ content: null, reasoning: 'hm' }), usage: USAGE };
    expect((await read(paid)).usage).toMatchObject({ inputTokens: 9, outputTokens: 5 });
    expect(await failure(completion({ content: null }))).toBeInstanceOf(MalformedResponseError);
  });

  it('has null for the numbers that JSON does not have, and keeps them in texts', async () => {
    const texts = fc.array(
      fc.constantFrom('NaN', '"', '\\', ' Infinity,', ': NaN', '-Infinity', 'a', '\\"', '\u2028'),
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('NaN', 'Infinity', '-Infinity'), async (parts, number) => {
        const content = parts.join('');
        const logprobs = {
          content: [
            { token: content, logprob: 'HERE' },
            { token: '', logprob: -1 },
          ],
        };
        const body = { ...completion({ content }, { logprobs }), usage: USAGE };
        const response = await read(JSON.stringify(body).replace('"HERE"', number));
        expect(response).toMatchObject({ text: content, usage: { inputTokens: 9, outputTokens: 5 } });
        expect(response).not.toHaveProperty('confidence');
        expect(providerWarnings(response)).toStrictEqual([
          'dropped the token probabilities, because one of them cannot be read',
        ]);
      }),
      { numRuns: 100, seed: 12 },
    );
  });

  it('that is empty, or JSON that is cut, may succeed when it is sent again', async () => {
    const whole = JSON.stringify(completion({ content: '42' }));
    for (const body of ['', '\n\n\n\n', ' ', whole.slice(0, 1), whole.slice(0, -1), `[${whole}`]) {
      const error = await failure(body);
      expect(error).toBeInstanceOf(MalformedResponseError);
      expect(error).toMatchObject({ isRetryable: true });
    }
    expect(await failure('<html>')).toMatchObject({ isRetryable: false });
  });

  it.each([
    ['content_filter', 400, 'InvalidRequestError'],
    ['model_not_found', 404, 'InvalidRequestError'],
    ['invalid_api_key', 401, 'AuthenticationError'],
    ['insufficient_quota', 429, 'RateLimitError'],
    ['server_error', 503, 'ProviderError'],
  ])('has the code of its error: %s', async (code, status, name) => {
    expect(await failure({ error: { message: 'secret', code } }, { status })).toMatchObject({
      name,
      status,
      code,
    });
    const within = await failure({ error: { message: 'secret', code } });
    expect(within).toMatchObject({ name, status: 200, code, costUsd: undefined });
  });

  it('has no code that is not a word', async () => {
    for (const code of ['two words', '<b>', 'x'.repeat(65), { a: 1 }, '']) {
      const error = await failure({ error: { message: 'secret', code } }, { status: 400 });
      expect(error).toMatchObject({ status: 400, code: undefined });
    }
  });

  it('abstains with the word of a finish reason that is not known', async () => {
    for (const [finish_reason, reason] of [
      ['Moon-Phase', 'the model stopped for an unknown reason: moon_phase'],
      ['sk-proj-7f3a9c1e5b', 'the model stopped for an unknown reason'],
      ['x'.repeat(1000), 'the model stopped for an unknown reason'],
      ['max_tokens', 'the model did not finish: length; raise "maxOutputTokens"'],
      ['sensitive', 'the model did not finish: content-filter'],
    ]) {
      const models = [
        model({ ...completion({ content: '42' }, { finish_reason }), usage: { completion_tokens: -1 } }),
        model(completion({ content: '42' })),
      ].map((one, index) => ({ ...one, id: `m${index}` }));
      const { outcomes, answer } = await createEnsemble({ models, minResponses: 1 }).predict('?');
      expect(answer).toBe('42');
      expect(outcomes[0]).toMatchObject({
        status: 'abstained',
        reason,
        warning: 'dropped "completion_tokens" of the usage, which is not a number of tokens',
      });
    }
  });

  it('counts without a finish reason, because its JSON is whole', async () => {
    for (const finish_reason of [undefined, null, false, '', 'null', '<nil>', 'FINISH_REASON_UNSPECIFIED']) {
      const response = await read(completion({ content: '42' }, { finish_reason }));
      expect(response).toMatchObject({ text: '42', finishReason: undefined });
      expect(providerMetadata(response)).toBeUndefined();
    }
  });

  it.each([
    ...[
      { type: 'length' },
      ['length'],
      [{ type: 'max_tokens' }],
      { reason: 'MAX_TOKENS' },
      'FinishReason.MAX_TOKENS',
    ],
    ...[
      'maxTokens',
      'max-tokens',
      'FINISH_REASON_MAX_TOKENS',
      'STOP_REASON_MAX_TOKENS',
      ' "length" ',
      'FinishReason::Length',
    ],
  ])('is cut with a finish reason of %j', async (finish_reason) => {
    expect((await read(completion({ content: 'So 4' }, { finish_reason }))).finishReason).toBe('length');
  });

  it.each([
    ...[
      'FinishReason.STOP',
      'endTurn',
      'EndTurn',
      'STOP_REASON_END_TURN',
      'finishReasonStop',
      'stop.',
      '"stop"',
    ],
    ...['<|im_end|>', { type: 'stop' }, ['stop'], { name: 'eos' }],
  ])('is whole with a finish reason of %j', async (finish_reason) => {
    expect((await read(completion({ content: '42' }, { finish_reason }))).finishReason).toBe('stop');
  });

  it.each([[2], [0], [true], [{}], [[]], [[2]], [{ code: 2 }], ['not_finished'], ['in_progress']])(
    'is not known to be whole with a finish reason of %j',
    async (finish_reason) => {
      expect((await read(completion({ content: 'So 4' }, { finish_reason }))).finishReason).toBe('other');
    },
  );

  it.each([...[undefined, null, 'stop']])('is cut if it says so in another place than %j', async (usual) => {
    for (const word of ['length', 'max_tokens', 'MAX_TOKENS', { type: 'max_tokens' }]) {
      for (const name of [
        'finishReason',
        'finish_details',
        'stop_reason',
        'native_finish_reason',
        'done_reason',
      ]) {
        for (const body of [
          completion({ content: 'So 4' }, { finish_reason: usual, [name]: word }),
          completion({ content: 'So 4', [name]: word }, { finish_reason: usual }),
          { ...completion({ content: 'So 4' }, { finish_reason: usual }), [name]: word },
        ]) {
          expect((await read(body)).finishReason, JSON.stringify(body)).toBe('length');
        }
      }
    }
  });

  it('has the usual finish reason if the one in another place is not known', async () => {
    for (const stop_reason of [null, 151645, '###', 'eos']) {
      expect((await read(completion({ content: '42' }, { stop_reason }))).finishReason).toBe('stop');
    }
    const unsure = completion({ content: '42' }, { finish_reason: 7, stop_reason: 'end_turn' });
    expect((await read(unsure)).finishReason).toBe('other');
  });

  it.each<readonly [what: string, body: unknown, error: object]>([
    ['its message', completion({ content: 'So 4', error: { code: 502 } }), { name: 'ProviderError' }],
    [
      'a lone choice with another index',
      completion({ content: 'So 4' }, { index: 1, error: { code: 429 } }),
      { name: 'RateLimitError' },
    ],
    [
      'the finish reason of such a choice',
      completion({ content: 'So 4' }, { index: 1, finish_reason: { type: 'error' } }),
      { name: 'ProviderError' },
    ],
    [
      'the status of MiniMax',
      { ...completion({ content: 'So 4' }), base_resp: { status_code: 1002, status_msg: 'rate limit' } },
      { name: 'RateLimitError', code: '1002' },
    ],
    [
      'the part of Groq',
      { ...completion({ content: 'So 4' }), x_groq: { error: 'over capacity' } },
      { name: 'ProviderError' },
    ],
  ])('fails with the failure in %s', async (_what, body, error) => {
    expect(await failure(body)).toMatchObject({ ...error, status: 200, isRetryable: true });
  });

  it.each<unknown>([
    ...[
      null,
      false,
      0,
      '',
      'None',
      'null',
      'success',
      'OK',
      {},
      [],
      { message: '', type: '', param: '', code: null },
    ],
    ...[{ code: 0, message: 'success' }, { code: '0', msg: 'OK', request_id: 'r-1' }, [null], [{}]],
  ])('is an answer beside an error of %j', async (error) => {
    const base_resp = { status_code: 0, status_msg: 'success' };
    expect(await read({ ...completion({ content: '42', error }), error, base_resp })).toMatchObject({
      text: '42',
      finishReason: 'stop',
    });
  });

  it.each<unknown>([
    ...[
      { type: 'text', text: '42' },
      42,
      ['42'],
      ['4', '2'],
      [{ text: '42' }],
      [{ type: 'output_text', text: '42' }],
    ],
    ...[
      { text: '42' },
      [
        { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
        { type: 'text', text: '42' },
      ],
    ],
    ...[[{ type: 'text', text: { value: '42' } }], [{ type: 'reasoning', text: 'hm' }, '42'], ['42', null]],
  ])('has its text from a content of %j', async (content) => {
    expect((await read(completion({ content }))).text).toBe('42');
  });

  it.each<unknown>([
    ...[true, { answer: 42 }, 2 ** 60, [{ type: 'message', text: '42' }], [true], [{ type: 'text' }]],
  ])('never has an empty text for a content of %j', async (content) => {
    expect(await failure(completion({ content }))).toBeInstanceOf(MalformedResponseError);
  });

  it.each<unknown>([{}, [], 'None', 'null', ' '])(
    'is no refusal with a refusal of %j, either',
    async (refusal) => {
      expect(await read(completion({ content: '42', refusal }))).toMatchObject({
        text: '42',
        finishReason: 'stop',
      });
    },
  );

  it('has the text of the older completions', async () => {
    expect((await read({ choices: [{ index: 0, text: '42', finish_reason: 'stop' }] })).text).toBe('42');
  });

  it.each<readonly [name: string, body: unknown]>([
    ...[
      { error_code: 18, error_msg: 'Open api qps request limit reached' },
      { statusCode: 429, message: 'wait' },
      { status: 429 },
      { code: '429' },
      { __type: 'ThrottlingException' },
      { errors: [{ code: 429 }], success: false },
      { detail: 'Too Many Requests' },
      { message: 'Too many requests' },
      { choices: null, base_resp: { status_code: 1002, status_msg: 'rate limit' } },
      { choices: [], object: 'error', code: 429 },
      { error: { error: { code: 'rate_limit_exceeded' } } },
      { error: [{ code: 429 }] },
    ].map((body) => ['RateLimitError', body] as const),
    ...[
      { object: 'error', choices: null },
      { object: 'error', code: 503 },
      { code: 1302, msg: 'x', success: false },
      { detail: 'CUDA out of memory' },
      { error_code: 336000 },
      { errors: ['x'] },
      { status: 'failed' },
    ].map((body) => ['ProviderError', body] as const),
    ['AuthenticationError', { statusCode: 401, message: 'x' }],
    ['AuthenticationError', { __type: 'AccessDeniedException' }],
  ])('is a %s if it is %j', async (name, body) => {
    const error = await failure(body);
    expect(error).toMatchObject({ name, status: 200, isRetryable: name !== 'AuthenticationError' });
  });
});
