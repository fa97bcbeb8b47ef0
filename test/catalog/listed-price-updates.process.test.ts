import { findProvider, updatePrices } from '@pydantic/genai-prices';
import { beforeAll, describe, expect, it } from 'vitest';
import { createListedPrices, plainListedPrice } from '../../src/catalog/listed-price.ts';

/** Replaces the list of this process, which is why these tests have one of their own. */
let update: (providers: never) => void;
beforeAll(() => {
  updatePrices(({ setProviderData }) => {
    update = setProviderData as typeof update;
  });
});

const openai = findProvider({ providerId: 'openai' });
const model = (id: string, prices: unknown) => ({ id, match: { equals: id }, prices });

describe('the price of a model in a list that is updated', () => {
  it('is looked up for each call if it changes within a minute, or if more than tokens of text is priced', () => {
    const changing = [
      { prices: { input_mtok: 1, output_mtok: 1 } },
      {
        constraint: { type: 'time_of_date', start_time: '10:00:30Z', end_time: '11:00:30Z' },
        prices: { input_mtok: 2, output_mtok: 2 },
      },
    ];
    const models = [
      model('changing', changing),
      model('by-call', { input_mtok: 1, output_mtok: 1, requests_kcount: 5 }),
      model('reasoner', { input_mtok: 1, output_mtok: 1, output_reasoning_mtok: 9 }),
    ];
    update([{ ...openai, models }] as never);
    const listedPrice = createListedPrices();
    const usage = { inputTokens: 1000, outputTokens: 10, reasoningTokens: 5 };
    for (const { id } of models) {
      for (const time of ['10:00:29', '10:00:30', '10:00:31', '11:00:29', '11:00:31']) {
        const at = new Date(`2026-11-30T${time}Z`);
        expect(listedPrice('openai', id, usage, at)).toEqual(plainListedPrice('openai', id, usage, at));
      }
    }
    const [before, after] = ['10:00:29', '10:00:31'].map(
      (time) => listedPrice('openai', 'changing', usage, new Date(`2026-11-30T${time}Z`))?.usd,
    );
    expect(after).toBe(2 * (before ?? Number.NaN));
  });

  it('is the new one as soon as the list is updated', () => {
    const at = new Date('2026-11-30T12:00:00Z');
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const listedPrice = createListedPrices();
    const priceAt = (input_mtok: number): number | undefined => {
      update([{ ...openai, models: [model('gpt-4o', { input_mtok, output_mtok: 1 })] }] as never);
      return listedPrice('openai', 'gpt-4o', usage, at)?.usd;
    };
    expect([priceAt(3), priceAt(7)]).toEqual([3, 7]);
    expect(listedPrice('openai', 'gpt-unheard-of', usage, at)).toBeUndefined();
    update([{ ...openai, models: [model('gpt-unheard-of', { input_mtok: 5, output_mtok: 1 })] }] as never);
    expect(listedPrice('openai', 'gpt-unheard-of', usage, at)?.usd).toBe(5);
  });
});
