import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  MalformedResponseError,
  ProviderError,
  RateLimitError,
  ResponseTooLargeError,
} from '../../src/domain/errors.ts';
import { given } from '../../src/domain/given.ts';
import { internal } from '../../src/domain/internal.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { BodyTooLarge } from '../../src/providers/bounded-fetch.ts';
import { toFinishReason } from '../../src/providers/finish-reason.ts';
import { buildRequest } from '../../src/providers/google/build-request.ts';
import { convertUsage } from '../../src/providers/google/convert-usage.ts';
import { joinPieces, readPiece } from '../../src/providers/google/read-piece.ts';
import { refusalError } from '../../src/providers/google/refusal-error.ts';
import { toGoogleError } from '../../src/providers/google/to-error.ts';
import { toResponse } from '../../src/providers/google/to-response.ts';

const model = 'google/served';

describe('the tokens of a call', () => {
  it('count thoughts as written, and what is cached as read', () => {
    const { usage } = convertUsage({
      promptTokenCount: 1200,
      cachedContentTokenCount: 1024,
      candidatesTokenCount: 12,
      thoughtsTokenCount: 340,
      totalTokenCount: 1552,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 1200 }],
    });
    expect(usage).toEqual({
      inputTokens: 1200,
      cachedInputTokens: 1024,
      outputTokens: 352,
      reasoningTokens: 340,
    });
  });

  it('count the results of tools as read', () => {
    const { usage } = convertUsage({
      promptTokenCount: 10,
      toolUsePromptTokenCount: 90,
      candidatesTokenCount: 5,
      totalTokenCount: 105,
    });
    expect(usage).toMatchObject({ inputTokens: 100, outputTokens: 5 });
  });

  it('have those of audio and of images', () => {
    const { usage } = convertUsage({
      promptTokenCount: 100,
      toolUsePromptTokenCount: 20,
      candidatesTokenCount: 50,
      promptTokensDetails: [
        { modality: 'AUDIO', tokenCount: 60 },
        { modality: 'TEXT', tokenCount: 40 },
      ],
      toolUsePromptTokensDetails: [{ modality: 'AUDIO', tokenCount: 5 }],
      candidatesTokensDetails: [
        { modality: 'IMAGE', tokenCount: 30 },
        { modality: 'AUDIO', tokenCount: 10 },
      ],
    });
    expect(usage).toMatchObject({ audioInputTokens: 65, audioOutputTokens: 10, imageOutputTokens: 30 });
    const odd = convertUsage({
      promptTokenCount: 9,
      candidatesTokenCount: 1,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 10 }, null],
    });
    expect(odd).toMatchObject({
      usage: { audioInputTokens: undefined },
      warnings: [expect.stringContaining('above its input')],
    });
  });

  it('are those of thoughts alone if thoughts used up the limit', () => {
    const { usage } = convertUsage({ promptTokenCount: 9, thoughtsTokenCount: 64, totalTokenCount: 73 });
    expect(usage).toMatchObject({ inputTokens: 9, outputTokens: 64, reasoningTokens: 64 });
  });

  it('are 0 if the API omits a count of 0', () => {
    const { usage } = convertUsage({ promptTokenCount: 9, totalTokenCount: 9 });
    expect(usage).toMatchObject({ inputTokens: 9, outputTokens: 0 });
  });

  it('are unknown if the API reports none', () => {
    expect(convertUsage(undefined).usage).toBeUndefined();
    expect(convertUsage(null).usage).toBeUndefined();
    expect(convertUsage({}).usage).toBeUndefined();
    expect(convertUsage({ promptTokenCount: 9 }).usage).toMatchObject({
      inputTokens: 9,
      outputTokens: undefined,
    });
  });

  it.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY], ['12'], [true], [[]], [0.5]])(
    'are never %s, and what depends on it is unknown, with a warning',
    (tokens) => {
      const counts = { promptTokenCount: 9, candidatesTokenCount: 3, thoughtsTokenCount: 2 };
      const known = { inputTokens: 9, outputTokens: 5, reasoningTokens: 2 };
      for (const [name, left] of [
        ['promptTokenCount', { outputTokens: 5, reasoningTokens: 2 }],
        ['toolUsePromptTokenCount', { outputTokens: 5, reasoningTokens: 2 }],
        ['candidatesTokenCount', { inputTokens: 9, reasoningTokens: 2 }],
        ['thoughtsTokenCount', { inputTokens: 9 }],
        ['cachedContentTokenCount', known],
        ['totalTokenCount', known],
      ] as const) {
        const { usage, warnings } = convertUsage({ ...counts, [name]: tokens });
        expect(usage && given(usage)).toEqual(left);
        expect(warnings).toEqual([`dropped "${name}" of the usage, which is not a number of tokens`]);
      }
    },
  );
});

