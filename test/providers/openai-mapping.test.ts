import { describe, expect, it } from 'vitest';
import {
  ConnectionError,
  MalformedResponseError,
  ModelError,
  ResponseTooLargeError,
} from '../../src/index.ts';
import { BodyTooLarge } from '../../src/providers/bounded-fetch.ts';
import { toChat } from '../../src/providers/openai-protocol/chat-request.ts';
import { readCompletion, toResponse } from '../../src/providers/openai-protocol/read-completion.ts';
import { readStream } from '../../src/providers/openai-protocol/read-stream.ts';
import { sdkError } from '../../src/providers/sdk-error.ts';
import { eventBody } from './event-body.ts';

const choice = (message: unknown, rest: object = {}): object => ({
  choices: [{ index: 0, message, finish_reason: 'stop', ...rest }],
});

const piece = (delta: object, rest: object = {}): object => ({
  choices: [{ index: 0, delta, finish_reason: null, ...rest }],
});

describe('toChat', () => {
  it('puts the system prompt before the turns', () => {
    const messages = [{ role: 'user', content: 'Sum?' }] as const;
    expect(toChat('m', { prompt: 'Sum?', messages, system: 'Be terse.' })).toEqual({
      messages: [
        { role: 'system', content: 'Be terse.' },
        { role: 'user', content: 'Sum?' },
      ],
    });
    expect(toChat('m', { prompt: 'Sum?', messages })).toEqual({
      messages: [{ role: 'user', content: 'Sum?' }],
    });
  });

  it('asks for a JSON Schema of an object, and for no other', () => {
    const request = { prompt: '?', messages: [] };
    const answerSchema = {
      type: 'object',
      properties: { sum: { type: 'number' } },
      required: ['sum'],
      additionalProperties: false,
    };
    expect(toChat('m', { ...request, answerSchema }).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema: answerSchema, strict: true },
    });
    expect(toChat('m', { ...request, answerSchema: { type: 'number' } })).not.toHaveProperty(
      'response_format',
    );
  });
});

describe('readCompletion', () => {
  it('reads text, finish reason, usage and request id', () => {
    const usage = {
      prompt_tokens: 1200,
      completion_tokens: 310,
      prompt_tokens_details: { cached_tokens: 1024 },
      completion_tokens_details: { reasoning_tokens: 256 },
    };
    const served = { ...choice({ role: 'assistant', content: '391', refusal: null }), usage };
    expect(readCompletion('m', served, { requestId: 'req_1' })).toEqual({
      text: '391',
      finishReason: 'stop',
      requestId: 'req_1',
      usage: {
        inputTokens: 1200,
        cachedInputTokens: 1024,
        cacheWriteTokens: undefined,
        outputTokens: 310,
        reasoningTokens: 256,
      },
    });
  });

  it('takes the mean of the logarithms for the confidence', () => {
    const logprobs = {
      content: [
        { token: '39', logprob: -0.2 },
        { token: '1', logprob: -0.4 },
      ],
    };
    const response = readCompletion('m', choice({ content: '391' }, { logprobs }));
    expect(response.meanLogprob).toBeCloseTo(-0.3, 12);
    expect(response.confidence).toBeCloseTo(Math.exp(-0.3), 12);
    expect(response.confidenceSource).toBe('logprobs');
  });

  it.each([null, undefined, {}, { content: null }, { content: [] }, { content: [{ token: '3' }] }])(
    'makes no confidence of logprobs that are %j',
    (logprobs) => {
      const response = readCompletion('m', choice({ content: '391' }, { logprobs }));
      expect(response).not.toHaveProperty('confidence');
      expect(response).not.toHaveProperty('meanLogprob');
    },
  );

  it('shows a refusal, with what the model says about it', () => {
    const response = readCompletion('m', choice({ content: null, refusal: 'I cannot help with that.' }));
    expect(response).toMatchObject({ text: 'I cannot help with that.', finishReason: 'refusal' });
  });

  it.each([
    ['content_filter', 'content-filter'],
    ['tool_calls', 'tool-calls'],
    ['length', 'length'],
  ])('needs no text of a model that stopped for %s', (finish_reason, finishReason) => {
    const response = readCompletion('m', choice({ content: null }, { finish_reason }));
    expect(response).toMatchObject({ text: '', finishReason });
  });

  it('takes an empty text for what the model wrote', () => {
    expect(readCompletion('m', choice({ content: '' })).text).toBe('');
  });
});

