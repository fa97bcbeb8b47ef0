import {
  APICallError,
  type LanguageModelV4CallOptions,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type EnsembleDataParts,
  ensembleMetadata,
  ensembleModel,
  fromAiSdk,
  type VoteProgress,
  votesAsData,
} from '../../src/ai-sdk/ai-sdk.ts';
import {
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type ModelRequest,
  type ModelResponse,
  numeric,
} from '../../src/index.ts';
import { partsOf, promptOf, streamOf, tool } from './calls.ts';

const usage = { inputTokens: 10, cachedInputTokens: 4, outputTokens: 3, reasoningTokens: 1 };

/** An ensemble as a model, whose members answer as they are told, and what they were asked. */
const panelOf = (
  answers: readonly (string | ModelResponse | Error)[],
  options: Partial<EnsembleOptions> = {},
  own: Parameters<typeof ensembleModel>[1] = {},
) => {
  const seen: ModelRequest[] = [];
  const models = answers.map((answer, index) =>
    defineModel(`model-${index}`, (_, { request }) => {
      seen.push(request);
      if (answer instanceof Error) throw answer;
      return typeof answer === 'string' ? { text: answer, usage, costUsd: 0.01 } : answer;
    }),
  );
  const model = ensembleModel(createEnsemble({ models, ...options } as never), own);
  return {
    model,
    seen,
    generate: (call: Partial<LanguageModelV4CallOptions> = {}) =>
      model.doGenerate({ prompt: promptOf('What is 2 + 2?'), ...call }),
    stream: async (call: Partial<LanguageModelV4CallOptions> = {}) =>
      partsOf((await model.doStream({ prompt: promptOf('What is 2 + 2?'), ...call })).stream),
  };
};

const calling = (toolName: string, input: unknown): ModelResponse => ({
  text: '',
  toolCalls: [{ toolName, input, toolCallId: 'own' }],
});

