import { concat } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  adaptive,
  ConfigError,
  createEnsemble,
  decided,
  defineModel,
  type EnsembleOptions,
  firstAnswer,
  hedged,
  type Model,
  majority,
  type OverridesFor,
  parallel,
  schema,
  weighted,
} from '../../src/index.ts';
import { type RetryOptions, retry } from '../../src/policies/policies.ts';

let calls: string[] = [];

const counted = (id: string): Model =>
  defineModel(id, () => {
    calls.push(id);
    return '4';
  });

/** Options as they come out of JSON, a form, or a program without types. */
const untyped = (options: Record<string, unknown>): EnsembleOptions => options as unknown as EnsembleOptions;

const faultsIn = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).faults;
  }
  return [];
};

const faultsOfCreating = (options: Record<string, unknown>): readonly string[] =>
  faultsIn(() => createEnsemble(untyped(options)));

const faultsOfPredicting = async (
  overrides: Record<string, unknown>,
  options: Partial<EnsembleOptions> = {},
): Promise<readonly string[]> => {
  calls = [];
  const ensemble = createEnsemble({ models: [counted('a'), counted('b')], ...options });
  const error = await ensemble.predict('?', overrides as OverridesFor<string>).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect(calls).toStrictEqual([]);
  return error.faults;
};

