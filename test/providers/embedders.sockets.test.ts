import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { genaiPrices } from '../../src/catalog/genai-prices.ts';
import { encodeVector } from '../../src/domain/vector.ts';
import { byEmbedding } from '../../src/grouping/grouping.ts';
import { createEnsemble, defineModel, type Model } from '../../src/index.ts';
import { googleGenAIEmbedder } from '../../src/providers/google-genai.ts';
import { openaiEmbedder } from '../../src/providers/openai.ts';
import { openaiCompatibleEmbedder } from '../../src/providers/openai-compatible.ts';
import { type FaultServer, json, stalledBody, startFaultServer } from '../../src/testing/testing.ts';

const apiKey = 'sk-a-key-that-must-not-be-shown-1234';

const texts = ['alder', 'birch', 'cedar'];

const vectors = [
  [1, 0],
  [0.9, 0.1],
  [0, 1],
];

/** How an API writes these vectors. */
interface Dialect {
  readonly embedder: (baseURL: string) => Model;
  readonly reply: (vectors: readonly (readonly number[])[]) => unknown;
  readonly path: string;
  readonly textsIn: (body: never) => readonly string[];
  readonly inputTokens: number | undefined;
  readonly costSource: string;
}

const openaiReply =
  (write: (vector: readonly number[]) => unknown) => (all: Parameters<Dialect['reply']>[0]) => ({
    object: 'list',
    model: 'served',
    // In any order.
    data: all.map((vector, index) => ({ object: 'embedding', index, embedding: write(vector) })).toReversed(),
    usage: { prompt_tokens: 9, total_tokens: 9 },
  });

const dialects: readonly (readonly [name: string, dialect: Dialect])[] = [
  [
    'openaiEmbedder',
    {
      embedder: (baseURL) =>
        openaiEmbedder('text-embedding-3-small', { baseURL: `${baseURL}/v1`, apiKey, dimensions: 2 }),
      reply: openaiReply(encodeVector),
      path: '/v1/embeddings',
      textsIn: ({ input }: { input: string[] }) => input,
      inputTokens: 9,
      costSource: 'reported',
    },
  ],
  [
    'openaiCompatibleEmbedder',
    {
      embedder: (baseURL) =>
        openaiCompatibleEmbedder('nomic', {
          baseURL: `${baseURL}/v1`,
          apiKey,
          parameters: { input_type: 'clustering' },
        }),
      reply: openaiReply((vector) => vector),
      path: '/v1/embeddings',
      textsIn: ({ input, input_type }: { input: string[]; input_type: string }) =>
        input_type === 'clustering' ? input : [],
      inputTokens: 9,
      costSource: 'unknown',
    },
  ],
  [
    'googleGenAIEmbedder',
    {
      embedder: (baseURL) => googleGenAIEmbedder('gemini-embedding-001', { baseURL, apiKey }),
      reply: (all) => ({ embeddings: all.map((values) => ({ values })) }),
      path: '/v1beta/models/gemini-embedding-001:batchEmbedContents',
      textsIn: ({ requests }: { requests: { content: { parts: { text: string }[] }; taskType: string }[] }) =>
        requests.map(({ content, taskType }) =>
          taskType === 'SEMANTIC_SIMILARITY' ? (content.parts[0]?.text ?? '') : '',
        ),
      inputTokens: undefined,
      costSource: 'estimated',
    },
  ],
];

