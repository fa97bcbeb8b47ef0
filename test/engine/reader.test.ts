import { describe, expect, it } from 'vitest';
import {
  type Answered,
  abstain,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type ModelResponse,
  type Outcome,
  type Prediction,
  type Pricing,
} from '../../src/index.ts';

/** What becomes of a response, next to a second model that answers as one should. */
const predictionOf = async (
  response: unknown,
  options: Partial<EnsembleOptions> = {},
): Promise<Prediction & { readonly outcome: Outcome }> => {
  const prediction = await createEnsemble({
    models: [
      defineModel('odd', async () => response as ModelResponse),
      defineModel('sound', async () => '4'),
    ],
    strategy: 'weighted',
    timeoutMs: 50,
    minResponses: 1,
    ...options,
  }).predict('?');
  const [outcome] = prediction.outcomes;
  if (outcome === undefined) throw new Error('the account is empty');
  return { ...prediction, outcome };
};

/** What a confidence cannot be. */
const odd = [Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.5, '0.9', true, 1n, Symbol('odd'), {}];

describe('a confidence', () => {
  it.each([0, 0.5, 1])('of %s counts', async (confidence) => {
    const { outcome, metadata } = await predictionOf({ text: '4', confidence });
    expect(outcome).toMatchObject({ status: 'answered', confidence });
    expect(outcome).not.toHaveProperty('warning');
    expect(metadata.votes).toStrictEqual({ 4: 1 + confidence });
  });

  it.each(odd)('of %o is dropped with a warning, and the vote counts without it', async (confidence) => {
    const { outcome, metadata, answer } = await predictionOf({ text: '4', confidence });
    expect(outcome).toMatchObject({ status: 'answered', confidence: undefined });
    expect((outcome as Answered).warning).toMatch(/^dropped a confidence of /);
    expect(metadata.votes).toStrictEqual({ 4: 2 });
    expect(metadata.confidence).toBeUndefined();
    expect(answer).toBe('4');
  });

  it.each([undefined, null])('of %s is none, and no reason to warn', async (confidence) => {
    const { outcome } = await predictionOf({ text: '4', confidence });
    expect(outcome).toMatchObject({ status: 'answered', confidence: undefined });
    expect(outcome).not.toHaveProperty('warning');
  });

  it('says where it comes from, where the model does and it counts', async () => {
    const confidenceSource = 'logprobs';
    const { outcome } = await predictionOf({ text: '4', confidence: 0.5, confidenceSource });
    expect(outcome).toMatchObject({ confidence: 0.5, confidenceSource });
    const dropped = await predictionOf({ text: '4', confidence: 7, confidenceSource });
    expect(dropped.outcome).not.toHaveProperty('confidenceSource');
  });

  it('that cannot be true never wins an election by it', async () => {
    const sure = [Number.NaN, 7, Number.POSITIVE_INFINITY].map((confidence, index) =>
      defineModel(`odd-${index}`, () => ({ text: '5', confidence })),
    );
    const sound = defineModel('sound', () => ({ text: '4', confidence: 0.3 }));
    for (const models of [
      [...sure, sound],
      [sound, ...sure],
    ]) {
      const { answer } = await createEnsemble({ models, strategy: 'bestConfidence' }).predict('?');
      expect(answer).toBe('4');
    }
  });
});

describe('a cost', () => {
  it.each([0, 0.002])('of %s USD counts', async (costUsd) => {
    const { outcome, metadata } = await predictionOf({ text: '4', costUsd });
    expect(outcome).toMatchObject({ costUsd, costSource: 'reported' });
    expect(metadata).toMatchObject({ costUsd, costSource: 'partial', costBreakdown: { odd: costUsd } });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, '0.002', true, 1n, Symbol('odd'), {}])(
    'of %o is dropped with a warning, and is not known then',
    async (costUsd) => {
      const { outcome, metadata } = await predictionOf({ text: '4', costUsd });
      expect(outcome).toMatchObject({ status: 'answered', costUsd: undefined, costSource: 'unknown' });
      expect((outcome as Answered).warning).toMatch(/^dropped a cost of /);
      expect(metadata.costUsd).toBeUndefined();
      expect(metadata.costSource).toBe('unknown');
    },
  );

  it.each([undefined, null])('of %s is unknown, which is not 0', async (costUsd) => {
    const { outcome, metadata } = await predictionOf({ text: '4', costUsd });
    expect(outcome).toMatchObject({ costUsd: undefined, costSource: 'unknown' });
    expect(outcome).not.toHaveProperty('warning');
    expect(metadata.costUsd).toBeUndefined();
  });
});