describe('a finish reason', () => {
  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', 'other'],
    ['LANGUAGE', 'other'],
    ['one of tomorrow', 'other'],
  ])('%s is told as %s', (theirs, ours) => {
    expect(toFinishReason(theirs)).toBe(ours);
  });

  it.each([undefined, null, '', false])('%j is none', (theirs) => {
    expect(toFinishReason(theirs)).toBeUndefined();
  });
});

describe('an answer', () => {
  const whole = {
    candidates: [
      {
        content: {
          role: 'model',
          parts: [{ text: 'Let me think.', thought: true }, { text: 'It is ' }, { text: '391.' }],
        },
        finishReason: 'STOP',
        avgLogprobs: -0.105360516,
      },
    ],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 6, totalTokenCount: 14 },
    modelVersion: 'served',
    responseId: 'r-1',
  };

  it('is the text of the first candidate, and apart from it the thoughts', () => {
    expect(toResponse(model, readPiece(model, whole), undefined)).toEqual({
      text: 'It is 391.',
      reasoning: 'Let me think.',
      finishReason: 'stop',
      requestId: 'r-1',
      [internal]: { metadata: { id: 'r-1', model: 'served' } },
      usage: expect.objectContaining({ inputTokens: 8, outputTokens: 6 }),
    });
  });

  it('has the calls of tools, and is finished by them', () => {
    const parts = [
      { functionCall: { id: 'a', name: 'look_up', args: { n: 1 } }, thoughtSignature: 's' },
      { functionCall: { name: 'look_up' } },
      { function_call: { id: '', name: 'look_up', args: null } },
      { executableCode: { code: 'print()' } },
      { functionCall: { id: 'b' } },
    ];
    const called = (finishReason: string) =>
      toResponse(model, readPiece(model, { candidates: [{ content: { parts }, finishReason }] }));
    expect(called('STOP')).toMatchObject({
      text: '',
      finishReason: 'tool-calls',
      toolCalls: [
        { toolCallId: 'a', toolName: 'look_up', input: { n: 1 } },
        { toolName: 'look_up', input: {} },
        { toolName: 'look_up', input: {} },
      ],
    });
    expect(called('MAX_TOKENS').finishReason).toBe('length');
    expect(called('MALFORMED_FUNCTION_CALL').finishReason).toBe('other');
  });

  it('has the calls and the thoughts of all pieces', () => {
    const event = (part: object) => readPiece(model, { candidates: [{ content: { parts: [part] } }] });
    const pieces = [
      { text: 'Let me ', thought: true },
      { text: 'think.', thought: true },
      { functionCall: { name: 'a' } },
      { text: 'So: ' },
      { functionCall: { name: 'b' } },
      { text: '4' },
    ].map(event);
    const { text, reasoning, toolCalls } = pieces.reduce(joinPieces);
    expect([text, reasoning, toolCalls.map(({ toolName }) => toolName)]).toEqual([
      'So: 4',
      'Let me think.',
      ['a', 'b'],
    ]);
  });

  it.each([
    [{ usageMetadata: { serviceTier: 'flex' } }, undefined, 'flex'],
    [{ usageMetadata: { serviceTier: 'standard' } }, 'flex', undefined],
    [{ usageMetadata: { trafficType: 'ON_DEMAND_PRIORITY' } }, undefined, 'priority'],
    [{ usageMetadata: { trafficType: 'ON_DEMAND' } }, 'flex', undefined],
    [{ sdkHttpResponse: { headers: { 'x-gemini-service-tier': 'priority' } } }, undefined, 'priority'],
    [{ sdkHttpResponse: { headers: { 'x-gemini-service-tier': 'standard' } } }, 'priority', undefined],
    [{}, 'flex', 'flex'],
    [{}, undefined, undefined],
  ])(
    'was served, by %j, with %s asked for, as %s',
    (reported: { usageMetadata?: object; sdkHttpResponse?: object }, asked, served) => {
      const { usageMetadata, ...rest } = reported;
      const usage = { promptTokenCount: 1, candidatesTokenCount: 1, ...usageMetadata };
      const piece = readPiece(model, {
        candidates: [{ content: { parts: [{ text: '4' }] } }],
        usageMetadata: usage,
        ...rest,
      });
      for (const parameters of [{ serviceTier: asked }, { service_tier: asked }])
        expect(toResponse(model, piece, { parameters }).usage?.serviceTier).toBe(served);
    },
  );

  it('has the confidence of its tokens if that was requested', () => {
    const { meanLogprob, confidence, confidenceSource } = toResponse(model, readPiece(model, whole), {
      confidence: 'logprobs',
    });
    expect(meanLogprob).toBe(-0.105360516);
    expect(confidence).toBeCloseTo(0.9, 6);
    expect(confidenceSource).toBe('logprobs');
  });

  it.each([undefined, null, 'NaN', 0.5, Number.NaN])(
    'has no confidence where the API says %j',
    (avgLogprobs) => {
      const candidates = [{ ...whole.candidates[0], avgLogprobs }];
      const response = toResponse(model, readPiece(model, { candidates }), { confidence: 'logprobs' });
      expect(response).not.toHaveProperty('confidence');
      expect(response).not.toHaveProperty('meanLogprob');
    },
  );

  it('is empty and visibly blocked if the prompt was blocked', () => {
    const piece = readPiece(model, {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
    });
    expect(piece.isAnswer).toBe(true);
    const blocked = toResponse(model, piece, undefined);
    expect(blocked).toMatchObject({ text: '', finishReason: 'content-filter' });
    expect(blocked.usage).toMatchObject({ inputTokens: 8, outputTokens: 0 });
  });

  it('counts if thoughts used up the limit, and not if the model stopped without a text', () => {
    const stopped = (finishReason: string) => ({
      candidates: [{ content: { role: 'model' }, finishReason }],
    });
    const cut = readPiece(model, stopped('MAX_TOKENS'));
    expect(cut.isAnswer).toBe(true);
    expect(toResponse(model, cut, undefined).finishReason).toBe('length');
    expect(readPiece(model, stopped('STOP')).isAnswer).toBe(false);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ candidates: null }],
    [{ candidates: [null] }],
    [{ candidates: 3 }],
  ])('is not in %j', (content) => {
    expect(readPiece(model, content)).toMatchObject({ text: '', isAnswer: false });
  });

  it('grows by its pieces, whose counts are running totals', () => {
    const event = (text: string, usage: object, rest: object = {}) =>
      readPiece(model, {
        candidates: [{ content: { parts: [{ text }] }, ...rest }],
        usageMetadata: usage,
        responseId: 'r-1',
      });
    const joined = [
      event('Pa', { promptTokenCount: 5, candidatesTokenCount: 1 }),
      event('ris', { promptTokenCount: 5, candidatesTokenCount: 2 }, { finishReason: 'STOP' }),
    ].reduce(joinPieces);
    const answer = toResponse(model, joined, undefined);
    expect(answer).toMatchObject({ text: 'Paris', finishReason: 'stop', requestId: 'r-1' });
    expect(answer.usage).toMatchObject({ inputTokens: 5, outputTokens: 2 });
  });
});

