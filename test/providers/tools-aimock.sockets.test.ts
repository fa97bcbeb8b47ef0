import { LLMock } from '@copilotkit/aimock';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble, type Model, type ModelDelta, type ModelResponse } from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

// A stand-in for the services that others have written, so that it does not share what we take for granted.

let mock: LLMock;

beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  await mock.start();
});

afterEach(() => mock.stop());

const key = { apiKey: 'a key' };

const models: Readonly<Record<string, () => Model>> = {
  openai: () => openai('gpt-6-luna', { ...key, baseURL: `${mock.url}/v1` }),
  'openai, responses': () => openai('gpt-6-luna', { ...key, api: 'responses', baseURL: `${mock.url}/v1` }),
  'openaiCompatible by undici': () => openaiCompatible('llama', { ...key, baseURL: `${mock.url}/v1` }),
  'openaiCompatible by fetch': () => openaiCompatible('llama', { ...key, baseURL: `${mock.url}/v1`, fetch }),
  anthropic: () => anthropic('claude-haiku-4-5', { ...key, baseURL: mock.url }),
  googleGenAI: () => googleGenAI('gemini-3.8-flash', { ...key, baseURL: mock.url }),
  gemini: () => gemini('gemini-3.8-flash', { ...key, baseURL: mock.url }),
};

const PNG = 'iVBORw0KGgoBAgME';

const request = toRequest({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Book what is on the bill.' },
        { type: 'image', image: PNG },
      ],
    },
  ],
  tools: { 'book.it': { inputSchema: { type: 'object', properties: { totals: { type: 'array' } } } } },
});

const input = { totals: [{ cents: 1250, of: 'Ada 🦊' }] };

const hear = (model: Model, wantsDeltas: boolean): Promise<(ModelResponse | ModelDelta)[]> =>
  lastValueFrom(model.call({ ...request, wantsDeltas }).pipe(toArray()));

describe.each(Object.entries(models))('%s, with a server of others', (_name, createModel) => {
  it.each([false, true])('calls a tool about an image, streaming: %s', async (wantsDeltas) => {
    const called = { name: 'book_it', arguments: JSON.stringify(input) };
    mock.on({ userMessage: 'Book' }, { toolCalls: [called] }, { chunkSize: 5 });
    const heard = await hear(createModel(), wantsDeltas);
    expect(heard.at(-1)).toMatchObject({
      text: '',
      toolCalls: [{ toolName: 'book.it', input }],
      finishReason: 'tool-calls',
    });
    const pieces = heard.slice(0, -1) as ModelDelta[];
    expect(pieces.every(({ kind, toolName }) => kind === 'tool-input' && toolName === 'book.it')).toBe(true);
    const written = pieces.map(({ delta }) => delta).join('');
    expect(written === '' ? undefined : JSON.parse(written)).toEqual(wantsDeltas ? input : undefined);
  });
});

it('lets all of them vote on a call, in any order of its fields and form of its numbers', async () => {
  const forms = ['{"of":"Ada","cents":1250}', '{"cents":1250.0,"of":"Ada"}', '{"cents":"1250","of":" ada "}'];
  let asked = 0;
  mock.on({ userMessage: 'Book' }, () => {
    asked += 1;
    return { toolCalls: [{ name: 'book', arguments: forms[asked % forms.length] ?? '' }] };
  });
  const properties = { cents: { type: 'integer' }, of: { type: 'string' } };
  const tools = { book: { inputSchema: { type: 'object', properties, required: ['cents'] } } };
  const ensemble = createEnsemble({
    models: Object.entries(models).map(([id, create]) => ({ ...create(), id })),
  });
  const { metadata, toolCalls } = await ensemble.predict({ messages: request.messages, tools });
  expect(metadata.consensus).toBe(1);
  expect(toolCalls).toMatchObject([{ toolName: 'book', input: { cents: 1250 } }]);
  expect(asked).toBe(Object.keys(models).length);
});
