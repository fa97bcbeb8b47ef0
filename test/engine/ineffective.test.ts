import { describe, expect, it } from 'vitest';
import {
  cascade,
  confident,
  createEnsemble,
  decided,
  defineModel,
  type EnsembleOptions,
  hedged,
  hedgeEach,
  type Model,
  parallel,
  type Query,
  type QuerySettings,
  simulated,
  statedConfidence,
  text,
  weighted,
  withConfidence,
} from '../../src/index.ts';
import { retry } from '../../src/policies/policies.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const modelsOf = (...answers: readonly string[]) =>
  answers.map((answer, index) => defineModel(`m${index}`, () => answer));
const sure = ['a', 'b'].map((id) => defineModel(id, () => ({ text: 'x', confidence: 0.95 })));

const warningsOf = async (options: Partial<EnsembleOptions>): Promise<readonly string[]> =>
  (await createEnsemble({ models: modelsOf('x', 'x'), ...options } as EnsembleOptions).predict('?')).metadata
    .warnings;

const vote = () => ({ answer: 'x', consensus: 1, votes: { x: 1 } });

describe('an option that has no effect', () => {
  it.each<readonly [what: string, options: Partial<EnsembleOptions>, warning: RegExp]>([
    [
      '`decided` by bestConfidence',
      { models: sure, strategy: 'bestConfidence', earlyStop: 'decided' },
      /^option "earlyStop" is 'decided', which ends no vote by bestConfidence early, because any pending vote/,
    ],
    [
      'the rule `decided` by bestConfidence that a cascade brings',
      { models: sure, execution: cascade({ confidenceThreshold: 1 }), earlyStop: decided() },
      /^option "earlyStop" is 'decided'.* bestConfidence/,
    ],
    [
      '`decided` by a function of the votes',
      { strategy: vote, earlyStop: 'decided' },
      /^option "earlyStop" is 'decided', which ends no vote by vote early, because a plain function/,
    ],
    [
      'a hedge at the time limit',
      { execution: hedged({ hedgeDelayMs: 50 }), timeoutMs: 50 },
      /^hedged: option "hedgeDelayMs" is 50, but option "timeoutMs" ends a late call after 50 ms/,
    ],
    [
      'a hedge after the deadline',
      { execution: hedged({ hedgeDelayMs: 70 }), deadlineMs: 60 },
      /^hedged: option "hedgeDelayMs" is 70, but option "deadlineMs" ends a late call after 60 ms/,
    ],
    [
      'a hedge of each call after its time limit',
      { execution: hedgeEach({ hedgeDelayMs: 70 })(parallel()), timeoutMs: 60 },
      /^hedgeEach: option "hedgeDelayMs" is 70, but option "timeoutMs"/,
    ],
    [
      'a hedge without another model',
      { models: modelsOf('x'), execution: 'hedged' },
      /^hedged: the panel has one model/,
    ],
    [
      'a hedge without another model, for this query',
      { models: () => modelsOf('x'), execution: 'hedged' },
      /^hedged: the panel has one model/,
    ],
    ['bestConfidence without confidences', { strategy: 'bestConfidence' }, /^bestConfidence: no vote has a/],
    [
      'weighted without confidences',
      { strategy: 'weighted' },
      /^weighted: no vote has a confidence, so that it/,
    ],
    [
      'cascade without confidences',
      { execution: 'cascade' },
      /^cascade: no vote has a confidence, so that it has/,
    ],
    [
      'a rule without confidences',
      { earlyStop: confident(0.5), strategy: 'weighted' },
      /^confident and weighted: no vote has a confidence, so that they have no effect; wrap the models with/,
    ],
    [
      'texts that all differ, kept as they are',
      { models: modelsOf('Polish', 'polish'), normalization: text({ case: 'keep' }) },
      /^all 2 answers differ as texts/,
    ],
    [
      'programs that all differ',
      { models: modelsOf('f(1)', 'f(2)'), normalization: text({ blanks: 'keep' }) },
      /^all 2 answers differ as texts/,
    ],
  ])('is told by every prediction: %s', async (_, options, warning) => {
    expect(await warningsOf(options)).toEqual([expect.stringMatching(warning)]);
  });

  it.each<readonly [what: string, options: Partial<EnsembleOptions>]>([
    ['decided by majority', { earlyStop: 'decided' }],
    ['a share by bestConfidence', { models: sure, strategy: 'bestConfidence', earlyStop: 0.6 }],
    ['a hedge before the time limit', { execution: hedged({ hedgeDelayMs: 49 }), timeoutMs: 50 }],
    ['a learned delay', { execution: hedged({ hedgeDelayMs: 90, delay: { minMs: 1 } }), timeoutMs: 50 }],
    ['no hedges', { execution: hedged({ hedgeDelayMs: 90, maxHedges: 0 }), timeoutMs: 50 }],
    ['samples to hedge with', { models: modelsOf('x'), samples: 2, execution: 'hedged' }],
    ['the same model to hedge with', { models: modelsOf('x'), execution: hedged({ to: 'same' }) }],
    ['one vote with a confidence', { models: [...modelsOf('x'), ...sure], strategy: 'bestConfidence' }],
    ['a hedged panel that has to agree', { execution: 'hedged', strategy: 'unanimous' }],
    ['fixed weights', { strategy: weighted({ weights: { m0: 2 } }) }],
    ['texts of which two agree', { models: modelsOf('a', 'b', 'a'), normalization: text({ case: 'keep' }) }],
  ])('is not seen where there is none: %s', async (_, options) => {
    expect(await warningsOf(options)).toEqual([]);
  });
});

