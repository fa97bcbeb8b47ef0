import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MalformedResponseError } from '../../src/domain/errors.ts';
import { toFinishReason } from '../../src/providers/finish-reason.ts';
import { errorCode, isExhausted } from '../../src/providers/openai-protocol/error-code.ts';
import { addLogprobs, meanLogprob } from '../../src/providers/openai-protocol/mean-logprob.ts';
import { responseFormat } from '../../src/providers/openai-protocol/response-format.ts';
import { toUsage } from '../../src/providers/openai-protocol/usage.ts';

describe('the usage of a chat completion', () => {
  it('keeps totals that include cached and reasoning tokens', () => {
    const served = {
      prompt_tokens: 194,
      completion_tokens: 120,
      total_tokens: 314,
      prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 100 },
    };
    expect(toUsage('m', served)).toEqual({
      inputTokens: 194,
      cachedInputTokens: 64,
      cacheWriteTokens: 100,
      outputTokens: 120,
      reasoningTokens: 100,
    });
  });

  it('adds the reasoning tokens if the server excludes them from the output', () => {
    const served = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 215,
      completion_tokens_details: { reasoning_tokens: 200 },
    };
    expect(toUsage('m', served)).toMatchObject({ outputTokens: 205, reasoningTokens: 200 });
  });

  it("reads DeepSeek's word for cached tokens", () => {
    const served = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_cache_hit_tokens: 8,
      prompt_cache_miss_tokens: 2,
    };
    expect(toUsage('m', served)).toMatchObject({ inputTokens: 10, cachedInputTokens: 8 });
  });

  it('keeps 0 as 0', () => {
    expect(toUsage('m', { prompt_tokens: 0, completion_tokens: 0 })).toMatchObject({
      inputTokens: 0,
      outputTokens: 0,
    });
  });

  it.each([[undefined], [null], [{}], [{ prompt_tokens: null, completion_tokens: null }], ['many'], [7]])(
    'is unknown where it is missing: %j',
    (served) => {
      expect(toUsage('m', served)).toBeUndefined();
    },
  );

  it.each([[-1], [1.5], [Number.NaN], ['12'], [1e300], [{}]])('is malformed with a count of %j', (count) => {
    expect(() => toUsage('m', { prompt_tokens: count, completion_tokens: 1 })).toThrow(
      MalformedResponseError,
    );
    expect(() => toUsage('m', { prompt_tokens: 1, completion_tokens: count })).toThrow(
      MalformedResponseError,
    );
    const completion_tokens_details = { reasoning_tokens: count };
    expect(() => toUsage('m', { prompt_tokens: 1, completion_tokens: 1, completion_tokens_details })).toThrow(
      MalformedResponseError,
    );
  });
});

describe('the finish reason of a chat completion', () => {
  it.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'tool-calls'],
    ['function_call', 'tool-calls'],
    ['something new', 'other'],
    ['constructor', 'other'],
    [null, undefined],
    [undefined, undefined],
    ['', undefined],
    [3, undefined],
  ])('%j is %j', (served, reason) => {
    expect(toFinishReason(served)).toBe(reason);
  });
});

describe('the code of a refusal', () => {
  it.each([
    [
      { error: { message: 'No.', type: 'invalid_request_error', code: 'model_not_found' } },
      'model_not_found',
    ],
    [{ error: { message: 'No.', type: 'invalid_request_error', code: null } }, 'invalid_request_error'],
    [{ error: { message: 'No.', code: 402 } }, '402'],
    [{ object: 'error', message: 'No.', type: 'NotFoundError', code: 404 }, '404'],
    [[{ error: { code: 'RESOURCE_EXHAUSTED' } }], 'RESOURCE_EXHAUSTED'],
    [{ error: 'model "x" not found' }, undefined],
    [{ error: { code: '' } }, undefined],
    ['<html>', undefined],
    [null, undefined],
  ])('of %j is %j', (body, code) => {
    expect(errorCode(body)).toBe(code);
  });

  it('tells when nothing is left to spend', () => {
    expect(isExhausted('insufficient_quota')).toBe(true);
    expect(isExhausted('rate_limit_exceeded')).toBe(false);
    expect(isExhausted(undefined)).toBe(false);
  });
});

describe('the mean logprob of a chat completion', () => {
  const none = { sum: 0, tokens: 0 };

  it('is that of all its tokens, over all pieces', () => {
    const first = addLogprobs(none, {
      content: [
        { token: 'a', logprob: -0.1 },
        { token: 'b', logprob: -0.3 },
      ],
    });
    const all = addLogprobs(first, { content: [{ token: 'c', logprob: -0.2 }] });
    expect(meanLogprob(all)).toBeCloseTo(-0.2, 12);
  });

  it('is read from a list of numbers as well', () => {
    expect(meanLogprob(addLogprobs(none, { tokens: ['a', 'b'], token_logprobs: [-1, -2] }))).toBe(-1.5);
  });

  it.each([
    [null],
    [undefined],
    [{}],
    [{ content: [] }],
    [{ content: [{ logprob: null }, { logprob: 0.5 }, null] }],
  ])('is missing where there is none: %j', (served) => {
    expect(meanLogprob(addLogprobs(none, served))).toBeUndefined();
  });
});

describe('the response format for a schema', () => {
  const formatOf = (schema: z.ZodType) => responseFormat(z.toJSONSchema(schema));

  it('is strict if every object is closed and requires all of its properties', () => {
    const schema = z.object({ answer: z.number(), steps: z.array(z.object({ text: z.string() })) });
    expect(formatOf(schema)?.json_schema).toMatchObject({ name: 'answer', strict: true });
  });

  it.each([
    ['a property that may be missing', z.object({ answer: z.number().optional() })],
    ['an open object', z.looseObject({ answer: z.number() })],
    ['an open object within', z.object({ inner: z.array(z.looseObject({ answer: z.number() })) })],
    ['a record', z.object({ inner: z.record(z.string(), z.number()) })],
    ['a keyword that strict schemas may not have', z.object({ answer: z.string().max(3) })],
  ])('is a guide for a schema with %s', (_what, schema) => {
    expect(formatOf(schema)?.json_schema.strict).toBe(false);
  });

  it('is absent for an answer that is not an object', () => {
    expect(formatOf(z.string())).toBeUndefined();
  });
});