describe('a request', () => {
  it('sends no parameter that is not set', () => {
    expect(buildRequest(toRequest('Why?'), {})).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Why?' }] }],
      generationConfig: {},
    });
  });

  it('has the turns of the conversation, its system prompt, its schema and its parameters', () => {
    const answerSchema = { type: 'object', properties: { answer: { type: 'number' } } };
    const request = buildRequest(
      {
        ...toRequest({
          system: 'Be terse.',
          messages: [
            { role: 'user', content: 'Sums?' },
            { role: 'assistant', content: 'Gladly.' },
            { role: 'user', content: '1 + 1?' },
          ],
        }),
        answerSchema,
      },
      {
        temperature: 0,
        maxOutputTokens: 64,
        confidence: 'logprobs',
        generationConfig: { topK: 3, maxOutputTokens: 1, thinkingConfig: { thinkingBudget: 0 } },
      },
    );
    expect(request).toEqual({
      systemInstruction: { role: 'system', parts: [{ text: 'Be terse.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Sums?' }] },
        { role: 'model', parts: [{ text: 'Gladly.' }] },
        { role: 'user', parts: [{ text: '1 + 1?' }] },
      ],
      generationConfig: {
        topK: 3,
        thinkingConfig: { thinkingBudget: 0 },
        temperature: 0,
        maxOutputTokens: 64,
        responseLogprobs: true,
        responseMimeType: 'application/json',
        responseJsonSchema: answerSchema,
      },
    });
  });
});