describe('a pricing', () => {
  const usage = { inputTokens: 1000, outputTokens: 10 };

  it('knows the cost of a call by the tokens that it reports, or else about the cost, by the texts', async () => {
    const pricing: Pricing = {
      priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({ usd: inputTokens + 10 * outputTokens }),
      countTokens: (text) => text.length,
    };
    const { outcomes, metadata } = await predictionOf({ text: '4', usage }, { pricing });
    expect(outcomes).toMatchObject([
      { costUsd: 1100, costSource: 'reported' },
      { costUsd: expect.any(Number), costSource: 'estimated' },
    ]);
    expect(metadata.costUsd).toBe(1100 + (outcomes[1]?.costUsd ?? 0));
    const said = await predictionOf({ text: '4', usage, costUsd: 3 }, { pricing });
    expect(said.outcome).toMatchObject({ costUsd: 3, costSource: 'reported' });
  });

  const bug = (): never => {
    throw new Error('cache tokens above input');
  };

  it.each([
    ['throws', { priceOf: bug, countTokens: bug }],
    ['throws when it counts', { priceOf: () => ({ usd: 1 }), countTokens: bug }],
    ['gives NaN', { priceOf: () => ({ usd: Number.NaN }), countTokens: (): number => 1 }],
    ['gives less than 0', { priceOf: () => ({ usd: -1 }), countTokens: (): number => 1 }],
    ['knows nothing', { priceOf: () => undefined, countTokens: (): number => 1 }],
  ] satisfies [string, Pricing][])(
    'that %s leaves the cost unknown, and the votes as they are',
    async (_, pricing) => {
      const silent = defineModel('silent', () => new Promise<string>(() => undefined));
      const { metadata, outcomes } = await createEnsemble({
        models: [defineModel('a', async () => '4'), defineModel('b', async () => '4'), silent],
        earlyStop: 'decided',
        pricing,
      }).predict('?');
      expect(metadata).toMatchObject({ votes: { 4: 2 }, costUsd: undefined, costSource: 'unknown' });
      expect(outcomes.map(({ status }) => status)).toStrictEqual(['answered', 'answered', 'cancelled']);
    },
  );
});

describe('a response', () => {
  it.each([undefined, null, 4, true, {}, { text: 4 }, { text: null }, { answer: '4' }])(
    'of %o is no vote: the call has failed',
    async (response) => {
      const { outcome, metadata } = await predictionOf(response);
      expect(outcome).toMatchObject({
        status: 'failed',
        error: { name: 'MalformedResponseError', model: 'odd' },
      });
      expect(metadata).toMatchObject({ votes: { 4: 1 }, failures: 1, successes: 1 });
    },
  );

  it('that throws when it is looked at fails its own call, and no other', async () => {
    const hostile = {
      get text(): string {
        throw new Error('do not look');
      },
    };
    const { outcome, metadata } = await predictionOf(hostile);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { name: 'MalformedResponseError', model: 'odd' },
    });
    expect(metadata.votes).toStrictEqual({ 4: 1 });
  });

  it('that is too long is not given to a normalizer of the caller either', async () => {
    const lengths: number[] = [];
    const normalization = (text: string): string => {
      lengths.push(text.length);
      return 'read';
    };
    const { outcome } = await predictionOf({ text: 'x'.repeat(1_048_577) }, { normalization });
    expect(outcome).toMatchObject({
      status: 'abstained',
      reason: expect.stringContaining('1048577 characters'),
    });
    expect(lengths).toStrictEqual([1]);
  });

  it('that is too long is not read, and abstains', async () => {
    const { outcome, metadata } = await predictionOf(`4${' '.repeat(10_000_000)}`);
    expect(outcome).toMatchObject({ status: 'abstained' });
    expect(metadata).toMatchObject({ votes: { 4: 1 }, abstentions: 1 });
  });

  it('of brackets a million deep is survived', async () => {
    const { outcome } = await predictionOf('['.repeat(1_000_000), { normalization: 'json' });
    expect(outcome.status).toBe('abstained');
  });

  it('is folded once: full-width digits, zero-width characters and half pairs make no other answer', async () => {
    for (const text of ['４', '4\u200b', '\ufeff4', '4\u2060']) {
      const { metadata } = await predictionOf(text);
      expect(metadata.votes).toStrictEqual({ 4: 2 });
    }
    const { outcome } = await predictionOf('\ud800 4');
    expect((outcome as Answered<string>).key.isWellFormed()).toBe(true);
  });

  it('is told as the model wrote it, whatever was read out of it', async () => {
    const { text, answer } = await predictionOf('  PARIS.  ', {
      models: [defineModel('odd', () => '  PARIS.  ')],
    });
    expect({ text, answer }).toStrictEqual({ text: '  PARIS.  ', answer: 'paris' });
  });
});

describe('a normalizer of one’s own', () => {
  it('that throws makes its model abstain, and says so by name', async () => {
    const fragile = (text: string) => {
      if (text === 'bad') throw new RangeError('a secret');
      return text;
    };
    const { outcome, metadata } = await predictionOf('bad', { normalization: fragile });
    expect(outcome).toMatchObject({ status: 'abstained', reason: 'fragile threw RangeError' });
    expect(metadata).toMatchObject({ votes: { 4: 1 }, abstentions: 1 });
  });

  it.each([undefined, null])('abstains by returning %s', async (nothing) => {
    const picky = (text: string) => (text === 'bad' ? nothing : text);
    const { outcome } = await predictionOf('bad', { normalization: picky });
    expect(outcome).toMatchObject({ status: 'abstained', reason: 'picky found no answer' });
  });

  it('abstains with its own reason', async () => {
    const picky = (text: string) => (text === 'bad' ? abstain('it is bad') : text);
    const { outcome } = await predictionOf('bad', { normalization: picky });
    expect(outcome).toMatchObject({ status: 'abstained', reason: 'it is bad' });
  });

  it.each([() => 4, Symbol('4'), new Map()])(
    'may not yield %o: what has no key of its own is no vote, and breaks nothing',
    async (answer) => {
      const unkeyed = (text: string): unknown => (text === 'bad' ? answer : text);
      const { outcome, metadata } = await predictionOf('bad', { normalization: unkeyed });
      expect(metadata.votes).toStrictEqual({ 4: 1 });
      expect(outcome.status).toBe('abstained');
    },
  );

  it('may yield 0, false and the empty text, which are answers', async () => {
    for (const answer of [0, false, '', 0n]) {
      const { outcome } = await predictionOf('x', { normalization: () => answer });
      expect(outcome).toMatchObject({ status: 'answered', answer, key: String(answer) });
    }
  });
});
