import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEnsemble, defineModel, type Prediction } from '../../src/index.ts';
import { memoryStore } from '../../src/policies/cache-store.ts';
import { cache } from '../../src/policies/policies.ts';

/** What a model writes; nothing, or a text that is cut off, does not count and is not stored. */
const reply = fc.record({
  text: fc.constantFrom('yes', 'no', ''),
  finishReason: fc.constantFrom('stop' as const, 'length' as const),
  costUsd: fc.constantFrom(0.5, undefined),
});

/** Questions that are asked at the same time, and then others; a check may be asynchronous, and one may leave at once. */
const round = fc.array(
  fc.record({
    question: fc.constantFrom('a', 'b'),
    accepts: fc.constantFrom(undefined, 'unfinished' as const, 'by a promise' as const, 'never' as const),
    leaves: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

const shown = ({ answer, metadata, outcomes }: Prediction): unknown => ({
  answer,
  ...metadata,
  latencyMs: 0,
  outcomes: outcomes.map((outcome) => ({ ...outcome, latencyMs: 0 })),
});

const checks = { 'by a promise': async () => true, never: () => 'no' } as const;

it('answers from its own store, at hand, as from one that it shares the lookup of', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(reply, { minLength: 1, maxLength: 4 }),
      fc.array(round, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (replies, rounds, keepUnusable) => {
        const [own, given] = await Promise.all(
          [false, true].map(async (isGiven) => {
            const asked: string[] = [];
            const policy = cache({ keepUnusable, ...(isGiven && { store: memoryStore(100) }) });
            const models = ['m', 'n'].map((id) =>
              policy(
                defineModel(id, async (question) => {
                  asked.push(`${id} ${question}`);
                  return replies[asked.length % replies.length] as (typeof replies)[number];
                }),
              ),
            );
            const ensemble = createEnsemble({ models, normalization: 'lowercaseTrim', minResponses: 1 });
            const seen: unknown[] = [];
            for (const questions of rounds) {
              const results = questions.map(({ question, accepts, leaves }) => {
                const options = {
                  ...(accepts === 'unfinished' && { acceptUnfinished: true }),
                  ...((accepts === 'by a promise' || accepts === 'never') && { check: checks[accepts] }),
                };
                const leaving = new AbortController();
                const result = ensemble.predict(question, { ...options, signal: leaving.signal });
                if (leaves) leaving.abort();
                return result.then(shown, (error: Error & { outcomes: readonly { latencyMs: number }[] }) => [
                  error.name,
                  error.outcomes.map((outcome) => ({ ...outcome, latencyMs: 0 })),
                ]);
              });
              seen.push(await Promise.all(results), [...asked]);
            }
            return seen;
          }),
        );
        expect(own).toEqual(given);
      },
    ),
    { numRuns: 300 },
  );
});
