import fc from 'fast-check';
import OpenAI, { AzureOpenAI } from 'openai';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Model, ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import { providerMetadata, providerWarnings } from '../../src/domain/provider-report.ts';
import type { Query } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble } from '../../src/ensemble.ts';
import { ConfigError } from '../../src/index.ts';
import { type OpenAIOptions, openai } from '../../src/providers/openai.ts';
import { type OpenAICompatibleOptions, openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openaiResponses } from '../../src/testing/dialects/openai-responses.ts';
import type { ServedAnswer } from '../../src/testing/dialects/wire-dialect.ts';

type Options = Pick<
  OpenAIOptions & OpenAICompatibleOptions,
  'temperature' | 'maxOutputTokens' | 'confidence'
>;

const api = 'responses';

const PROVIDERS: Readonly<Record<string, (fetch: typeof globalThis.fetch, options?: Options) => Model>> = {
  openai: (fetch, options) =>
    openai('m', { ...options, api, client: new OpenAI({ apiKey: 'a key', fetch }) }),
  openaiCompatible: (fetch, options) =>
    openaiCompatible('m', { ...options, api, baseURL: 'http://localhost/v1', fetch }),
};

const message = (text: string, rest: object = {}) => ({
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
  ...rest,
});
const summary = (...texts: readonly string[]) => ({
  type: 'reasoning',
  summary: texts.map((text) => ({ type: 'summary_text', text })),
});
const call = (name: string, input: string, rest: object = {}) => ({
  type: 'function_call',
  id: `fc_${name}`,
  call_id: `call_${name}`,
  name,
  arguments: input,
  status: 'completed',
  ...rest,
});
const response = (output: readonly unknown[] | undefined, rest: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  model: 'served',
  status: 'completed',
  output,
  ...rest,
});

const cut = { status: 'incomplete' };
const incomplete = (reason: string) => ({ ...cut, incomplete_details: { reason } });