describe('an ensemble as a language model', () => {
  it('has the names that it is given', () => {
    expect(panelOf(['4']).model).toMatchObject({
      specificationVersion: 'v4',
      provider: 'crucible',
      modelId: 'ensemble',
      supportedUrls: {},
    });
    expect(panelOf(['4'], {}, { modelId: 'panel' }).model.modelId).toBe('panel');
  });

  it.each([
    [undefined, {}, /option "ensemble" is missing/],
    [{ predict: () => undefined }, {}, /"ensemble" must be an ensemble of createEnsemble/],
    [createEnsemble({ models: [defineModel('one', () => '4')] }), { modelID: 'x' }, /did you mean "modelId"/],
    [
      createEnsemble({ models: [defineModel('one', () => '4')] }),
      { orText: 'numeric' },
      /"orText" must be a function/,
    ],
  ])('refuses %j with %j', (ensemble, options, message) => {
    expect(() => ensembleModel(ensemble as never, options as never)).toThrow(message);
  });

  it('gives the text that won, the tokens of all calls, and the metadata', async () => {
    const result = await panelOf(['It is 4.', '4', '5'], { normalization: 'numeric' }).generate();
    expect(result).toMatchObject({
      content: [{ type: 'text', text: 'It is 4.' }],
      finishReason: { unified: 'stop' },
      usage: {
        inputTokens: { total: 30, noCache: 18, cacheRead: 12, cacheWrite: undefined },
        outputTokens: { total: 9, text: 6, reasoning: 3 },
      },
      warnings: [],
    });
    expect(ensembleMetadata(result.providerMetadata)).toMatchObject({
      consensus: 2 / 3,
      votes: { '4': 2, '5': 1 },
      costUsd: 0.03,
      members: [
        { model: 'model-0', status: 'answered', vote: '4', costUsd: 0.01 },
        { model: 'model-1', status: 'answered', vote: '4' },
        { model: 'model-2', status: 'answered', vote: '5' },
      ],
    });
    // It is JSON, as the AI SDK asks for.
    expect(JSON.parse(JSON.stringify(result.providerMetadata))).toStrictEqual(result.providerMetadata);
  });

  it('has no totals if no member reports tokens', async () => {
    const { usage: none } = await panelOf([{ text: '4' }]).generate();
    expect(none).toMatchObject({ inputTokens: { total: undefined, noCache: undefined }, outputTokens: {} });
    expect(none.outputTokens.text).toBeUndefined();
  });

  it('knows no metadata of other models', () => {
    expect(
      [undefined, {}, { openai: { consensus: 1 } }, { crucible: null }].map(ensembleMetadata),
    ).toStrictEqual(Array(4).fill(undefined));
  });

  it('sends settings, instructions and turns to its members', async () => {
    const { generate, seen } = panelOf(['4']);
    await generate({
      prompt: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'file', mediaType: 'image', data: { type: 'data', data: 'iVBORw0KGgoAAAANSUhEUg==' } },
            {
              type: 'file',
              mediaType: 'image/jpeg',
              data: { type: 'url', url: new URL('https://a.example/b.jpg') },
            },
            {
              type: 'file',
              mediaType: 'text/plain',
              filename: 'a.txt',
              data: { type: 'text', text: 'A note.' },
            },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'I look.' },
            { type: 'custom', kind: 'crucible.votes', providerOptions: { crucible: { consensus: 1 } } },
            { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 1 } },
            { type: 'tool-call', toolCallId: 'c2', toolName: 'look', input: undefined },
            { type: 'tool-call', toolCallId: 'c3', toolName: 'look', input: {} },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'c1', toolName: 'look', output: { type: 'json', value: [1] } },
            { type: 'tool-result', toolCallId: 'c2', toolName: 'look', output: { type: 'execution-denied' } },
            {
              type: 'tool-result',
              toolCallId: 'c3',
              toolName: 'look',
              output: {
                type: 'content',
                value: [
                  { type: 'text', text: 'one' },
                  { type: 'text', text: 'two' },
                ],
              },
            },
          ],
        },
      ],
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      presencePenalty: 1,
      frequencyPenalty: -1,
      stopSequences: ['END'],
      seed: 7,
      reasoning: 'low',
    });
    expect(seen[0]).toMatchObject({
      system: 'Be brief.',
      settings: {
        maxOutputTokens: 100,
        temperature: 0.5,
        topP: 0.9,
        topK: 5,
        presencePenalty: 1,
        frequencyPenalty: -1,
        stopSequences: ['END'],
        seed: 7,
        reasoningEffort: 'low',
      },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgoAAAANSUhEUg==' },
            { type: 'file', mediaType: 'image/jpeg', data: new URL('https://a.example/b.jpg') },
            { type: 'file', mediaType: 'text/plain', filename: 'a.txt', data: btoa('A note.') },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'I look.' },
            { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 1 } },
            { toolCallId: 'c2', input: {} },
            { toolCallId: 'c3' },
          ],
        },
        {
          role: 'tool',
          content: [
            { toolCallId: 'c1', output: { type: 'json', value: [1] } },
            {
              toolCallId: 'c2',
              output: { type: 'error-text', value: 'The execution of the tool was denied.' },
            },
            { toolCallId: 'c3', output: { type: 'text', value: 'one\n\ntwo' } },
          ],
        },
      ],
    });
  });

  it('has no setting for the default effort of the provider', async () => {
    const { generate, seen } = panelOf(['4']);
    await generate({ reasoning: 'provider-default' });
    expect(seen[0]?.settings).toBeUndefined();
  });

  const reference = { type: 'reference', reference: { openai: 'file-1' } } as const;
  const url = { type: 'url', url: new URL('https://a.example') } as const;
  const result = (output: object): object => ({
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: 'c', toolName: 't', output }],
  });
  it.each<[string, object]>([
    [
      'files that a provider keeps',
      { role: 'user', content: [{ type: 'file', mediaType: 'image', data: reference }] },
    ],
    [
      'parts of the kind openai.compaction',
      { role: 'assistant', content: [{ type: 'custom', kind: 'openai.compaction' }] },
    ],
    [
      'parts of the type reasoning-file',
      { role: 'assistant', content: [{ type: 'reasoning-file', mediaType: 'image/png', data: url }] },
    ],
    [
      'tool calls that a provider has executed',
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c', toolName: 't', input: {}, providerExecuted: true }],
      },
    ],
    [
      'results of tools that a provider has executed',
      { ...result({ type: 'text', value: '' }), role: 'assistant' },
    ],
    [
      'file parts in results of tools',
      result({ type: 'content', value: [{ type: 'file', mediaType: 'image/png', data: url }] }),
    ],
    [
      'parts of the type tool-approval-response',
      { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'a', approved: true }] },
    ],
  ])('refuses %s, and asks no member', async (functionality, message) => {
    const { generate, stream, seen } = panelOf(['4']);
    const prompt = [...promptOf('?'), message] as LanguageModelV4CallOptions['prompt'];
    for (const ask of [generate, stream])
      await expect(ask({ prompt })).rejects.toSatisfy(
        (error) => UnsupportedFunctionalityError.isInstance(error) && error.functionality === functionality,
      );
    expect(seen).toStrictEqual([]);
  });

  it('warns of what has no effect', async () => {
    const call: Partial<LanguageModelV4CallOptions> = {
      prompt: [
        {
          role: 'user',
          content: [
            {
              type: 'text',
              text: '?',
              providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
            },
          ],
        },
      ],
      tools: [
        { type: 'provider', id: 'openai.web_search', name: 'search', args: {} },
        { ...tool('look'), strict: true } as never,
      ],
      providerOptions: { openai: { serviceTier: 'flex' } },
      headers: { 'user-agent': 'ai/7', 'x-team': 'a', 'x-none': undefined },
      includeRawChunks: true,
    };
    const { generate, stream } = panelOf(['4']);
    const { warnings } = await generate(call);
    expect(
      warnings.map((warning) => 'feature' in warning && `${warning.type} ${warning.feature}`),
    ).toStrictEqual([
      'unsupported tool openai.web_search',
      'unsupported strict and inputExamples of tools',
      'unsupported providerOptions.openai',
      'unsupported providerOptions of messages',
      'unsupported header x-team',
      'unsupported includeRawChunks',
    ]);
    expect((await stream(call))[0]).toStrictEqual({ type: 'stream-start', warnings });
  });

  it('says what members warn of, once for each: with the result, and in their parts of a stream', async () => {
    const odd = { text: '4', confidence: 7 };
    const { generate, stream } = panelOf([odd, '4', odd, odd]);
    const { warnings, providerMetadata } = await generate({ headers: { 'x-team': 'a' } });
    expect(warnings).toStrictEqual([
      expect.objectContaining({ type: 'unsupported' }),
      ...[0, 2, 3].map((n) => ({ type: 'other', message: `model-${n}: dropped a confidence of 7` })),
    ]);
    const members = [
      expect.stringContaining('confidence'),
      undefined,
      expect.any(String),
      expect.any(String),
    ];
    expect(ensembleMetadata(providerMetadata)?.members.map(({ warning }) => warning)).toEqual(members);
    const parts = (await stream()).filter(({ type }) => type === 'custom');
    const reported = parts.flatMap((part) => (part as { providerMetadata: object }).providerMetadata);
    expect(reported).toContainEqual({
      crucible: expect.objectContaining({ model: 'model-0', warning: 'dropped a confidence of 7' }),
    });
  });

  it('says which settings a member does not take', async () => {
    const none = ensembleModel(createEnsemble({ models: [defineModel('inner', () => '4')] }));
    const third = { ...none, specificationVersion: 'v3' } as never;
    const model = ensembleModel(createEnsemble({ models: [fromAiSdk(third, { id: 'third' })] }));
    const { warnings } = await model.doGenerate({ prompt: promptOf('?'), reasoning: 'low' });
    expect(warnings).toStrictEqual([
      { type: 'other', message: expect.stringMatching(/^third: .*"reasoningEffort": it was left out$/) },
    ]);
  });
});

