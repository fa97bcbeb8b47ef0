import fc from 'fast-check';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FilePart } from '../../src/domain/message.ts';
import { impossibleTotals, mostTokens } from '../../src/domain/most-tokens.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { createEnsemble, type ModelError, type Pricing } from '../../src/index.ts';
import { budget, spendingCap } from '../../src/policies/policies.ts';
import { providerModel } from '../../src/providers/provider-model.ts';

const pricing: Pricing = {
  priceOf: (_model, { inputTokens = 0, outputTokens = 0 }) => ({ usd: (inputTokens + outputTokens) / 1e6 }),
  countTokens: (text) => text.length,
};
const absurd = fc.oneof(
  fc.integer({ min: 20_000_000, max: 2_000_000_000 }),
  fc.double({ min: 1e9, max: 1e300 }),
);
const plain = fc.nat(100_000);
/** Usages of which at least one total cannot be. */
const odd = fc
  .tuple(absurd, plain, fc.constantFrom('inputTokens', 'outputTokens', 'both'))
  .map(([much, little, which]) => ({
    inputTokens: which === 'outputTokens' ? little : much,
    outputTokens: which === 'inputTokens' ? little : much,
  }));

describe('the most tokens of an input', () => {
  const question = { role: 'user', content: 'four' } as const;
  const plain = mostTokens(toRequest('four'));
  const withFile = (file: object): number =>
    mostTokens(
      toRequest({
        messages: [{ role: 'user', content: [{ type: 'text', text: 'four' }, file as FilePart] }],
      }),
    ) - plain;

  it('are those of its tools, and of the instructions for them', () => {
    const tools = { look_up: { description: 'Looks é up.', inputSchema: { type: 'object' } } };
    const json = JSON.stringify(['look_up', tools.look_up]);
    const bytes = new TextEncoder().encode(json).length;
    expect(mostTokens(toRequest({ messages: [question], tools }))).toBe(plain + bytes + 16 + 1000);
  });

  it.each([
    ['an image', { data: 'aGk=', mediaType: 'image/png' }, 5000],
    ['an image at a URL', { data: 'https://files.example/a.png', mediaType: 'image/png' }, 5000],
    ['a small file', { data: 'aGk=', mediaType: 'text/plain' }, 5000],
    ['a file', { data: new Uint8Array(70_000), mediaType: 'application/pdf' }, 70_000],
    [
      'a file beyond any context',
      { data: new Uint8Array(2_000_000), mediaType: 'application/pdf' },
      1_000_000,
    ],
    [
      'a file of an unknown size',
      { data: 'https://files.example/a.pdf', mediaType: 'application/pdf' },
      1_000_000,
    ],
  ])('are those of %s', (_what, file, tokens) => {
    // The line between the texts of a message.
    expect(withFile({ type: 'file', ...file })).toBe(tokens + 1);
  });
});

describe('a usage that no call can have', () => {
  it('is above what was sent and above the limit by more than any model reads or writes', () => {
    const request = { ...toRequest('What is 2 + 2?'), maxOutputTokens: 100 };
    const most = 10_000_000;
    const sent = mostTokens(request);
    expect(impossibleTotals({ inputTokens: most + sent, outputTokens: most + 100 }, request)).toStrictEqual(
      [],
    );
    expect(impossibleTotals({ inputTokens: most + sent + 1 }, request)).toStrictEqual(['inputTokens']);
    expect(impossibleTotals({ outputTokens: most + 101 }, request)).toStrictEqual(['outputTokens']);
    expect(impossibleTotals({}, request)).toStrictEqual([]);
  });

  it('is a cost for a budget if it can be, however high it is', async () => {
    const cap = spendingCap({ maxUsd: 100 });
    const usage = { inputTokens: 5_000_000, outputTokens: 2_000_000 };
    const models = [
      budget({ caps: [cap], maxOutputTokens: 100, pricing })({
        id: 'a',
        call: () => of({ text: '4', usage }),
      }),
    ];
    const { outcomes } = await createEnsemble({ models, pricing }).predict('?');
    expect(cap.spentUsd()).toBe(7);
    expect(outcomes[0]?.warning).toContain('attemptSends');
  });

  it('does not use a cap up: the call is charged with the most, and the outcome has a warning', async () => {
    await fc.assert(
      fc.asyncProperty(odd, async (usage) => {
        const cap = spendingCap({ maxUsd: 1 });
        const models = [
          budget({ caps: [cap], maxOutputTokens: 100, pricing })({
            id: 'a',
            call: () => of({ text: '4', usage }),
          }),
        ];
        const { outcomes } = await createEnsemble({ models, pricing }).predict('?');
        expect(outcomes[0]).toMatchObject({ status: 'answered', costSource: 'estimated' });
        expect(outcomes[0]?.warning).toMatch(/than any call can have/);
        expect(cap.spentUsd()).toBeCloseTo((mostTokens(toRequest('?')) + 100) / 1e6, 6);
      }),
      { numRuns: 30, seed: 12 },
    );
  });

  it('is dropped from the response of a provider, with a warning', async () => {
    await fc.assert(
      fc.asyncProperty(odd, async (usage) => {
        const model = providerModel({
          ...{
            id: 'a',
            provider: 'p',
            modelId: 'm',
            secrets: [],
            hasNoConfidence: false,
            carries: new Set(),
            takes: new Set(),
            settings: {},
          },
          connect: async () => ({}),
          ask: async () => ({ text: '4', usage: { ...usage, reasoningTokens: 1 } }),
          toError: (error) => error as ModelError,
        });
        const { outcomes } = await createEnsemble({ models: [model], pricing }).predict('?');
        const kept = Object.entries(usage).filter(([, tokens]) => tokens < 20_000_000);
        expect(outcomes[0]).toMatchObject({
          costSource: 'estimated',
          response: { usage: Object.fromEntries(kept) },
          warning: expect.stringMatching(/^dropped the (input|output)Tokens/),
        });
        expect(
          Object.keys(outcomes[0]?.status === 'answered' ? (outcomes[0].response.usage ?? {}) : {}),
        ).toHaveLength(kept.length + 1);
      }),
      { numRuns: 20, seed: 12 },
    );
  });
});