describe.each(Object.entries(PROVIDERS))('the Responses API by %s', (_name, create) => {
  const requests: { readonly url: string; readonly body: Record<string, unknown> }[] = [];

  const served = (body: BodyInit, type: string, options?: Options): Model =>
    create(async (url, init) => {
      requests.push({ url: String(url), body: JSON.parse(String(init?.body)) });
      return new Response(body, { headers: { 'content-type': type } });
    }, options);

  const read = async (body: unknown, query: Query = '?', options?: Options): Promise<ModelResponse> => {
    const model = served(JSON.stringify(body), 'application/json', options);
    return (await lastValueFrom(model.call(toRequest(query)))) as ModelResponse;
  };

  const failure = (reading: Promise<unknown>): Promise<unknown> =>
    reading.then(
      (answer) => expect.fail(`answered ${JSON.stringify(answer)}`),
      (error: unknown) => error,
    );

  const sent = async (query: Query, options?: Options): Promise<Record<string, unknown>> => {
    await read(response([message('4')]), query, options);
    return requests.at(-1)?.body ?? {};
  };

  interface Streamed {
    readonly answer: ModelResponse;
    readonly pieces: readonly ModelDelta[];
  }

  const stream = async (...events: readonly (object | string)[]): Promise<Streamed> => {
    const body = events
      .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
      .join('');
    const request = { ...toRequest('?'), wantsDeltas: true };
    const heard = await lastValueFrom(served(body, 'text/event-stream').call(request).pipe(toArray()));
    return { answer: heard.at(-1) as ModelResponse, pieces: heard.slice(0, -1) as ModelDelta[] };
  };

  const added = (output_index: number, item: object) => ({
    type: 'response.output_item.added',
    output_index,
    item,
  });
  const textDelta = (delta: string, output_index = 0) => ({
    type: 'response.output_text.delta',
    output_index,
    content_index: 0,
    delta,
  });
  const completed = (output: readonly unknown[] | undefined, rest: object = {}) => ({
    type: 'response.completed',
    response: response(output, rest),
  });

  describe('sends', () => {
    it('one request to /responses that is not stored, with nothing that was not set', async () => {
      expect(await sent('What is 2 + 2?')).toStrictEqual({
        model: 'm',
        store: false,
        input: [{ role: 'user', content: 'What is 2 + 2?' }],
      });
      expect(requests.at(-1)?.url).toMatch(/\/v1\/responses$/);
    });

    it('the instructions, the turns and the settings, of which the smallest limit holds', async () => {
      const query: Query = {
        system: 'Be terse.',
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
          { role: 'user', content: [{ type: 'text', text: '2 + 2?' }] },
        ],
        settings: { maxOutputTokens: 90, temperature: 0.5, topP: 0.9, reasoningEffort: 'low' },
      };
      expect(await sent(query, { maxOutputTokens: 70, temperature: 1 })).toStrictEqual({
        model: 'm',
        store: false,
        instructions: 'Be terse.',
        input: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello' },
          { role: 'user', content: [{ type: 'input_text', text: '2 + 2?' }] },
        ],
        max_output_tokens: 70,
        temperature: 0.5,
        top_p: 0.9,
        reasoning: { effort: 'low' },
      });
      expect(
        await sent({ ...query, settings: { maxOutputTokens: 30 } }, { maxOutputTokens: 70 }),
      ).toMatchObject({
        max_output_tokens: 30,
      });
    });

    it('files by their content with a name, or by their URL without one', async () => {
      const file = { type: 'file', data: new Uint8Array([1, 2, 3]) } as const;
      const { input } = await sent({
        messages: [
          {
            role: 'user',
            content: [
              { ...file, mediaType: 'application/pdf' },
              { ...file, mediaType: 'text/plain', filename: 'notes.md' },
              { type: 'file', mediaType: 'application/pdf', data: 'https://files.example/a.pdf' },
              { type: 'image', image: 'https://files.example/a.png' },
            ],
          },
        ],
      });
      expect(input).toStrictEqual([
        {
          role: 'user',
          content: [
            { type: 'input_file', filename: 'file.pdf', file_data: 'data:application/pdf;base64,AQID' },
            { type: 'input_file', filename: 'notes.md', file_data: 'data:text/plain;base64,AQID' },
            { type: 'input_file', file_url: 'https://files.example/a.pdf' },
            { type: 'input_image', image_url: 'https://files.example/a.png', detail: 'auto' },
          ],
        },
      ]);
    });

    it('no file in a message of the assistant, which the API refuses', async () => {
      const before = requests.length;
      const image = { type: 'file', mediaType: 'image/png', data: 'AQID' } as const;
      const query: Query = {
        messages: [
          { role: 'assistant', content: [image] },
          { role: 'user', content: 'What is that?' },
        ],
      };
      const error = await failure(read(response([message('4')]), query));
      expect(error).toMatchObject({ name: 'InvalidRequestError', isRetryable: false, costUsd: 0 });
      expect(requests).toHaveLength(before);
    });

    it('calls of earlier turns with their arguments as JSON, also if they are broken, and their results', async () => {
      const { input } = await sent({
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'tool-call', toolCallId: 'a', toolName: 'shop.open', input: { day: 1 } },
              { type: 'tool-call', toolCallId: 'b', toolName: 'find', input: '{"day":' },
            ],
          },
          {
            role: 'tool',
            content: [
              {
                type: 'tool-result',
                toolCallId: 'a',
                toolName: 'shop.open',
                output: { type: 'json', value: [1] },
              },
              {
                type: 'tool-result',
                toolCallId: 'b',
                toolName: 'find',
                output: { type: 'error-text', value: 'No' },
              },
            ],
          },
          { role: 'user', content: '?' },
        ],
      });
      expect(input).toStrictEqual([
        { type: 'function_call', call_id: 'a', name: 'shop_open', arguments: '{"day":1}' },
        { type: 'function_call', call_id: 'b', name: 'find', arguments: '{"day":' },
        { type: 'function_call_output', call_id: 'a', output: '[1]' },
        { type: 'function_call_output', call_id: 'b', output: 'No' },
        { role: 'user', content: '?' },
      ]);
    });

    it('a tool as strict only if its schema is', async () => {
      const properties = { day: { type: 'string' } };
      const { tools, tool_choice } = await sent({
        messages: [{ role: 'user', content: '?' }],
        tools: {
          'shop.open': { inputSchema: { type: 'object', properties } },
          close: {
            description: 'Closes',
            inputSchema: { type: 'object', properties, required: ['day'], additionalProperties: false },
          },
        },
        toolChoice: { type: 'tool', toolName: 'shop.open' },
      });
      expect(tools).toMatchObject([
        { type: 'function', name: 'shop_open', strict: false, parameters: { type: 'object', properties } },
        { type: 'function', name: 'close', strict: true, description: 'Closes' },
      ]);
      expect(tool_choice).toStrictEqual({ type: 'function', name: 'shop_open' });
    });

    it('the schema of an answer as the format of the text', async () => {
      const answerSchema = {
        type: 'object',
        properties: { sum: { type: 'number' } },
        required: ['sum'],
        additionalProperties: false,
      };
      const model = served(JSON.stringify(response([message('{"sum":4}')])), 'application/json');
      await lastValueFrom(model.call({ ...toRequest('?'), answerSchema }));
      expect(requests.at(-1)?.body.text).toStrictEqual({
        format: { type: 'json_schema', name: 'answer', schema: answerSchema, strict: true },
      });
    });

    it('a wish for token probabilities', async () => {
      expect((await sent('?', { confidence: 'logprobs' })).include).toStrictEqual([
        'message.output_text.logprobs',
      ]);
    });
  });

  describe('reads', () => {
    it('texts, the reasoning, the usage with its parts and the tier', async () => {
      const usage = {
        input_tokens: 1200,
        input_tokens_details: {
          cached_tokens: 1000,
          cache_write_tokens: 150,
          cache_write_tokens_details: { ttl_30m_tokens: 100, ttl_12h_tokens: 50 },
        },
        output_tokens: 310,
        output_tokens_details: { reasoning_tokens: 256 },
        total_tokens: 1510,
      };
      const output = [summary('First.', 'Second.'), message('39'), { type: 'web_search_call' }, message('1')];
      const answer = await read(response(output, { usage, service_tier: 'flex' }));
      expect(answer).toMatchObject({
        text: '391',
        reasoning: 'First.\n\nSecond.',
        finishReason: 'stop',
        requestId: 'resp_1',
        usage: {
          inputTokens: 1200,
          cachedInputTokens: 1000,
          cacheWriteTokens: 150,
          longCacheWriteTokens: 50,
          outputTokens: 310,
          reasoningTokens: 256,
          serviceTier: 'flex',
        },
      });
      expect(providerMetadata(answer)).toStrictEqual({ id: 'resp_1', model: 'served' });
      expect(answer).not.toHaveProperty('toolCalls');
    });

    it('the reasoning that an open model shows, if there is no summary', async () => {
      const item = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] };
      expect((await read(response([item, message('4')]))).reasoning).toBe('Hm.');
    });

    it('commentary as reasoning, and not as the answer', async () => {
      const output = [
        message('Let me see.', { phase: 'commentary' }),
        message('4', { phase: 'final_answer' }),
      ];
      expect(await read(response(output))).toMatchObject({ text: '4', reasoning: 'Let me see.' });
    });

    it('a refusal, alone and after a text', async () => {
      const refusal = { type: 'refusal', refusal: 'No.' };
      expect(await read(response([message('', { content: [refusal] })]))).toMatchObject({
        text: 'No.',
        finishReason: 'refusal',
      });
      const parts = [{ type: 'output_text', text: 'Well, ' }, refusal];
      expect(await read(response([message('', { content: parts })]))).toMatchObject({
        text: 'Well, No.',
        finishReason: 'refusal',
      });
    });

    it('calls of tools, with arguments that are broken as a text', async () => {
      const output = [message('I look.'), call('find', '{"name":"Ada"}'), call('find', '{"name":')];
      expect(await read(response(output))).toMatchObject({
        text: 'I look.',
        finishReason: 'tool-calls',
        toolCalls: [
          { toolCallId: 'call_find', toolName: 'find', input: { name: 'Ada' } },
          { toolCallId: 'call_find', toolName: 'find', input: '{"name":' },
        ],
      });
    });

    it.each<readonly [what: string, body: object, end: readonly [finishReason: string, word?: string]]>([
      ['max_output_tokens', incomplete('max_output_tokens'), ['length']],
      ['content_filter', incomplete('content_filter'), ['content-filter']],
      ['another reason', incomplete('steered'), ['other', 'steered']],
      ['no reason', { status: 'incomplete', incomplete_details: null }, ['other', 'incomplete']],
      [
        'a reason in spite of its status',
        { ...incomplete('max_output_tokens'), status: 'completed' },
        ['length'],
      ],
      ['an item that is cut', { output: [message('It is', cut)] }, ['other', 'incomplete']],
      ['a call that is cut', { output: [call('find', '{"na', cut)] }, ['other', 'incomplete']],
      ['work in the background', { status: 'in_progress', output: [] }, ['other', 'in_progress']],
    ])('an answer that is not finished: %s', async (_what, body, [finishReason, word]) => {
      const answer = await read(response([message('It is')], body));
      expect(answer.finishReason).toBe(finishReason);
      expect(providerMetadata(answer)?.finishReason).toBe(word);
    });

    it.each<readonly [code: string | undefined, name: string, isRetryable: boolean]>([
      ['server_error', 'ProviderError', true],
      ['rate_limit_exceeded', 'RateLimitError', true],
      ['invalid_prompt', 'InvalidRequestError', false],
      ['image_content_policy_violation', 'InvalidRequestError', false],
      ['bio_policy', 'InvalidRequestError', false],
      ['misalignment_policy_violation', 'InvalidRequestError', false],
      [undefined, 'ProviderError', true],
    ])('a response that failed as its error: %s', async (code, name, isRetryable) => {
      const body = response([message('It is')], {
        status: 'failed',
        error: code === undefined ? null : { code, message: 'secret' },
      });
      const expected = { name, isRetryable, status: 200, message: expect.not.stringContaining('secret') };
      expect(await failure(read(body))).toMatchObject(expected);
      expect(
        await failure(stream(textDelta('It'), { type: 'response.failed', response: body })),
      ).toMatchObject(expected);
    });

    it('a response that was cancelled as a failure', async () => {
      expect(await failure(read(response([message('It is')], { status: 'cancelled' })))).toMatchObject({
        name: 'ProviderError',
        isRetryable: true,
      });
    });

    it('an empty answer, if it is paid for or the model wrote it', async () => {
      const usage = { input_tokens: 9, output_tokens: 5, total_tokens: 14 };
      for (const body of [
        response([], { usage }),
        response([message('')]),
        response([summary('Hm.')]),
        response([], incomplete('max_output_tokens')),
      ])
        expect((await read(body)).text).toBe('');
    });

    it('the confidence from the probabilities of the tokens of its text, in one piece and streamed', async () => {
      const logprobs = [
        { token: '39', logprob: -0.2 },
        { token: '1', logprob: -0.4 },
      ];
      const part = { type: 'output_text', text: '391', logprobs };
      const answer = await read(response([message('', { content: [part] })]));
      expect(answer.meanLogprob).toBeCloseTo(-0.3, 12);
      expect(answer.confidenceSource).toBe('logprobs');
      const streamed = await stream(
        { ...textDelta('39'), logprobs: logprobs.slice(0, 1) },
        { ...textDelta('1'), logprobs: logprobs.slice(1) },
        completed(undefined),
      );
      expect(streamed.answer.meanLogprob).toBeCloseTo(-0.3, 12);
    });

    it('no confidence of a text next to calls, nor of probabilities that cannot be read', async () => {
      const part = (logprob: unknown) => ({ type: 'output_text', text: '4', logprobs: [{ logprob }] });
      const withCall = [message('', { content: [part(-0.1)] }), call('find', '{}')];
      expect(await read(response(withCall))).not.toHaveProperty('confidence');
      const odd = await read(response([message('', { content: [part('?')] })]));
      expect(odd).not.toHaveProperty('confidence');
      expect(providerWarnings(odd)).toHaveLength(1);
    });
  });

  describe('streams', () => {
    it('an answer whose last event has no output, as some servers write it', async () => {
      const usage = { input_tokens: 9, output_tokens: 5, total_tokens: 14 };
      for (const output of [undefined, [], [summary('Hm.')]]) {
        const { answer, pieces } = await stream(
          added(0, { type: 'reasoning', summary: [] }),
          { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: 'Hm.' },
          added(1, { ...message(''), content: [] }),
          textDelta('39', 1),
          textDelta('1', 1),
          added(2, call('find', '')),
          { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"a":' },
          { type: 'response.function_call_arguments.delta', output_index: 2, delta: '1}' },
          completed(output, { usage }),
        );
        expect(answer).toMatchObject({
          text: '391',
          reasoning: 'Hm.',
          toolCalls: [{ toolCallId: 'call_find', toolName: 'find', input: { a: 1 } }],
          finishReason: 'tool-calls',
          usage: { inputTokens: 9, outputTokens: 5 },
        });
        expect(pieces).toStrictEqual([
          { delta: 'Hm.', kind: 'reasoning' },
          { delta: '39' },
          { delta: '1' },
          { delta: '{"a":', kind: 'tool-input', toolCallId: 'call_find', toolName: 'find' },
          { delta: '1}', kind: 'tool-input', toolCallId: 'call_find', toolName: 'find' },
        ]);
      }
    });

    it('an answer without the events of its items, and with those that are not known', async () => {
      const { answer, pieces } = await stream(
        { type: 'response.created', response: response([], { status: 'in_progress' }) },
        { type: 'ping' },
        {},
        textDelta('39'),
        { type: 'response.rate_limits.updated' },
        textDelta('1'),
        completed([message('391')]),
        textDelta('?'),
      );
      expect(answer).toMatchObject({ text: '391', finishReason: 'stop' });
      expect(pieces.map(({ delta }) => delta)).toStrictEqual(['39', '1']);
    });

    it('a refusal and commentary as what they are', async () => {
      const refused = await stream(
        { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No.' },
        completed(undefined),
      );
      expect(refused.answer).toMatchObject({ text: 'No.', finishReason: 'refusal' });
      expect(refused.pieces).toStrictEqual([{ delta: 'No.' }]);
      const commented = await stream(
        added(0, message('', { phase: 'commentary', content: [] })),
        textDelta('Let me see.', 0),
        added(1, message('', { content: [] })),
        textDelta('4', 1),
        completed(undefined),
      );
      expect(commented.answer).toMatchObject({ text: '4', reasoning: 'Let me see.' });
      expect(commented.pieces).toStrictEqual([{ delta: 'Let me see.', kind: 'reasoning' }, { delta: '4' }]);
    });

    it('reasoning at the head of a text, as local models write it, apart from the text', async () => {
      const written = '<think>Two and two.</think>\n\n4';
      for (const length of [1, 3, 7, 100]) {
        const pieces = written.match(new RegExp(`.{1,${length}}`, 'gs')) ?? [];
        const events = pieces.map((delta) => textDelta(delta));
        const { answer, pieces: emitted } = await stream(...events, completed([message(written)]));
        expect(answer).toMatchObject({ text: '4', reasoning: 'Two and two.' });
        const of = (kind: ModelDelta['kind']): string =>
          emitted.flatMap((piece) => (piece.kind === kind ? [piece.delta] : [])).join('');
        expect([of('reasoning'), of(undefined)]).toStrictEqual(['Two and two.', '4']);
      }
    });

    it('the same reasoning in pieces as in the answer, whatever its parts', async () => {
      const word = fc.stringMatching(/^[a-z ]{1,6}$/);
      const parts = fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(parts, async (texts) => {
          const item = summary(...texts.map((pieces) => pieces.join('')));
          const deltas = texts.flatMap((pieces, summary_index) =>
            pieces.map((delta) => ({
              type: 'response.reasoning_summary_text.delta',
              output_index: 0,
              summary_index,
              delta,
            })),
          );
          const { answer, pieces } = await stream(...deltas, completed([item, message('4')]));
          expect(pieces.map(({ delta }) => delta).join('')).toBe(answer.reasoning);
        }),
        { numRuns: 50, seed: 15 },
      );
    });

    it('the same response as in one piece, with and without the output in the last event', async () => {
      const written = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
      const toolCalls = fc.array(
        fc.record({
          toolCallId: fc.uuid(),
          toolName: fc.constantFrom('find', 'count'),
          input: fc.oneof(
            fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
            fc.constant('{"broken":'),
          ),
        }),
        { minLength: 1, maxLength: 3 },
      );
      const answers = fc.record(
        {
          text: written,
          reasoning: written,
          toolCalls,
          finishReason: fc.constantFrom('stop', 'length', 'content-filter', 'refusal'),
          usage: fc.constant({ inputTokens: 11, outputTokens: 7 }),
        },
        { requiredKeys: ['text'] },
      );
      await fc.assert(
        fc.asyncProperty(answers, fc.boolean(), async (given, keepsOutput) => {
          const answer = given as ServedAnswer;
          const events = openaiResponses.events(answer).map(({ data }) => {
            const event = JSON.parse(data) as { readonly type: string; readonly response?: object };
            return event.response === undefined || keepsOutput
              ? event
              : { ...event, response: { ...event.response, output: [] } };
          });
          expect((await stream(...events)).answer).toStrictEqual(await read(openaiResponses.answer(answer)));
        }),
        { numRuns: 100, seed: 15 },
      );
    });

    it.each<readonly [what: string, events: readonly (object | string)[]]>([
      ['ends', [textDelta('391')]],
      ['ends with [DONE]', [textDelta('391'), '[DONE]']],
      [
        'ends with its items done',
        [{ type: 'response.output_item.done', output_index: 0, item: message('391') }],
      ],
    ])('no answer that %s before its last event', async (_what, events) => {
      expect(await failure(stream(...events))).toMatchObject({
        name: 'MalformedResponseError',
        isRetryable: true,
      });
    });

    it('[DONE] after the last event', async () => {
      expect((await stream(textDelta('4'), completed([message('4')]), '[DONE]')).answer.text).toBe('4');
    });

    it('the reasoning that only the stream has, or only the last event', async () => {
      const reasoned = {
        type: 'response.reasoning_text.delta',
        output_index: 0,
        content_index: 0,
        delta: 'Hm.',
      };
      const streamed = await stream(reasoned, textDelta('4', 1), completed([message('4')]));
      expect(streamed.answer).toMatchObject({ text: '4', reasoning: 'Hm.' });
      expect((await stream(completed([summary('Hm.')]))).answer).toMatchObject({
        text: '',
        reasoning: 'Hm.',
      });
    });

    it.each<readonly [type: string, status: string | null, end: string]>([
      ['response.completed', 'in_progress', 'stop'],
      ['response.completed', null, 'stop'],
      ['response.done', 'completed', 'stop'],
      ['response.completed', 'incomplete', 'other'],
      ['response.incomplete', 'completed', 'other'],
      ['response.incomplete', null, 'other'],
    ])('the end by the name of the last event or by its status: %s, %s', async (type, status, end) => {
      const last = { type, response: response([message('4')], { status }) };
      expect((await stream(textDelta('4'), last)).answer).toMatchObject({ text: '4', finishReason: end });
    });

    it('nothing of events that are named like members of objects', async () => {
      const { pieces } = await stream(
        { type: 'constructor', delta: '?' },
        { type: 'toString', delta: '?' },
        completed([message('4')]),
      );
      expect(pieces).toStrictEqual([]);
    });

    it('the reason of an answer that is cut', async () => {
      const { answer } = await stream(textDelta('It'), {
        type: 'response.incomplete',
        response: response([message('It')], incomplete('max_output_tokens')),
      });
      expect(answer).toMatchObject({ text: 'It', finishReason: 'length' });
    });

    it.each<readonly [what: string, event: object, name: string]>([
      ['with its code', { type: 'error', code: 'rate_limit_exceeded', message: 'secret' }, 'RateLimitError'],
      ['within an object', { type: 'error', error: { code: 'rate_limit_exceeded' } }, 'RateLimitError'],
      ['of a proxy', { error: { type: 'overloaded_error', message: 'secret' } }, 'ProviderError'],
      ['without a code', { type: 'error', code: null, message: 'secret' }, 'ProviderError'],
    ])('an error %s as a typed error', async (_what, event, name) => {
      expect(await failure(stream(textDelta('391'), event, completed([message('391')])))).toMatchObject({
        name,
        message: expect.not.stringContaining('secret'),
      });
    });

    it('no chat completion', async () => {
      const chunk = { choices: [{ index: 0, delta: { content: '391' }, finish_reason: 'stop' }] };
      expect(await failure(stream(chunk, '[DONE]'))).toMatchObject({
        name: 'MalformedResponseError',
        isRetryable: false,
      });
    });
  });

  it('warns of a setting that the model refuses while it reasons, unless its options turn that off', async () => {
    const warnings = await Promise.all(
      ['low', 'none'].map(async (effort) => {
        const model = openaiCompatible('gpt-5.1', {
          api,
          baseURL: 'http://localhost/v1',
          parameters: { reasoning: { effort } },
          fetch: async () => Response.json(response([message('4')])),
        });
        const query = { messages: [{ role: 'user', content: '?' }], settings: { temperature: 0.5 } } as const;
        return (await createEnsemble({ models: [model] }).predict(query)).outcomes[0]?.warning;
      }),
    );
    expect(warnings).toStrictEqual([expect.stringContaining('"temperature"'), undefined]);
  });

  it('leaves out the settings that the API does not have, with a warning each', async () => {
    const model = served(JSON.stringify(response([message('4')])), 'application/json');
    const { outcomes } = await createEnsemble({ models: [model] }).predict({
      messages: [{ role: 'user', content: '?' }],
      settings: { seed: 7, stopSequences: ['.'], topP: 0.5 },
    });
    expect(requests.at(-1)?.body).not.toHaveProperty('seed');
    expect(outcomes[0]?.warning).toMatch(/"seed".*"stopSequences"/s);
    expect(outcomes[0]?.warning).not.toContain('topP');
  });
});

