import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, type Pricing } from '../../src/index.ts';
import { isUnusable, spendingCap } from '../../src/policies/policies.ts';

/** A dollar for a thousand characters, read or written. */
const pricing: Pricing = {
  priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({ usd: (inputTokens + outputTokens) / 1000 }),
  countTokens: (text) => text.length,
};

/** Asks models whose answers never count, each time with the answer before and the reason. */
const spend = async (maxUsd: number, lengths: readonly number[], reason: string) => {
  const asked: number[] = [];
  const models = lengths.map((length, index) =>
    defineModel(`m${index}`, (_question, { request }) => {
      const inputTokens = request.messages.reduce((sum, { content }) => sum + content.length, 0);
      asked.push(inputTokens);
      const outputTokens = Math.min(length, request.maxOutputTokens ?? length);
      return { text: 'x'.repeat(outputTokens), usage: { inputTokens, outputTokens } };
    }),
  );
  const cap = spendingCap({ maxUsd });
  const ensemble = createEnsemble({
    models,
    pricing,
    check: () => reason,
    retry: { shouldHandle: isUnusable, tellReason: true, maxAttempts: 4, baseDelayMs: 0 },
    budget: { caps: [cap], maxOutputTokens: 100 },
  });
  const { outcomes } = await ensemble.predict('Which?').catch((error) => error);
  const costUsd = (outcomes as { costUsd?: number }[]).reduce(
    (sum, outcome) => sum + (outcome.costUsd ?? 0),
    0,
  );
  return { asked, costUsd, spentUsd: cap.spentUsd() };
};

describe('a model that is told why its answer did not count', () => {
  it('is asked with more each time, which the budget reserves and the account has', async () => {
    const { asked, costUsd, spentUsd } = await spend(1, [100], 'it is too long');
    expect(asked).toHaveLength(4);
    expect(asked[1]).toBeGreaterThan(100);
    expect(costUsd).toBeCloseTo((asked.reduce((sum, input) => sum + input, 0) + 400) / 1000);
    expect(spentUsd).toBeCloseTo(costUsd);
  });

  it('is not asked again beyond a cap, whatever the answers and the reasons are', async () => {
    const amount = fc.double({ min: 0.01, max: 3, noNaN: true });
    const lengths = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 });
    const reason = fc.string({ minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(amount, lengths, reason, async (maxUsd, of, why) => {
        const { costUsd, spentUsd } = await spend(maxUsd, of, why);
        expect(costUsd).toBeLessThanOrEqual(maxUsd + 1e-9);
        expect(spentUsd).toBeCloseTo(costUsd);
      }),
      { numRuns: 60 },
    );
  });
});