describe('a cascade of models of which none can say how sure it is', () => {
  const apiKey = 'a key of mine';
  const keyed = [
    openai('gpt-6-luna', { apiKey }),
    anthropic('claude-haiku-4-5', { apiKey, maxOutputTokens: 10 }),
    gemini('gemini-flash-latest', { apiKey }),
    openaiCompatible('large', { preset: 'mistral', apiKey }),
  ];
  const refused = (models: readonly Model[], options: Partial<EnsembleOptions> = { execution: 'cascade' }) =>
    expect(() => createEnsemble({ models, ...options } as EnsembleOptions));

  it('is refused, and so is every execution that waits for a sure vote', () => {
    const message =
      /^createEnsemble: cascade: no model of the panel gives a confidence, so that every model would be asked, one after the other; wrap the models with statedConfidence/;
    refused(keyed).toThrow(message);
    refused(keyed, { execution: cascade({ confidenceThreshold: 0 }), strategy: 'majority' }).toThrow(message);
    refused(keyed, { execution: { ...parallel(), earlyStop: confident(0.5) } }).toThrow('parallel: no model');
    refused(keyed, { execution: 'cascade', retry: true, timeoutMs: 10 }).toThrow(message);
  });

  it('is refused for one prediction', async () => {
    const ensemble = createEnsemble({ models: keyed });
    await expect(ensemble.predict('?', { execution: 'cascade' })).rejects.toThrow(
      'predict: cascade: no model',
    );
  });

  it.each<readonly [what: string, model: Model]>([
    ['its own', defineModel('own', () => 'x')],
    ['probabilities', openai('gpt-6-sol', { apiKey, confidence: 'logprobs' })],
    ['probabilities of Gemini', gemini('gemini-pro-latest', { apiKey, confidence: 'logprobs' })],
    ['a statement', statedConfidence(keyed[0] as Model)],
    ['a function', withConfidence(keyed[1] as Model, () => 0.5)],
    [
      'another server, which may give probabilities unasked',
      openai('x', { apiKey, baseURL: 'http://localhost/v1' }),
    ],
    [
      'a wrapper of the caller',
      { ...(keyed[2] as Model), call: (request) => (keyed[2] as Model).call(request) },
    ],
    ['a policy', retry()(keyed[0] as Model)],
    ['an ensemble', createEnsemble({ models: keyed.slice(0, 1) }).asModel('inner')],
  ])('is not refused with one that may: %s', (_, model) => {
    const others = keyed.filter(({ id }) => id !== model.id);
    refused([...others, model]).not.toThrow();
  });

  it('is not refused for other executions, for one model, and for a panel that the query chooses', () => {
    refused(keyed, { strategy: 'weighted' }).not.toThrow();
    refused(keyed.slice(0, 1)).not.toThrow();
    refused((() => keyed) as never).not.toThrow();
  });
});

describe('samples that cannot differ', () => {
  const named = (id: string, settings?: Model['settings']): Model => ({
    ...defineModel(id, () => 'x'),
    settings,
  });
  const asked = async (
    settings: QuerySettings | undefined,
    models: readonly Model[] = [named('m')],
    samples = 3,
  ): Promise<readonly string[]> => {
    const query: Query = { messages: [{ role: 'user', content: '?' }], ...(settings && { settings }) };
    return (await createEnsemble({ models, samples }).predict(query)).metadata.warnings;
  };

  it.each<readonly [cause: string, settings: QuerySettings]>([
    ['temperature 0', { temperature: 0, maxOutputTokens: 9 }],
    ['topP 0', { topP: 0 }],
    ['topK 1', { topK: 1 }],
    ['a seed', { seed: 7 }],
  ])('warn once, set by the query or by the ensemble: %s', async (cause, settings) => {
    const warning = `option "samples" is 3, but samples cannot differ if nothing is left to chance (m with ${cause}): set a temperature above 0 without a seed, or leave "samples" out`;
    expect(await asked(settings)).toStrictEqual([warning]);
    expect(await warningsOf({ models: [named('m')], samples: 3, settings })).toStrictEqual([warning]);
  });

  it('name the models whose own options say so', async () => {
    const models = [
      named('cold', { temperature: 0 }),
      named('warm', { temperature: 1 }),
      named('raw', { temperature: 1, parameters: { temperature: 0 } }),
      named('seeded', { parameters: { seed: 7 } }),
      named('odd', { parameters: 'none' }),
    ];
    const [warning, ...others] = await asked(undefined, models, 2);
    expect(warning).toContain('(cold with temperature 0, raw with temperature 0, seeded with a seed)');
    expect(others).toStrictEqual([]);
  });

  it('are told from samples that can, and from one call', async () => {
    const cold = [named('cold', { temperature: 0 })];
    expect(await asked({ temperature: 0.1 }, cold)).toStrictEqual([]);
    expect(await asked({ temperature: 0, seed: 7 }, cold, 1)).toStrictEqual([]);
    expect(await asked({ maxOutputTokens: 9 })).toStrictEqual([]);
    expect(await asked(undefined, [simulated({ id: 's', seed: 7 })])).toStrictEqual([]);
  });
});
