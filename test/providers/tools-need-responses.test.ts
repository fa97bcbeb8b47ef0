import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Conversation, createEnsemble, type Model } from '../../src/index.ts';
import { type OpenAIOptions, openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

/** The requests that were sent: their addresses and bodies. */
const sent: { readonly url: string; readonly body: Record<string, unknown> }[] = [];

const answered: typeof fetch = async (input, init) => {
  const url = String(input instanceof Request ? input.url : input);
  sent.push({ url, body: JSON.parse(String(init?.body)) });
  const call = { name: 'add', arguments: '{"a":1}' };
  return Response.json(
    url.endsWith('/responses')
      ? { status: 'completed', output: [{ type: 'function_call', call_id: 'c1', ...call }] }
      : {
          choices: [{ message: { tool_calls: [{ id: 'c1', function: call }] }, finish_reason: 'tool_calls' }],
        },
  );
};

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', answered);
});

afterEach(() => vi.unstubAllGlobals());

type Options = Pick<OpenAIOptions, 'api' | 'baseURL' | 'parameters' | 'maxOutputTokens'>;

const makers: [string, (modelId: string, options?: Options) => Model][] = [
  ['openai', (modelId, options) => openai(modelId, { apiKey: 'a key of mine', ...options })],
  [
    'openaiCompatible',
    (modelId, options) =>
      openaiCompatible(modelId, { preset: 'openai', apiKey: 'a key of mine', fetch: answered, ...options }),
  ],
];

const query: Conversation = {
  messages: [{ role: 'user', content: '1 + 2?' }],
  tools: { add: { inputSchema: { type: 'object', properties: { a: { type: 'number' } } } } },
};

const ask = async (model: Model, asked: Conversation = query) => {
  const { outcomes } = await createEnsemble({ models: [model] }).predict(asked);
  return outcomes[0];
};

const AUDIO = { type: 'file', data: 'AAAA', mediaType: 'audio/wav' } as const;

describe.each(makers)('a query with tools to %s', (_maker, create) => {
  it.each<[string, string, Options, Partial<Conversation>]>([
    ['responses', 'gpt-6-luna', {}, {}],
    ['responses', 'gpt-5.6-sol', {}, {}],
    ['responses', 'gpt-6-luna', { parameters: { service_tier: 'flex' } }, {}],
    ['responses', 'gpt-5.4', {}, { settings: { reasoningEffort: 'low' } }],
    ['responses', 'gpt-5.4', { parameters: { reasoning_effort: 'low' } }, {}],
    ['chat/completions', 'gpt-5.4', {}, {}],
    ['chat/completions', 'gpt-6-luna', {}, { settings: { reasoningEffort: 'none' } }],
    ['chat/completions', 'gpt-6-luna', { api: 'chat' }, {}],
    ['chat/completions', 'gpt-6-luna', { baseURL: 'https://proxy.example/v1' }, {}],
    ['chat/completions', 'gpt-6-luna', { parameters: { web_search_options: {} } }, {}],
    ['chat/completions', 'gpt-6-luna', {}, { messages: [{ role: 'user', content: [AUDIO] }] }],
    ['chat/completions', 'gpt-4o', {}, {}],
    ['chat/completions', 'o3', {}, {}],
  ])('goes to /%s of %s with %j and %j', async (path, modelId, options, more) => {
    const outcome = await ask(create(modelId, options), { ...query, ...more });
    expect(sent.map(({ url }) => url)).toEqual([expect.stringMatching(new RegExp(`/v1/${path}$`))]);
    expect(outcome).toMatchObject({
      status: 'answered',
      response: { toolCalls: [{ toolName: 'add', input: { a: 1 } }], finishReason: 'tool-calls' },
    });
  });

  it('keeps its limit, its effort and the parameters, and leaves out what the Responses API does not take', async () => {
    const parameters = { reasoning_effort: 'low', service_tier: 'flex' };
    const model = create('gpt-6-luna', { maxOutputTokens: 90, parameters });
    const outcome = await ask(model, { ...query, settings: { maxOutputTokens: 70, seed: 7 } });
    expect(sent[0]?.body).toMatchObject({
      model: 'gpt-6-luna',
      max_output_tokens: 70,
      reasoning: { effort: 'low' },
      service_tier: 'flex',
      store: false,
    });
    expect(sent[0]?.body).not.toHaveProperty('reasoning_effort');
    expect(outcome?.warning).toContain('does not take the setting "seed" together with tools');
  });

  it('goes to chat completions without the tools', async () => {
    const { messages } = query;
    // The server calls a tool that it was not given, which is no answer.
    await expect(ask(create('gpt-6-luna'), { messages })).rejects.toThrow();
    expect(sent[0]?.url).toMatch(/\/chat\/completions$/);
  });
});
