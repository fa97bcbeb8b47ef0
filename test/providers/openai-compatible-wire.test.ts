import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isInterrupted, toFinishReason, unknownFinishReason } from '../../src/providers/finish-reason.ts';
import { errorCode, isExhausted } from '../../src/providers/openai-protocol/error-code.ts';
import { meanLogprob, tokensIn } from '../../src/providers/openai-protocol/mean-logprob.ts';
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
    expect(toUsage(served).usage).toEqual({
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
    expect(toUsage(served).usage).toMatchObject({ outputTokens: 205, reasoningTokens: 200 });
  });

  it("reads DeepSeek's word for cached tokens", () => {
    const served = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_cache_hit_tokens: 8,
      prompt_cache_miss_tokens: 2,
    };
    expect(toUsage(served).usage).toMatchObject({ inputTokens: 10, cachedInputTokens: 8 });
  });

  it('keeps 0 as 0', () => {
    expect(toUsage({ prompt_tokens: 0, completion_tokens: 0 }).usage).toMatchObject({
      inputTokens: 0,
      outputTokens: 0,
    });
  });

  it.each([[undefined], [null], [{}], [{ prompt_tokens: null, completion_tokens: null }], ['many'], [7]])(
    'is unknown where it is missing: %j',
    (served) => {
      expect(toUsage(served).usage).toBeUndefined();
    },
  );

  it.each([[-1], [1.5], [Number.NaN], ['12'], [1e300], [{}], [true]])(
    'is known but for a count of %j, and says so',
    (count) => {
      const details = { completion_tokens_details: { reasoning_tokens: count } };
      expect(toUsage({ prompt_tokens: count, completion_tokens: 1 })).toEqual({
        usage: { outputTokens: 1 },
        warnings: ['dropped "prompt_tokens" of the usage, which is not a number of tokens'],
      });
      expect(toUsage({ prompt_tokens: 1, completion_tokens: count }).usage).toEqual({ inputTokens: 1 });
      expect(toUsage({ prompt_tokens: 1, completion_tokens: 2, ...details })).toEqual({
        usage: { inputTokens: 1, outputTokens: 2 },
        warnings: ['dropped "reasoning_tokens" of the usage, which is not a number of tokens'],
      });
    },
  );

  it('keeps the totals if a part is above them, and says so', () => {
    const served = { prompt_tokens: 951, completion_tokens: 6000 };
    expect(toUsage({ ...served, completion_tokens_details: { reasoning_tokens: 6001 } })).toEqual({
      usage: { inputTokens: 951, outputTokens: 6000 },
      warnings: ['dropped the reasoning tokens of the usage, which are above its output'],
    });
    expect(toUsage({ ...served, prompt_tokens_details: { cached_tokens: 952 } })).toEqual({
      usage: { inputTokens: 951, outputTokens: 6000 },
      warnings: ['dropped the cached tokens of the usage, which are above its input'],
    });
  });

  it('adds what a server counts in its total alone, such as hidden reasoning', () => {
    const served = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 45 };
    expect(toUsage(served)).toEqual({ usage: { inputTokens: 10, outputTokens: 35 }, warnings: [] });
    expect(toUsage({ ...served, completion_tokens_details: { reasoning_tokens: 30 } })).toEqual({
      usage: { inputTokens: 10, outputTokens: 35, reasoningTokens: 30 },
      warnings: [],
    });
  });

  it('says if its total is below its parts', () => {
    const served = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 14 };
    expect(toUsage(served)).toEqual({
      usage: { inputTokens: 10, outputTokens: 5 },
      warnings: ['the total of the usage is below the sum of its input and output'],
    });
    expect(toUsage({ ...served, total_tokens: 15 }).warnings).toEqual([]);
    expect(toUsage({ ...served, total_tokens: null }).warnings).toEqual([]);
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
    // Other servers, and other spellings.
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
    ['Max-Tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['sensitive', 'content-filter'],
    ['SAFETY', 'content-filter'],
    ['Content Filter', 'content-filter'],
    ['STOP', 'stop'],
    ['FINISH_REASON_STOP', 'stop'],
    ['abort', 'other'],
    ['network_error', 'other'],
    ['insufficient_system_resource', 'other'],
    [null, undefined],
    [undefined, undefined],
    ['', undefined],
    [' ', undefined],
    ['null', undefined],
    ['None', undefined],
    ['FINISH_REASON_UNSPECIFIED', undefined],
    [false, undefined],
    [3, 'other'],
    [true, 'other'],
    [['stop'], 'stop'],
    [{}, 'other'],
  ])('%j is %j', (served, reason) => {
    expect(toFinishReason(served)).toBe(reason);
  });

  it('is named if it is an unknown word, and never if it may be a key', () => {
    expect(unknownFinishReason('something new')).toBe('something_new');
    for (const served of ['stop', '', null, 'sk-proj-7f3a9c1e5b', 'x'.repeat(41), '<b>', 'a\u0007b']) {
      expect(unknownFinishReason(served)).toBeUndefined();
    }
  });

  it.each(['error', 'abort', 'ABORT', 'network_error', 'insufficient_system_resource'])(
    'says with %j that the provider failed',
    (served) => {
      expect(isInterrupted(served)).toBe(true);
      expect(isInterrupted('stop')).toBe(false);
      expect(isInterrupted('something new')).toBe(false);
    },
  );
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
  const token = (text: string, logprob: unknown, bytes?: number[]): object => ({
    token: text,
    logprob,
    ...(bytes && { bytes }),
  });
  const meanOf = (served: unknown, text: string, isAlone = true) =>
    meanLogprob(tokensIn(served), text, isAlone);

  it('is that of all its tokens, over all pieces', () => {
    const pieces = [{ content: [token('a', -0.1), token('b', -0.3)] }, { content: [token('c', -0.2)] }];
    const { mean } = meanLogprob(pieces.flatMap(tokensIn), 'abc', true);
    expect(mean).toBeCloseTo(-0.2, 12);
  });

  it('is read from a list of numbers as well', () => {
    expect(meanOf({ tokens: ['a', 'b'], token_logprobs: [-1, -2] }, 'ab').mean).toBe(-1.5);
    expect(meanOf({ token_logprobs: [-1, -2] }, 'ab').mean).toBe(-1.5);
  });

  it.each<[string, object[], string, number | undefined]>([
    [
      'reasoning before it',
      [token('<think>', -9), token('42?', -9), token('</think>', -9), token('42', -1)],
      '42',
      -1,
    ],
    ['blanks around it', [token('hm', -9), token('\n\n4', -1), token('2', -3), token('\n', -9)], '42', -2],
    ['the names of tokens after it', [token('42', -1), token('<|im_end|>', -9), token('</s>', -9)], '42', -1],
    [
      'a character that is divided',
      [token('\\xf0\\x9f', -1, [0xf0, 0x9f]), token('\\xa6\\x8a', -3, [0xa6, 0x8a])],
      '🦊',
      -2,
    ],
    ['tokens of the reasoning alone', [token('42', -1), token(' or 43', -9)], '42', undefined],
    ['tokens of another text', [token('41', -1)], '42', undefined],
    ['an answer that is said twice', [token('42', -9), token('.', -9), token('42', -1)], '42', -1],
  ])('is of the tokens that spell the answer: %s', (_what, content, text, mean) => {
    expect(meanOf({ content }, text)).toEqual({ mean, isOdd: false });
  });

  it('is unknown without the texts of tokens, if the model wrote more than the answer', () => {
    expect(meanOf({ content: [{ logprob: -1 }] }, '42', true).mean).toBe(-1);
    expect(meanOf({ content: [{ logprob: -1 }] }, '42', false).mean).toBeUndefined();
  });

  it.each([[null], [undefined], [{}], [{ content: [] }]])('is missing where there is none: %j', (served) => {
    expect(meanOf(served, '42')).toEqual({ mean: undefined, isOdd: false });
  });

  it.each([[null], [undefined], ['-0.1'], [0.5], [Number.NaN], [Number.NEGATIVE_INFINITY], [{}]])(
    'is unknown if one of them is %j',
    (logprob) => {
      for (const [served, text] of [
        [{ content: [token('a', -0.1), token('b', logprob), token('a', -0.1)] }, 'aba'],
        [{ content: [{ logprob: -0.1 }, null] }, 'aba'],
        [{ token_logprobs: [-0.1, logprob] }, 'aba'],
      ] as const)
        expect(meanOf(served, text)).toEqual({ mean: undefined, isOdd: true });
    },
  );
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