describe('tools', () => {
  const tools = [tool('add', { a: { type: 'integer' } }), tool('subtract', { a: { type: 'integer' } })];
  const disagreeing = [calling('add', { a: 1 }), calling('subtract', { a: 1 }), calling('add', '{"a": "1"}')];

  it('are called as the majority calls them, each with an id of its own', async () => {
    const { generate, seen } = panelOf(disagreeing);
    const [first, second] = [
      await generate({ tools }),
      await generate({ tools, toolChoice: { type: 'required' } }),
    ];
    expect(first).toMatchObject({
      content: [{ type: 'tool-call', toolName: 'add', input: '{"a":1}' }],
      finishReason: { unified: 'tool-calls' },
    });
    const ids = [first, second].map(({ content: [part] }) => part?.type === 'tool-call' && part.toolCallId);
    expect(new Set(ids).size).toBe(2);
    expect(seen[0]?.tools).toMatchObject({
      add: { description: 'Does add.', inputSchema: { required: ['a'] } },
    });
    expect(seen.at(-1)?.toolChoice).toBe('required');
  });

  it('are streamed with their arguments', async () => {
    const parts = await panelOf(disagreeing).stream({ tools });
    expect(parts.filter(({ type }) => type !== 'custom')).toMatchObject([
      { type: 'stream-start' },
      { type: 'tool-input-start', toolName: 'add' },
      { type: 'tool-input-delta', delta: '{"a":1}' },
      { type: 'tool-input-end' },
      { type: 'tool-call', toolName: 'add', input: '{"a":1}' },
      { type: 'finish', finishReason: { unified: 'tool-calls' } },
    ]);
  });

  it('need not be called: texts are one answer, or are read by orText', async () => {
    const texts = ['It is 5.', 'It is 4.', '4'];
    const first = await panelOf(texts).generate({ tools });
    expect(first).toMatchObject({
      content: [{ text: 'It is 5.' }],
      providerMetadata: { crucible: { consensus: 1 } },
    });
    const read = await panelOf(texts, {}, { orText: numeric }).generate({ tools });
    expect(read).toMatchObject({
      content: [{ type: 'text', text: 'It is 4.' }],
      finishReason: { unified: 'stop' },
      providerMetadata: { crucible: { votes: { '4': 2, '5': 1 } } },
    });
  });

  it('are not called if none may be', async () => {
    const { generate, seen } = panelOf(['4', '5', '4'], { normalization: 'numeric' });
    const { content } = await generate({ tools, toolChoice: { type: 'none' } });
    expect(content).toStrictEqual([{ type: 'text', text: '4' }]);
    expect(seen[0]?.toolChoice).toBe('none');
  });

  it('must be among those that the caller executes, if one must be called', async () => {
    const { generate, seen } = panelOf(['4']);
    const search = { type: 'provider', id: 'openai.web_search', name: 'search', args: {} } as const;
    for (const toolChoice of [{ type: 'required' }, { type: 'tool', toolName: 'search' }] as const)
      await expect(generate({ tools: [search], toolChoice })).rejects.toThrow(
        /must be called is not among those/,
      );
    expect(seen).toStrictEqual([]);
  });

  it('cannot share a name', async () => {
    await expect(panelOf(['4']).generate({ tools: [tool('a'), tool('a')] })).rejects.toThrow(
      'ensembleModel: tools[1]: another tool has this name',
    );
  });
});

