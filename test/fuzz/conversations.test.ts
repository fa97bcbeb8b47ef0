import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { asPromise } from '../../src/domain/foreign.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { unhandledDuring } from '../hooks/unhandled-during.ts';

/** More for a longer search: `FUZZ_RUNS=5000 npx vitest run test/fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 12);

const models = ['a', 'b'].map((id) => defineModel(id, () => ({ text: 'Paris', costUsd: 0.001 })));
const pricing = { priceOf: () => ({ usd: 0.001 }), countTokens: (text: string) => text.length };

const ensembles = {
  plain: createEnsemble({ models }),
  'with every policy': createEnsemble({
    models,
    pricing,
    retry: true,
    circuitBreaker: true,
    concurrency: 5,
    rateLimit: 1e6,
    cache: true,
    budget: { perPredictionUsd: 1, maxOutputTokens: 10 },
  }),
};

const role = fc.oneof(fc.constantFrom('user', 'assistant', 'system', ''), fc.jsonValue());
const content = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue());
const turn = fc.oneof(
  { weight: 4, arbitrary: fc.record({ role, content }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const conversation = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      messages: fc.oneof(
        { weight: 5, arbitrary: fc.array(turn, { maxLength: 5 }) },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      system: content,
      prompt: content,
    },
    { requiredKeys: ['messages'] },
  ),
);

it.each(Object.entries(ensembles))(
  'an ensemble %s answers any JSON as a query, or refuses it',
  async (_name, ensemble) => {
    const unhandled = await unhandledDuring(() =>
      fc.assert(
        fc.asyncProperty(conversation, async (query) => {
          const forms = [
            () => ensemble.predict(query as never),
            () => Array.fromAsync(ensemble.predictAll([query as never], { onError: 'throw' })),
            () => Array.fromAsync(ensemble.stream(query as never)),
          ];
          const results = await Promise.allSettled(forms.map((form) => asPromise<unknown>(form)));
          const refused = results.filter((result) => result.status === 'rejected');
          for (const { reason } of refused) expect(reason).toBeInstanceOf(ConfigError);
          expect([0, forms.length]).toContain(refused.length);
        }),
        { numRuns: RUNS, seed: SEED },
      ),
    );
    expect(unhandled).toStrictEqual([]);
  },
);
