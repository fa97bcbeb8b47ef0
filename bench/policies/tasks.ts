import { lastValueFrom, of } from 'rxjs';
import { genaiPrices } from '../../src/catalog/genai-prices.ts';
import { createEnsemble, defineModel, type EnsembleOptions, type Model } from '../../src/index.ts';
import { spendingCap } from '../../src/policies/policies.ts';
import { asks, floorFull } from '../floors.ts';

const USAGE = { inputTokens: 1200, outputTokens: 300 };
const identity = { provider: 'openai', modelId: 'gpt-6-luna', maxOutputTokens: 1000 } as const;
const models: readonly Model[] = asks.map((ask, index) => ({
  ...defineModel(`model-${index}`, async (question) => ({ text: await ask(question), usage: USAGE })),
  ...identity,
}));
const pricing = {
  priceOf: () => ({ usd: 0.001 }),
  countTokens: (text: string) => text.length,
};
const DELTAS = 200;
const writers: readonly Model[] = [0, 1, 2].map((index) => ({
  id: `writer-${index}`,
  ...identity,
  call: () =>
    of(...Array.from({ length: DELTAS }, () => ({ delta: 'word ' })), { text: 'word '.repeat(DELTAS) }),
}));

/** Limits that no call of this benchmark reaches. */
const wide = {
  retry: true,
  circuitBreaker: true,
  concurrency: 1_000_000,
  rateLimit: { requestsPerMinute: 1_000_000_000, burst: 10_000_000 },
} as const;
const budget = { caps: [spendingCap({ maxUsd: 1e6, windowMs: 1000 })], pricing };

const predicting = (options: Partial<EnsembleOptions>) => {
  const ensemble = createEnsemble({ models, ...options } as EnsembleOptions);
  return () => ensemble.predict('What is the capital of France?');
};
const streaming = (options: Partial<EnsembleOptions>) => {
  const ensemble = createEnsemble({ models: writers, ...options } as EnsembleOptions);
  return () => lastValueFrom(ensemble.stream('What is the capital of France?'));
};

const uncached = createEnsemble({ models, cache: true });
let asked = 0;
const usages = Array.from({ length: 1000 }, (_, index) => ({
  inputTokens: 1000 + index,
  outputTokens: index,
}));
const { priceOf } = genaiPrices();
const model = { id: 'openai/gpt-6-luna', provider: 'openai', modelId: 'gpt-6-luna' };

/** Predictions by three models, each a function that settles when the prediction is made. */
export const tasks = {
  predict: predicting({}),
  retry: predicting({ retry: true }),
  circuitBreaker: predicting({ circuitBreaker: true }),
  concurrency: predicting({ concurrency: wide.concurrency }),
  rateLimit: predicting({ rateLimit: wide.rateLimit }),
  budget: predicting({ budget }),
  'all five': predicting({ ...wide, budget }),
  'cache hit': predicting({ cache: true }),
  'cache miss': () => {
    asked += 1;
    return uncached.predict(`What is the capital of country ${asked}?`);
  },
  'a pricing': predicting({ pricing }),
  'genaiPrices()': predicting({ pricing: genaiPrices() }),
  'stream of 200 deltas': streaming({}),
  'the same with retry': streaming({ retry: true }),
  'the same with circuitBreaker': streaming({ circuitBreaker: true }),
  'the same with all five': streaming({ ...wide, budget }),
  'priceOf, 100 calls': async () => {
    for (let call = 0; call < 100; call += 1) {
      asked += 1;
      priceOf(model, usages[asked % usages.length] as (typeof usages)[number]);
    }
  },
  floorFull,
} satisfies Readonly<Record<string, () => Promise<unknown>>>;

export type PolicyTask = keyof typeof tasks;