describe('structured output', () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  } as const;
  const answers = ['{"city":"Rome"}', '```json\n{ "city": "Rome" }\n```', '{"town":"Oslo"}'];

  it('is voted on by its values', async () => {
    const { generate, seen } = panelOf(answers);
    expect(await generate({ responseFormat: { type: 'json', schema } })).toMatchObject({
      content: [{ type: 'text', text: '{"city":"Rome"}' }],
      providerMetadata: { crucible: { consensus: 1, successes: 2, abstentions: 1 } },
    });
    expect(seen[0]?.answerSchema).toStrictEqual(schema);
  });

  it('may have any form without a schema', async () => {
    const { content } = await panelOf(['{"a":1}', '{"a": 1.0}', '[]']).generate({
      responseFormat: { type: 'json' },
    });
    expect(content).toStrictEqual([{ type: 'text', text: '{"a":1}' }]);
  });

  it('is voted on also if tools may be called', async () => {
    const { content } = await panelOf(answers).generate({
      tools: [tool('look')],
      responseFormat: { type: 'json', schema },
    });
    expect(content).toStrictEqual([{ type: 'text', text: '{"city":"Rome"}' }]);
  });

  it('refuses a schema that is none', async () => {
    await expect(
      panelOf(answers).generate({ responseFormat: { type: 'json', schema: { type: 'nothing' } as never } }),
    ).rejects.toThrow(/ensembleModel: /);
  });
});

