import { LLMock } from '@copilotkit/aimock';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  AllModelsFailedError,
  createEnsemble,
  type Model,
  type ModelDelta,
  type ModelResponse,
  TimeoutError,
} from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

// A stand-in for the services that others have written, so that it does not share what we take for granted.

let mock: LLMock;

beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  await mock.start();
});

afterEach(() => mock.stop());

const models: Readonly<Record<string, () => Model>> = {
  openai: () => openai('gpt-6-luna', { apiKey: 'a key', baseURL: `${mock.url}/v1` }),
  'openai, responses': () =>
    openai('gpt-6-luna', { api: 'responses', apiKey: 'a key', baseURL: `${mock.url}/v1` }),
  anthropic: () => anthropic('claude-haiku-4-5', { apiKey: 'a key', baseURL: mock.url }),
};

const hear = (model: Model, wantsDeltas: boolean): Promise<(ModelResponse | ModelDelta)[]> =>
  lastValueFrom(model.call({ ...toRequest('What is 17 * 23?'), wantsDeltas }).pipe(toArray()));

describe.each(Object.entries(models))('%s, with a server of others', (name, createModel) => {
  const usage = { prompt_tokens: 11, completion_tokens: 5, input_tokens: 11, output_tokens: 5 };

  it.each([false, true])('answers, streaming: %s', async (wantsDeltas) => {
    mock.on({ userMessage: '17 * 23' }, { content: 'It is 391, of course.', usage }, { chunkSize: 4 });
    const heard = await hear(createModel(), wantsDeltas);
    expect(heard.at(-1)).toMatchObject({
      text: 'It is 391, of course.',
      finishReason: 'stop',
      usage: { inputTokens: 11, outputTokens: 5 },
    });
    const deltas = heard.flatMap((said) => ('delta' in said ? [said.delta] : []));
    expect(deltas.length > 1).toBe(wantsDeltas);
    expect(deltas.join('')).toBe(wantsDeltas ? 'It is 391, of course.' : '');
  });

  it('says that the model ran out of tokens', async () => {
    mock.on({ userMessage: '17 * 23' }, { content: 'It is', finishReason: 'length' });
    // The server writes the status of an incomplete response, and not why it is.
    const finishReason = name.includes('responses') ? 'other' : 'length';
    expect(await hear(createModel(), false)).toMatchObject([{ text: 'It is', finishReason }]);
  });

  it.each([false, true])(
    'hands on the rate limit and its hint after one request, streaming: %s',
    async (wantsDeltas) => {
      mock.on({ userMessage: '17 * 23' }, { error: { message: 'slow down' }, status: 429, retryAfter: 7 });
      await expect(hear(createModel(), wantsDeltas)).rejects.toMatchObject({
        name: 'RateLimitError',
        isRetryable: true,
        retryAfterMs: 7000,
      });
      expect(mock.getRequests()).toHaveLength(1);
    },
  );

  it('times out if the answer is late', async () => {
    mock.on({ userMessage: '17 * 23' }, { content: '391' }, { chaos: { latencyMs: 2000 } });
    const ensemble = createEnsemble({ models: [createModel()], timeoutMs: 100 });
    const error = await ensemble.predict('What is 17 * 23?').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AllModelsFailedError);
    expect((error as AllModelsFailedError).cause).toBeInstanceOf(TimeoutError);
  });

  it('takes no stream for an answer that breaks off', async () => {
    mock.on(
      { userMessage: '17 * 23' },
      { content: 'It is 391, of course.' },
      { chunkSize: 4, truncateAfterChunks: 2 },
    );
    await expect(hear(createModel(), true)).rejects.toMatchObject({
      name: expect.stringMatching(/^(?:Connection|MalformedResponse)Error$/),
      isRetryable: true,
    });
  });

  it('reports what is no answer', async () => {
    mock.on({ userMessage: '17 * 23' }, { content: '391' }, { chaos: { malformedRate: 1 } });
    await expect(hear(createModel(), false)).rejects.toMatchObject({ name: 'MalformedResponseError' });
  });
});

const access = () => ({ api: 'responses', apiKey: 'a key', baseURL: `${mock.url}/v1` }) as const;

describe.each<readonly [name: string, createModel: () => Model]>([
  ['openai', () => openai('gpt-6-luna', access())],
  ['openaiCompatible over undici', () => openaiCompatible('gpt-6-luna', access())],
  ['openaiCompatible over fetch', () => openaiCompatible('gpt-6-luna', { ...access(), fetch })],
])('the Responses API by %s, with a server of others', (_name, createModel) => {
  const ask = (wantsDeltas: boolean): Promise<(ModelResponse | ModelDelta)[]> => {
    const model = createModel();
    const tools = { find: { inputSchema: { type: 'object', properties: { name: { type: 'string' } } } } };
    const request = toRequest({ messages: [{ role: 'user', content: 'What did Ada pay?' }], tools });
    return lastValueFrom(model.call({ ...request, wantsDeltas }).pipe(toArray()));
  };

  it.each([false, true])('answers with reasoning and calls of tools, streaming: %s', async (wantsDeltas) => {
    const input = { name: 'Ada', years: [2024, 2025] };
    mock.on(
      { userMessage: 'Ada' },
      {
        content: 'I look it up.',
        reasoning: 'Her bill is in the book.',
        toolCalls: [{ id: 'call_1', name: 'find', arguments: JSON.stringify(input) }],
      },
      { chunkSize: 4 },
    );
    const heard = await ask(wantsDeltas);
    expect(heard.at(-1)).toMatchObject({
      text: 'I look it up.',
      reasoning: 'Her bill is in the book.',
      toolCalls: [{ toolCallId: 'call_1', toolName: 'find', input }],
      finishReason: 'tool-calls',
    });
    const deltas = heard.flatMap((said) => ('delta' in said ? [said] : []));
    const written = (kind: ModelDelta['kind']): string =>
      deltas
        .filter((piece) => piece.kind === kind)
        .map(({ delta }) => delta)
        .join('');
    expect([written('reasoning'), written(undefined), written('tool-input')]).toEqual(
      wantsDeltas ? ['Her bill is in the book.', 'I look it up.', JSON.stringify(input)] : ['', '', ''],
    );
  });
});
