import { describe, expect, it } from 'vitest';
import { type AiSdkEmbeddingModel, aiSdkEmbedder } from '../../src/ai-sdk/ai-sdk-embedder.ts';
import { byEmbedding } from '../../src/grouping/by-embedding.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';

const model = (more: Partial<AiSdkEmbeddingModel> = {}) => {
  const asked: string[][] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const own: AiSdkEmbeddingModel = {
    provider: 'openai.embedding',
    modelId: 'text-embedding-3-small',
    doEmbed: async ({ values, abortSignal }) => {
      asked.push(values);
      signals.push(abortSignal);
      return { embeddings: values.map((value) => [value.length, 1]), usage: { tokens: values.length } };
    },
    ...more,
  };
  return { own, asked, signals };
};

const predicting = (embed: AiSdkEmbeddingModel) =>
  createEnsemble({
    models: ['fir', 'elm', 'rhododendron'].map((text) => defineModel(text, () => text)),
    grouping: byEmbedding({ embed: aiSdkEmbedder(embed), threshold: 0.99 }),
  }).predict('Which tree?');

describe('aiSdkEmbedder', () => {
  it('has the names of the model', () => {
    expect(aiSdkEmbedder(model().own)).toMatchObject({
      id: 'openai.embedding/text-embedding-3-small',
      provider: 'openai',
      modelId: 'text-embedding-3-small',
    });
    expect(aiSdkEmbedder(model().own, 'small').id).toBe('small');
  });

  it('asks for all texts at once, with a signal, and reports the tokens', async () => {
    const { own, asked, signals } = model();
    const { metadata, outcomes } = await predicting(own);
    expect(asked).toEqual([['fir', 'elm', 'rhododendron']]);
    expect(signals[0]).toBeInstanceOf(AbortSignal);
    expect(metadata).toMatchObject({ votes: { fir: 2, rhododendron: 1 }, usage: { inputTokens: 3 } });
    expect(outcomes.at(-1)).toMatchObject({ role: 'embedder', servedBy: 'openai/text-embedding-3-small' });
  });

  it.each([2, Promise.resolve(2)])(
    'asks for no more texts at a time than the model takes: %s',
    async (most) => {
      const { own, asked } = model({ maxEmbeddingsPerCall: most });
      const { metadata } = await predicting(own);
      expect(asked).toEqual([['fir', 'elm'], ['rhododendron']]);
      expect(metadata).toMatchObject({ votes: { fir: 2, rhododendron: 1 }, usage: { inputTokens: 3 } });
    },
  );

  it.each<[string, AiSdkEmbeddingModel['doEmbed']]>([
    ['rejects', async () => Promise.reject(new RangeError('lost'))],
    ['returns nothing', async () => undefined as never],
    ['returns no vectors', async () => ({ embeddings: 'none' as never })],
  ])('groups by content if it %s', async (_, doEmbed) => {
    const { metadata } = await predicting(model({ doEmbed }).own);
    expect(metadata.votes).toEqual({ fir: 1, elm: 1, rhododendron: 1 });
    expect(metadata.warnings).toEqual([expect.stringContaining('byEmbedding did not compare the answers')]);
  });

  it.each([undefined, 'text-embedding-3-small', {}, { doEmbed: () => [] }])('refuses %j', (value) => {
    expect(() => aiSdkEmbedder(value as never)).toThrow(/"model"/);
  });
});
