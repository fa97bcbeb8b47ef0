import { NEVER, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type Model, type ModelResponse, type Pricing } from '../../src/index.ts';
import { marbles } from '../marbles.ts';

/** A dollar a token read, ten a token written; a token is a character. Knows the models that have a name. */
const pricing: Pricing = {
  priceOf: ({ modelId }, { inputTokens = 0, outputTokens = 0 }) =>
    modelId === undefined
      ? undefined
      : { usd: inputTokens + 10 * outputTokens, isApproximate: modelId === 'similar' },
  countTokens: (text) => text.length,
};

const saying = (id: string, response: ModelResponse, modelId?: string): Model => ({
  id,
  ...(modelId !== undefined && { modelId }),
  call: () => of(response),
});

const accountOf = async (...models: readonly Model[]) => {
  const { metadata, outcomes } = await createEnsemble({ models, pricing }).predict('four');
  const { costUsd, costSource, costBreakdown } = metadata;
  return { costUsd, costSource, costBreakdown, outcomes };
};

describe('the cost of a call', () => {
  it('is what the model says before all', async () => {
    const usage = { inputTokens: 1, outputTokens: 1 };
    expect(await accountOf(saying('m', { text: 'x', costUsd: 0.5, usage }, 'known'))).toMatchObject({
      costUsd: 0.5,
      costSource: 'reported',
    });
  });

  it('is priced by the tokens that the model reports, 0 included', async () => {
    const usage = { inputTokens: 7, outputTokens: 0 };
    expect(await accountOf(saying('m', { text: 'x', usage }, 'known'))).toMatchObject({
      costUsd: 7,
      costSource: 'reported',
    });
  });

  it('is estimated from the texts where the model reports no tokens', async () => {
    expect(await accountOf(saying('m', { text: 'xx' }, 'known'))).toMatchObject({
      costUsd: 4 + 20,
      costSource: 'estimated',
    });
  });

  it('is marked where the price is that of a similar model', async () => {
    const { outcomes } = await accountOf(saying('m', { text: 'x' }, 'similar'));
    expect(outcomes[0]).toMatchObject({ isPriceApproximate: true });
  });

  it('is unknown, and not 0, where the price is', async () => {
    expect(await accountOf(saying('m', { text: 'x' }))).toMatchObject({
      costUsd: undefined,
      costSource: 'unknown',
    });
    expect(await accountOf(saying('m', { text: 'x' }), saying('n', { text: 'x', costUsd: 2 }))).toMatchObject(
      {
        costUsd: 2,
        costSource: 'partial',
        costBreakdown: { m: undefined, n: 2 },
      },
    );
  });

  it(
    'is estimated for a call that was cancelled or given up, by what it had written',
    marbles((m) => {
      const models: Model[] = [
        saying('quick', { text: 'x', costUsd: 1 }),
        { id: 'same', modelId: 'known', call: () => m.cold('--(x|)', { x: { text: 'x', costUsd: 1 } }) },
        { id: 'writing', modelId: 'known', call: () => m.cold('-d---', { d: { delta: 'abc' } }) },
        { id: 'silent', modelId: 'known', call: () => NEVER },
      ];
      const ensemble = createEnsemble({
        models,
        pricing,
        minResponses: 1,
        timeoutMs: 1,
        earlyStop: 'decided',
      });
      const statuses$ = ensemble.predict$('four', { timeoutMs: 3 });
      m.expect(statuses$).toBeObservable('---(p|)', {
        p: expect.objectContaining({
          outcomes: [
            expect.objectContaining({ model: 'quick', costUsd: 1, costSource: 'reported' }),
            expect.objectContaining({ model: 'same', costUsd: 1, costSource: 'reported' }),
            expect.objectContaining({
              model: 'writing',
              status: 'failed',
              costUsd: 34,
              costSource: 'estimated',
            }),
            expect.objectContaining({
              model: 'silent',
              status: 'cancelled',
              costUsd: 4,
              costSource: 'estimated',
            }),
          ],
        }),
      });
    }),
  );
});