describe.each(dialects)('%s', (_, { embedder, reply, path, textsIn, inputTokens, costSource }) => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.close());

  const predicting = (options: { timeoutMs?: number } = {}) =>
    createEnsemble({
      models: texts.map((text) => defineModel(text, () => ({ text, costUsd: 0 }))),
      grouping: byEmbedding({ embed: embedder(server.baseURL), threshold: 0.9 }),
      pricing: genaiPrices(),
      ...options,
    });

  it('asks once for the vectors of all answers, and groups by them', async () => {
    server.script(json(reply(vectors)));
    const { metadata, outcomes } = await predicting().predict('Which tree?');
    expect(metadata.votes).toEqual({ alder: 2, cedar: 1 });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.path).toContain(path);
    expect(textsIn(server.requests[0]?.json() as never)).toEqual(texts);
    const { role, status, response } = outcomes.at(-1) as {
      role?: string;
      status: string;
      response?: { usage?: unknown };
    };
    expect([role, status]).toEqual(['embedder', 'answered']);
    expect(outcomes.at(-1)?.costSource).toBe(costSource);
    expect(response?.usage).toEqual(
      inputTokens === undefined ? undefined : expect.objectContaining({ inputTokens, outputTokens: 0 }),
    );
  });

  it.each([
    ['too few vectors', () => json(reply(vectors.slice(1)))],
    ['no vectors', () => json({})],
    ['a broken body', () => json('{"data": [', { status: 200 })],
    ['a refusal', () => json({ error: { message: `wrong key ${apiKey}`, code: 401 } }, { status: 401 })],
  ])('groups by content after %s, and shows no key', async (_what, make) => {
    server.script(make());
    const prediction = await predicting().predict('Which tree?');
    expect(prediction.metadata.votes).toEqual({ alder: 1, birch: 1, cedar: 1 });
    expect(prediction.metadata.warnings).toEqual([expect.stringContaining('did not compare the answers')]);
    expect(JSON.stringify(prediction)).not.toContain(apiKey);
    expect(server.requests).toHaveLength(1);
  });

  it('closes its connection when the caller leaves', async () => {
    server.script(stalledBody('{', 1));
    const leaving = predicting().predict$('Which tree?').subscribe();
    const request = await server.seen(0);
    await request.stalled;
    leaving.unsubscribe();
    expect(await request.abandoned).toBeGreaterThan(0);
  });
});

describe('the options of embedding models', () => {
  it.each([
    [() => openaiEmbedder('m', { apiKey, temperature: 1 } as never), /temperature/],
    [() => openaiEmbedder('m', { apiKey, parameters: { input: 'x' } }), /"parameters" must not have "input"/],
    [() => openaiEmbedder('m', { apiKey, dimensions: 0 }), /"dimensions" must be an integer of at least 1/],
    [
      () => openaiEmbedder('m', { apiKey, baseURL: 'https://x.test/v1/embeddings' }),
      /ends in "\/embeddings"/,
    ],
    [() => openaiCompatibleEmbedder('m', { temperature: 1 } as never), /temperature/],
    [() => openaiCompatibleEmbedder('m'), /there is no base URL/],
    [() => googleGenAIEmbedder('m', { apiKey, taskType: '' }), /taskType/],
    [
      () => googleGenAIEmbedder('m', { apiKey, client: { models: {} } as never }),
      /"apiKey" has no effect with "client"/,
    ],
  ])('refuses %s', (make, message) => {
    expect(make).toThrow(message);
    expect(make).not.toThrow(apiKey);
  });

  it('tells gemini-embedding-2 in each text what its vectors are for', async () => {
    let sent: unknown;
    const client = {
      models: {
        embedContent: async (call: unknown) => {
          sent = call;
          return { embeddings: texts.map((_, index) => ({ values: vectors[index] })) };
        },
      },
    };
    await createEnsemble({
      models: texts.map((text) => defineModel(text, () => text)),
      grouping: byEmbedding({ embed: googleGenAIEmbedder('gemini-embedding-2', { client }), threshold: 0.9 }),
    }).predict('Which tree?');
    expect(sent).toMatchObject({
      contents: texts.map((text) => ({ parts: [{ text: `task: sentence similarity | query: ${text}` }] })),
    });
    expect(sent).not.toHaveProperty('config.taskType');
  });
});

// An independent mock of the API.
describe('embedding models, asking aimock', () => {
  let mock: LLMock;
  beforeEach(async () => {
    mock = new LLMock({ port: 0 });
    mock.onEmbedding(/.*/, { embedding: [0.5, 0.25, 1] });
    await mock.start();
  });
  afterEach(() => mock.stop());

  it.each([
    ['openaiEmbedder', (baseURL: string) => openaiEmbedder('text-embedding-3-small', { baseURL, apiKey })],
    ['openaiCompatibleEmbedder', (baseURL: string) => openaiCompatibleEmbedder('nomic', { baseURL, apiKey })],
  ])('%s reads its vectors', async (_, embedder) => {
    const { metadata } = await createEnsemble({
      models: texts.map((text) => defineModel(text, () => text)),
      grouping: byEmbedding({ embed: embedder(`${mock.url}/v1`), threshold: 0.9 }),
    }).predict('Which tree?');
    expect(metadata.warnings).toEqual([]);
    expect(metadata.votes).toEqual({ alder: 3 });
  });
});