describe('a stream', () => {
  it('has a part for each member and for each vote, then the answer', async () => {
    const parts = await panelOf(['4', new Error('sk-secret'), '4'], { normalization: 'numeric' }).stream();
    expect(parts).toMatchObject([
      { type: 'stream-start' },
      { kind: 'crucible.member', providerMetadata: { crucible: { model: 'model-0', call: 0, vote: '4' } } },
      { kind: 'crucible.votes', providerMetadata: { crucible: { consensus: 1, votes: { '4': 1 } } } },
      { kind: 'crucible.member', providerMetadata: { crucible: { status: 'failed', reason: 'ModelError' } } },
      { kind: 'crucible.member' },
      { kind: 'crucible.votes', providerMetadata: { crucible: { votes: { '4': 2 } } } },
      { type: 'text-start' },
      { type: 'text-delta', delta: '4' },
      { type: 'text-end' },
      {
        type: 'finish',
        finishReason: { unified: 'stop' },
        usage: { inputTokens: { total: 20 } },
        providerMetadata: { crucible: { status: 'degraded', members: [{}, { reason: 'ModelError' }, {}] } },
      },
    ]);
    expect(JSON.stringify(parts)).not.toContain('secret');
  });

  it('becomes data parts of a UI message, each under an id of its own', async () => {
    const { stream } = await panelOf(['4', '5', '4']).model.doStream({ prompt: promptOf('?') });
    const chunks = await Array.fromAsync(stream.pipeThrough(votesAsData()));
    const data = chunks.filter((chunk) => chunk.type.startsWith('data-')) as { type: string; id: string }[];
    expect(data.map(({ type }) => type)).toStrictEqual(Array(3).fill(['data-member', 'data-votes']).flat());
    expect(new Set(data.map(({ id }) => id)).size).toBe(4);
    expect(chunks.filter(({ type }) => type === 'custom')).toStrictEqual([]);
    expectTypeOf<EnsembleDataParts['votes']>().toEqualTypeOf<VoteProgress>();
  });

  it('leaves other parts as they are', async () => {
    const others = [
      { type: 'custom', kind: 'openai.compaction', providerMetadata: { openai: {} } },
      { type: 'custom', kind: 'crucible.other', providerMetadata: { crucible: {} } },
      { type: 'custom', kind: 'crucible.votes' },
      { type: 'text-delta', delta: '4' },
    ];
    expect(await Array.fromAsync(streamOf(others).pipeThrough(votesAsData()))).toStrictEqual(others);
  });
});

describe('failures', () => {
  it('are not retryable, and keep the account of the calls', async () => {
    const { generate, stream, seen } = panelOf([new Error('sk-secret'), new Error('sk-secret')]);
    const [thrown, parts] = [await generate().then(undefined, (error) => error), await stream()];
    expect(seen).toHaveLength(4);
    expect(parts.at(-1)).toMatchObject({ type: 'error' });
    for (const error of [thrown, (parts.at(-1) as { error?: unknown }).error]) {
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        isRetryable: false,
        statusCode: 424,
        url: 'crucible-ensemble:ensemble',
        requestBodyValues: {},
        data: { code: 'AllModelsFailedError' },
        cause: { outcomes: [{ status: 'failed' }, { status: 'failed' }] },
      });
      expect(JSON.stringify(error)).not.toMatch(/secret|2 \+ 2/);
    }
  });

  it('say that a query is invalid, before a member is asked', async () => {
    const { generate, stream, seen } = panelOf(['4']);
    const refused = { statusCode: 400, isRetryable: false };
    await expect(generate({ temperature: 7 })).rejects.toMatchObject(refused);
    expect(await stream({ temperature: 7 })).toMatchObject([
      { type: 'stream-start' },
      { type: 'error', error: refused },
    ]);
    expect(seen).toStrictEqual([]);
  });

  it('do not repeat the message of an error in code of the caller', async () => {
    const { generate } = panelOf(['4'], {
      strategy: () => {
        throw new Error('sk-secret');
      },
    });
    const error = await generate().then(undefined, (reason) => reason);
    expect(error).toMatchObject({ statusCode: 500, isRetryable: false });
    expect(error.message).not.toContain('secret');
  });
});