describe('a refusal', () => {
  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '45.8379s' };
  const quota = (quotaId: string) => ({
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ quotaMetric: 'generate_content_free_tier_requests', quotaId }],
  });
  const exhausted = (...details: object[]) => ({
    error: { code: 429, message: 'You exceeded your current quota', status: 'RESOURCE_EXHAUSTED', details },
  });

  it('says when to try again, by its body', () => {
    const error = refusalError(model, {
      status: 429,
      body: exhausted(quota('GenerateRequestsPerMinutePerProject'), retryInfo),
    });
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ isRetryable: true, retryAfterMs: expect.closeTo(45_837.9), status: 429 });
    expect(error.message).toBe(
      `${model}: the rate limit is reached (429 RESOURCE_EXHAUSTED): set "rateLimit" or "retry"`,
    );
  });

  it('takes the retry hint from the headers if the body has none', () => {
    const error = refusalError(model, {
      status: 429,
      body: '',
      headers: new Headers({ 'retry-after': '3' }),
    });
    expect(error.retryAfterMs).toBe(3000);
  });

  it('is not retryable if the daily quota is used up, whatever the hint is', () => {
    const error = refusalError(model, {
      status: 429,
      body: exhausted(quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), retryInfo),
    });
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.isRetryable).toBe(false);
    expect(error.retryAfterMs).toBeUndefined();
  });

  it('is an AuthenticationError if the API answers a wrong key with 400', () => {
    const error = refusalError(model, {
      status: 400,
      body: {
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
          details: [
            { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'x' },
          ],
        },
      },
    });
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 400, isRetryable: false });
  });

  it('is read as text, in a list, and within the message of another', () => {
    const inner = JSON.stringify(exhausted(retryInfo));
    for (const body of [inner, `[${inner}]`, { error: { message: inner, status: 'Too Many Requests' } }]) {
      expect(refusalError(model, { status: 429, body })).toMatchObject({
        retryAfterMs: expect.closeTo(45_837.9),
      });
    }
  });

  it.each([undefined, null, '', 'x', '{"error":', '[]', {}, { error: null }, { error: { details: 3 } }])(
    'needs no more than its status, also with %j',
    (body) => {
      expect(refusalError(model, { status: 503, body })).toMatchObject({
        name: 'ProviderError',
        isRetryable: true,
      });
    },
  );

  it('reads a limited depth of messages within messages', () => {
    let body = JSON.stringify({ error: { message: 'x' } });
    for (let depth = 0; depth < 12; depth += 1) body = JSON.stringify({ error: { message: body } });
    expect(refusalError(model, { status: 400, body })).toBeInstanceOf(InvalidRequestError);
  });
});