describe('options that cannot work', () => {
  it('are told all at once, in one ConfigError, before any call', () => {
    calls = [];
    const faults = faultsOfCreating({
      models: [counted('a'), counted('b'), counted('a')],
      execution: 'paralell',
      strategy: 'plurality',
      normalization: 'integer',
      timeoutMs: -5,
      minResponses: 4,
      earlyStop: 1.5,
      minResponces: 2,
    });
    expect(faults).toStrictEqual([
      "createEnsemble: option \"execution\" must be 'parallel', 'sequential', 'hedged', 'cascade', or { schedule, earlyStop }, such as parallel() or { schedule: yours }, but got \"paralell\"; did you mean 'parallel'?",
      "createEnsemble: option \"strategy\" must be 'majority', 'weighted', 'bestConfidence', 'unanimous', a voter, such as majority(), or a function of the votes, but got \"plurality\"",
      "createEnsemble: option \"normalization\" must be 'lowercaseTrim', 'numeric', 'boolean', 'json', or a function of the text, but got \"integer\"; did you mean 'numeric'?",
      'createEnsemble: option "timeoutMs" must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got -5',
      'createEnsemble: option "earlyStop" must be \'decided\', a share from 0 to 1, a stop rule such as decided(), or false, but got 1.5',
      'createEnsemble: there is no option "minResponces"; did you mean "minResponses"?',
      expect.stringContaining('option "models" must have each id once, but has "a" more than once'),
    ]);
    expect(calls).toStrictEqual([]);
  });

  it('are named in the message', () => {
    expect(() => createEnsemble({ models: [] })).toThrow(
      'createEnsemble: option "models" must name at least one model, but is empty',
    );
    expect(() => createEnsemble({ models: [], timeoutMs: 0 })).toThrow(
      /^2 faults:\n- createEnsemble: option "/,
    );
  });

  it.each([
    [
      {},
      'createEnsemble: option "models" is missing; it must be an array of models, or a function of the query',
    ],
    [
      { models: undefined },
      'createEnsemble: option "models" is missing; it must be an array of models, or a function of the query',
    ],
    [
      { models: 'gpt' },
      'createEnsemble: option "models" must be an array of models, or a function of the query, but got "gpt"; make a model of it, such as openai(\'…\'), or use createAutoEnsemble of crucible-ensemble/auto, which takes names',
    ],
    [
      { models: ['gpt'] },
      'createEnsemble: models[0] must be a model, { id, call }, but got "gpt"; make a model of it, such as openai(\'…\'), or use createAutoEnsemble of crucible-ensemble/auto, which takes names',
    ],
    [{ models: [null] }, 'createEnsemble: models[0] must be a model, { id, call }, but got null'],
    [
      { models: [{ id: '', call: () => undefined }] },
      'createEnsemble: models[0] must be a model, { id, call }, but got an object',
    ],
  ])('such as the models in %j are refused', (options, fault) => {
    expect(faultsOfCreating(options)).toStrictEqual([fault]);
  });

  it.each([0, -1, 1.5, Number.NaN, '2'])('such as `minResponses` of %s are refused', (minResponses) => {
    expect(faultsOfCreating({ models: [counted('a')], minResponses })[0]).toMatch(
      /^createEnsemble: option "minResponses" must be an integer of at least 1, but got /,
    );
  });

  it('such as more `minResponses` than the panel makes calls are refused', () => {
    const models = [counted('a'), counted('b')];
    expect(faultsOfCreating({ models, minResponses: 3 })).toStrictEqual([
      'createEnsemble: option "minResponses" must be at most the calls of the panel, 2, but got 3; lower it, or add models or "samples"',
    ]);
    expect(faultsOfCreating({ models, minResponses: 3, samples: 2 })).toStrictEqual([]);
  });

  it('such as weights for models that are not in the panel are refused', () => {
    expect(
      faultsOfCreating({ models: [counted('a')], strategy: weighted({ weights: { a: 1, b: 2 } }) }),
    ).toStrictEqual([
      'weighted: option "weights" names "b", but the panel is a: correct the id, or remove it',
    ]);
    expect(faultsIn(() => weighted({ weights: { a: -1, b: Number.NaN } }))).toHaveLength(2);
  });

  it.each([
    ['execution', parallel],
    ['execution', hedged],
    ['execution', {}],
    ['execution', { schedule: 'merge' }],
    ['execution', { ...parallel(), earlyStop: 0.7 }],
    ['execution', { ...parallel(), stopWhen: decided() }],
    ['execution', { ...parallel(), earlyStop: decided }],
    ['execution', { ...parallel(), minResponses: 2 }],
    ['strategy', majority],
    ['strategy', weighted],
    ['strategy', { name: 'half a voter', init: () => 0 }],
    ['earlyStop', true],
    ['earlyStop', Number.NaN],
    ['earlyStop', decided],
    ['earlyStop', firstAnswer],
    ['earlyStop', adaptive],
    ['timeoutMs', null],
    ['normalization', /\d+/],
  ])('such as the %s %o, which would fail late and oddly, are refused', (option, value) => {
    const faults = faultsOfCreating({ models: [counted('a')], [option]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`createEnsemble: option "${option}" must be `);
  });

  it.each([undefined, null, 4, 'models'])('such as %s are refused', (options) => {
    expect(() => createEnsemble(options as unknown as EnsembleOptions)).toThrow(ConfigError);
  });

  it('such as a signal for all predictions to come are refused', () => {
    const [fault] = faultsOfCreating({ models: [counted('a')], signal: new AbortController().signal });
    expect(fault).toMatch(/^createEnsemble: there is no option "signal"/);
  });
});

describe('options of a class, with getters or inherited defaults', () => {
  class Settings {
    get models(): readonly Model[] {
      return panel;
    }
    get timeoutMs(): number {
      return 20;
    }
  }
  const panel = [counted('a'), counted('b')];

  it('hold for predictions without and with overrides', async () => {
    const ensemble = createEnsemble(new Settings());
    for (const overrides of [undefined, { samples: 2 }]) {
      const { metadata } = await ensemble.predict('?', overrides);
      expect(metadata.modelsUsed).toStrictEqual(['a', 'b']);
    }
  });

  it('are checked as any others', () => {
    class Wrong extends Settings {
      override get timeoutMs(): number {
        return -1;
      }
    }
    expect(faultsIn(() => createEnsemble(new Wrong()))).toStrictEqual([
      expect.stringMatching(/^createEnsemble: option "timeoutMs" must be /),
    ]);
    const inherited: RetryOptions = Object.create({ maxAttempts: 0 });
    expect(faultsIn(() => retry(inherited))).toStrictEqual([
      'retry: option "maxAttempts" must be an integer of at least 1, but got 0',
    ]);
  });
});

describe('overrides', () => {
  it('may name a policy that is undefined, as any option that is not given', async () => {
    const ensemble = createEnsemble({ models: [counted('a')] });
    const overrides = { retry: undefined, samples: 2 } as OverridesFor<string>;
    expect((await ensemble.predict('?', overrides)).outcomes).toHaveLength(2);
  });

  it('that cannot work reject the prediction, all at once, before any call', async () => {
    expect(await faultsOfPredicting({ timeoutMs: 0, minResponses: 9, retries: 3 })).toStrictEqual([
      'predict: option "timeoutMs" must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got 0',
      expect.stringMatching(/^predict: there is no option "retries"/),
      'predict: option "minResponses" must be at most the calls of the panel, 2, but got 9; lower it, or add models or "samples"',
    ]);
  });

  it('error in a stream as well', async () => {
    const { stream } = createEnsemble({ models: [counted('a')] });
    await expect(Array.fromAsync(stream('?', { timeoutMs: -1 }))).rejects.toBeInstanceOf(ConfigError);
  });

  it('hold for one prediction', async () => {
    const ensemble = createEnsemble({ models: [counted('a'), counted('b'), counted('c')] });
    const overridden = await ensemble.predict('?', {
      models: [counted('d')],
      strategy: 'weighted',
      execution: 'cascade',
    });
    expect(overridden.metadata).toMatchObject({
      modelsUsed: ['d'],
      strategy: 'weighted',
      execution: 'cascade',
    });
    const { metadata } = await ensemble.predict('?');
    expect(metadata).toMatchObject({
      modelsUsed: ['a', 'b', 'c'],
      strategy: 'majority',
      execution: 'parallel',
    });
  });

  it('that are undefined were not given, and leave the ensemble as it is', async () => {
    const ensemble = createEnsemble({
      models: [counted('a'), counted('b')],
      strategy: 'weighted',
      execution: 'sequential',
      normalization: 'numeric',
    });
    const nothing = {
      models: undefined,
      strategy: undefined,
      execution: undefined,
      normalization: undefined,
    };
    const { answer, metadata } = await ensemble.predict('?', nothing as unknown as OverridesFor<string>);
    expect(answer).toBe(4);
    expect(metadata).toMatchObject({ strategy: 'weighted', execution: 'sequential', modelsUsed: ['a', 'b'] });
  });

  it.each([
    null,
    'a text',
    {},
    { aborted: false, addEventListener() {} },
    new AbortController(),
    () => undefined,
  ])('refuse %o, which is no signal', async (signal) => {
    expect(await faultsOfPredicting({ signal })).toStrictEqual([
      expect.stringMatching(/^predict: option "signal" must be an AbortSignal, but got /),
    ]);
  });

  it('take every option', async () => {
    const ensemble = createEnsemble({ models: [counted('a'), counted('b'), counted('c')] });
    calls = [];
    const { answer } = await ensemble.predict('?', {
      normalization: 'numeric',
      minResponses: 1,
      earlyStop: ({ successes: cast }) => cast === 1,
      timeoutMs: 10,
    });
    expect(answer).toBe(4);
    expect(calls).toStrictEqual(['a']);
  });
});

describe('a schema that has no JSON Schema of its own', () => {
  it('normalizes like any other', async () => {
    const normalization = schema(z.string().transform(Number));
    const { answer } = await createEnsemble({ models: [counted('a')], normalization }).predict('?');
    expect(answer).toBe(4);
  });
});

describe('models chosen by the query', () => {
  const panels: Readonly<Record<string, readonly Model[]>> = {
    easy: [counted('small')],
    hard: [counted('small'), counted('medium'), counted('large')],
  };
  const ensemble = createEnsemble({ models: (query) => panels[String(query)] ?? [] });

  it('are asked, and no others', async () => {
    expect((await ensemble.predict('easy')).metadata.modelsUsed).toStrictEqual(['small']);
    expect((await ensemble.predict('hard')).metadata.modelsUsed).toStrictEqual(['small', 'medium', 'large']);
  });

  it('are checked like any others, before any call', async () => {
    calls = [];
    const faultsFor = (models: unknown) =>
      createEnsemble({ models: () => models as readonly Model[] })
        .predict('?')
        .catch((error) => error.faults);
    expect(await ensemble.predict('unknown').catch((error) => error.faults)).toStrictEqual([
      'createEnsemble: models(query): option "models" must name at least one model, but is empty',
    ]);
    expect(await faultsFor(undefined)).toStrictEqual([
      'createEnsemble: models(query) must be an array of models, but got undefined',
    ]);
    expect(await faultsFor([counted('a'), counted('a')])).toStrictEqual([
      expect.stringContaining(
        'models(query): option "models" must have each id once, but has "a" more than once',
      ),
    ]);
    expect(calls).toStrictEqual([]);
  });

  it('may be fewer than there are weights for', async () => {
    const weighing = createEnsemble({
      models: (query) => panels[String(query)] ?? [],
      strategy: weighted({ weights: { small: 1, large: 3 } }),
    });
    expect((await weighing.predict('easy')).metadata.votes).toStrictEqual({ 4: 1 });
    expect((await weighing.predict('hard')).metadata.votes).toStrictEqual({ 4: 5 });
  });
});

describe('a configuration out of JSON', () => {
  it('changes no prototype', async () => {
    const options = JSON.parse('{"__proto__": {"polluted": true}, "timeoutMs": 100}');
    expect(faultsOfCreating({ models: [counted('a')], ...options, ['__proto__']: 1 })).toHaveLength(1);
    expect(await faultsOfPredicting(options)).toStrictEqual([
      expect.stringMatching(/^predict: there is no option "__proto__"/),
    ]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('may weigh a model named __proto__', async () => {
    const weights = JSON.parse('{"__proto__": 3, "constructor": 2}');
    const { metadata } = await createEnsemble({
      models: [counted('__proto__'), counted('constructor'), counted('toString')],
      strategy: weighted({ weights }),
    }).predict('?');
    expect(metadata.votes).toStrictEqual({ 4: 6 });
    expect({}).not.toHaveProperty('4');
  });

  it('may name an execution of its own whatever it likes', async () => {
    const { metadata } = await createEnsemble({
      models: [counted('a')],
      execution: { name: '__proto__', schedule: (all) => concat(...all) },
    }).predict('?');
    expect(metadata.execution).toBe('__proto__');
  });
});