describe('the API of a model', () => {
  const urlOf = async (create: (fetch: typeof globalThis.fetch) => Model): Promise<string> => {
    let asked = '';
    const model = create(async (url) => {
      asked = String(url);
      return Response.json(response([message('4')]));
    });
    await lastValueFrom(model.call(toRequest('?'))).catch(() => undefined);
    return asked;
  };

  it.each([
    ...[
      'o1-pro',
      'o3-pro-2025-06-10',
      'gpt-5-pro',
      'gpt-5.2-pro-2025-12-11',
      'gpt-5-codex',
      'gpt-5.1-codex-max',
    ],
    ...['codex-mini-latest', 'o3-deep-research', 'o4-mini-deep-research-2025-06-26', 'computer-use-preview'],
  ])('is the Responses API for %s, which has no other', async (name) => {
    const apiKey = 'a key';
    expect(await urlOf((fetch) => openai(name, { client: new OpenAI({ apiKey, fetch }) }))).toMatch(
      /\/responses$/,
    );
    expect(await urlOf((fetch) => openaiCompatible(name, { preset: 'openai', apiKey, fetch }))).toBe(
      'https://api.openai.com/v1/responses',
    );
    expect(await urlOf((fetch) => openaiCompatible(name, { preset: 'openrouter', apiKey, fetch }))).toMatch(
      /\/chat\/completions$/,
    );
  });

  it.each([
    'gpt-6-luna',
    'gpt-5',
    'gpt-4o-mini',
    'o3',
    'o4-mini',
    'my-prototype',
    'gpt-6-process',
    'ft:gpt-4o:acme',
  ])('is chat completions for %s', async (name) => {
    const client = (fetch: typeof globalThis.fetch): OpenAI => new OpenAI({ apiKey: 'a key', fetch });
    expect(await urlOf((fetch) => openai(name, { client: client(fetch) }))).toMatch(/\/chat\/completions$/);
  });

  it('is the one that is chosen', async () => {
    const client = (fetch: typeof globalThis.fetch): OpenAI => new OpenAI({ apiKey: 'a key', fetch });
    expect(await urlOf((fetch) => openai('gpt-5-pro', { api: 'chat', client: client(fetch) }))).toMatch(
      /\/chat\/completions$/,
    );
  });

  it('has an address of its own at Azure, in its two forms, as the SDK has it', async () => {
    const [apiKey, apiVersion] = ['a key', '2026-06-01'];
    const azure = (fetch: typeof globalThis.fetch): AzureOpenAI =>
      new AzureOpenAI({ endpoint: 'https://acme.openai.azure.com', apiKey, apiVersion, fetch });
    const options = { preset: 'azure', resource: 'acme', api, apiKey } as const;
    const own = await urlOf((fetch) => openaiCompatible('luna', { ...options, apiVersion, fetch }));
    expect(own).toBe(await urlOf((fetch) => openai('luna', { api, client: azure(fetch) })));
    expect(await urlOf((fetch) => openaiCompatible('luna', { ...options, fetch }))).toBe(
      'https://acme.openai.azure.com/openai/v1/responses',
    );
  });

  it('refuses options that have no effect in it, a client without it, and other names', () => {
    const faults = (make: () => unknown): readonly string[] => {
      try {
        make();
      } catch (error) {
        if (error instanceof ConfigError) return error.faults;
      }
      return [];
    };
    const apiKey = 'a key';
    expect(faults(() => openai('m', { api, apiKey, finish: 'optional' }))).toStrictEqual([
      `openai: option "finish" requires api: 'chat': in the Responses API every answer says whether it is complete`,
    ]);
    expect(faults(() => openai('m', { apiKey, reasoningSummary: 'auto' }))).toStrictEqual([
      `openai: option "reasoningSummary" requires api: 'responses': chat completions have no summaries`,
    ]);
    expect(faults(() => openai('gpt-5-pro', { apiKey, reasoningSummary: 'auto' }))).toStrictEqual([]);
    const { chat } = new OpenAI({ apiKey });
    expect(faults(() => openai('m', { api, client: { chat } }))).toStrictEqual([
      'openai: option "client" must be a client with "responses", but got an object',
    ]);
    expect(faults(() => openai('m', { api: 'response' as 'chat', apiKey }))).toHaveLength(1);
    const baseURL = 'http://localhost/v1';
    expect(faults(() => openaiCompatible('m', { api, baseURL, finish: 'required' }))).toStrictEqual([
      `openaiCompatible: option "finish" requires api: 'chat': in the Responses API every answer says whether it is complete`,
    ]);
  });

  it('takes a summary of the reasoning, and stands among the settings of the model', async () => {
    let body = '';
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      body = String(init?.body);
      return Response.json(response([message('4')]));
    };
    const client = new OpenAI({ apiKey: 'a key', fetch });
    const model = openai('m', { api, client, reasoningSummary: 'concise', reasoningEffort: 'high' });
    await lastValueFrom(model.call(toRequest('?')));
    expect(JSON.parse(body).reasoning).toStrictEqual({ effort: 'high', summary: 'concise' });
    const parameters = { service_tier: 'flex', reasoning: { context: 'auto' } };
    const other = openai('m', { api, client, reasoningEffort: 'high', parameters });
    await lastValueFrom(other.call(toRequest('?')));
    expect(JSON.parse(body)).toMatchObject({
      store: false,
      service_tier: 'flex',
      reasoning: { effort: 'high', context: 'auto' },
    });
    expect(model.settings).toStrictEqual({ api, reasoningEffort: 'high', reasoningSummary: 'concise' });
  });

  it('joins the parameters of a compatible server with the fields of a request, but for its core', async () => {
    let body = '';
    const model = openaiCompatible('m', {
      api,
      baseURL: 'http://localhost/v1',
      maxOutputTokens: 50,
      confidence: 'logprobs',
      parameters: {
        store: true,
        top_k: 20,
        temperature: 1,
        max_output_tokens: 900,
        reasoning: { summary: 'auto', effort: 'high' },
        text: { verbosity: 'low' },
        tools: [{ type: 'web_search' }],
        include: ['web_search_call.results'],
      },
      fetch: async (_url, init) => {
        body = String(init?.body);
        return Response.json(response([message('4')]));
      },
    });
    const tools = { find: { inputSchema: { type: 'object', properties: {} } } };
    const settings = { reasoningEffort: 'low', temperature: 0.5 } as const;
    await lastValueFrom(
      model.call(toRequest({ messages: [{ role: 'user', content: '?' }], tools, settings })),
    );
    expect(JSON.parse(body)).toMatchObject({
      store: true,
      top_k: 20,
      temperature: 0.5,
      model: 'm',
      input: [{ role: 'user', content: '?' }],
      max_output_tokens: 50,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { verbosity: 'low' },
      tools: [{ type: 'function', name: 'find' }, { type: 'web_search' }],
      include: ['message.output_text.logprobs', 'web_search_call.results'],
    });
  });

  it('describes the answer to a server without schemas in the instructions', async () => {
    let body = '';
    const model = openaiCompatible('m', {
      api,
      baseURL: 'http://localhost/v1',
      answerFormat: 'json_object',
      fetch: async (_url, init) => {
        body = String(init?.body);
        return Response.json(response([message('{"sum":4}')]));
      },
    });
    const answerSchema = { type: 'object', properties: { sum: { type: 'number' } } };
    await lastValueFrom(
      model.call({
        ...toRequest({ system: 'Be terse.', messages: [{ role: 'user', content: '?' }] }),
        answerSchema,
      }),
    );
    const { instructions, text } = JSON.parse(body);
    expect(text).toStrictEqual({ format: { type: 'json_object' } });
    expect(instructions).toMatch(/^Be terse\.\n\nAnswer with JSON alone.*"sum"/s);
  });
});