describe('what the SDKs throw', () => {
  const fetchError = (status: number, errorDetails?: unknown) =>
    Object.assign(new Error('[GoogleGenerativeAI Error]: Error fetching from …: [400 Bad] key AIza…'), {
      status,
      errorDetails,
    });
  const apiError = (status: number, body: unknown, words = '') =>
    Object.assign(new Error(words + JSON.stringify(body)), { name: 'ApiError', status });
  const caused = (message: string, code: string) =>
    Object.assign(new TypeError(message), { cause: Object.assign(new Error('x'), { code }) });

  it.each([
    ['a status of the old SDK', fetchError(404), InvalidRequestError],
    ['a status with details', fetchError(429, [{ retryDelay: '2s' }]), RateLimitError],
    ['a status of the new SDK', apiError(503, { error: { status: 'UNAVAILABLE' } }), ProviderError],
    [
      'an error in a stream',
      apiError(500, { error: { code: 500 } }, 'got status: INTERNAL. '),
      ProviderError,
    ],
    ['a refused connection', caused('fetch failed', 'ECONNREFUSED'), ConnectionError],
    ['an unknown host', caused('fetch failed', 'ENOTFOUND'), ConnectionError],
    ['a bad certificate', caused('fetch failed', 'DEPTH_ZERO_SELF_SIGNED_CERT'), ConnectionError],
    ['a body that broke off', caused('terminated', 'UND_ERR_SOCKET'), ConnectionError],
    ['a browser offline', new TypeError('Failed to fetch'), ConnectionError],
    [
      'a connection of the old SDK',
      new Error('[GoogleGenerativeAI Error]: Error fetching from http://x: fetch failed'),
      ConnectionError,
    ],
    [
      'a stream of the old SDK that broke off',
      new Error('[GoogleGenerativeAI Error]: Error reading from the stream'),
      ConnectionError,
    ],
    [
      'a web page',
      new SyntaxError(`Unexpected token '<', "<html>fetch" is not valid JSON`),
      MalformedResponseError,
    ],
    ['null', new TypeError('Cannot set properties of null'), MalformedResponseError],
    [
      'an event that is cut',
      new Error('[GoogleGenerativeAI Error]: Error parsing JSON response: "{"'),
      MalformedResponseError,
    ],
    ['a body beyond the cap', new BodyTooLarge('more than 3 bytes'), ResponseTooLargeError],
  ])('is typed: %s', (_what, thrown, type) => {
    const error = toGoogleError(model, thrown);
    expect(error).toBeInstanceOf(type);
    expect(error.cause).toBeUndefined();
    expect(error.isRetryable).toBe(
      [ProviderError, ConnectionError, RateLimitError].some((one) => one === type),
    );
  });

  it.each(['Incomplete JSON segment at the end', '[GoogleGenerativeAI Error]: Failed to parse stream'])(
    'is a stream that was cut, which another attempt may complete: %s',
    (message) => {
      expect(toGoogleError(model, new Error(message))).toMatchObject({
        name: 'MalformedResponseError',
        isRetryable: true,
      });
    },
  );

  it('names the hint and the code of the system, and repeats no prose', () => {
    expect(toGoogleError(model, fetchError(429, [{ retryDelay: '2s' }])).retryAfterMs).toBe(2000);
    expect(toGoogleError(model, caused('fetch failed', 'ECONNREFUSED')).message).toBe(
      `${model}: the connection failed (ECONNREFUSED): check that the server is running, and "baseURL"`,
    );
    for (const thrown of [
      fetchError(400),
      apiError(400, { error: { message: 'key AIza…', status: 'your key AIza…' } }),
      new Error('something with AIza…'),
      'AIza…',
    ]) {
      expect(toGoogleError(model, thrown).message).not.toContain('AIza');
    }
  });
});