describe('readStream', () => {
  const read = async (...chunks: readonly unknown[]): Promise<{ text: string; deltas: string[] }> => {
    const deltas: string[] = [];
    const completion = await readStream('m', {
      body: eventBody(...chunks),
      isFinishOptional: false,
      emit: (delta) => deltas.push(delta),
      close: () => undefined,
    });
    return { ...toResponse(completion, 'req_1'), deltas };
  };

  it('joins pieces, probabilities and the usage that comes last', async () => {
    const logprob = (value: number): object => ({ logprobs: { content: [{ token: '', logprob: value }] } });
    const response = await read(
      piece({ role: 'assistant', content: '' }),
      piece({ content: '39' }, logprob(-0.2)),
      piece({ content: '1' }, logprob(-0.4)),
      piece({}, { finish_reason: 'stop' }),
      { choices: [], usage: { prompt_tokens: 11, completion_tokens: 2 } },
    );
    expect(response).toMatchObject({
      text: '391',
      deltas: ['39', '1'],
      finishReason: 'stop',
      requestId: 'req_1',
      usage: { inputTokens: 11, outputTokens: 2 },
    });
    expect(Reflect.get(response, 'confidence')).toBeCloseTo(Math.exp(-0.3), 12);
  });

  it('passes over chunks without a choice', async () => {
    const filter = { choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
    const response = await read(filter, piece({ content: '391' }, { finish_reason: 'stop' }));
    expect(response.text).toBe('391');
  });

  it('refuses an end before the finish reason, in a way that can be tried again', async () => {
    const error = await read(piece({ content: '39' })).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MalformedResponseError);
    expect(error).toMatchObject({ isRetryable: true });
  });

  it.each([
    ['a piece that is a flag', piece({ content: true })],
    ['a refusal that is a list of flags', piece({ refusal: [true] })],
    ['a text outside of choices', { content: '4' }],
    ['a list of chunks', [piece({ content: '4' })]],
  ])('refuses %s', async (_what, chunk) => {
    await expect(read(chunk, piece({}, { finish_reason: 'stop' }))).rejects.toThrow(MalformedResponseError);
  });
});

describe('sdkError', () => {
  const thrown = (fields: object): Error =>
    Object.assign(new Error('prose'), { status: undefined, headers: undefined, error: undefined }, fields);

  it.each([
    ['rate_limit_error', 'RateLimitError', true],
    ['rate_limit_exceeded', 'RateLimitError', true],
    ['insufficient_quota', 'RateLimitError', false],
    ['overloaded_error', 'ProviderError', true],
    ['api_error', 'ProviderError', true],
    ['server_error', 'ProviderError', true],
    ['authentication_error', 'AuthenticationError', false],
    ['invalid_api_key', 'AuthenticationError', false],
    ['permission_error', 'AuthenticationError', false],
    ['invalid_request_error', 'InvalidRequestError', false],
    ['content_filter', 'InvalidRequestError', false],
    ['not_found_error', 'InvalidRequestError', false],
  ])('knows an error within a stream by its word, %s', (type, name, isRetryable) => {
    const error = sdkError('m', thrown({ error: { type: 'error', error: { type, message: 'prose' } } }));
    // The reply began with 200, so it may be billed.
    expect(error).toMatchObject({ name, isRetryable, status: 200, code: type });
    expect(error.message).toContain(`${type}, within a reply`);
    expect(error.costUsd).toBeUndefined();
    expect(error.message).not.toContain('prose');
  });

  it('obeys what the provider says about trying again', () => {
    const headers = (said: string): Headers => new Headers({ 'x-should-retry': said });
    expect(sdkError('m', thrown({ status: 503, headers: headers('false') })).isRetryable).toBe(false);
    expect(sdkError('m', thrown({ status: 429, headers: headers('true') })).isRetryable).toBe(true);
    expect(sdkError('m', thrown({ status: 429, headers: headers('maybe') })).isRetryable).toBe(true);
  });

  it('names the network failure that is behind an error', () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const error = sdkError('m', new TypeError('fetch failed', { cause }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(
      'm: the connection failed (ECONNREFUSED): check that the server is running, and "baseURL"',
    );
    expect(error.cause).toBeUndefined();
  });

  it('finds a body that was too large behind what the SDK makes of it', () => {
    const cause = new BodyTooLarge('more than 10 bytes');
    expect(sdkError('m', thrown({ cause }))).toBeInstanceOf(ResponseTooLargeError);
  });

  it('says no more of anything else than what it is', () => {
    expect(sdkError('m', new RangeError('prose')).message).toBe('m: the call failed with RangeError');
    expect(sdkError('m', 'prose')).toBeInstanceOf(ModelError);
    expect(sdkError('m', 'prose').message).not.toContain('prose');
  });
});
