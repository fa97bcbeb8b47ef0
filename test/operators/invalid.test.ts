import { describe, expect, it } from 'vitest';
import { createEnsemble, decided, defineModel, majority } from '../../src/index.ts';
import { ask, elect, predictWith, stopWhen, vote } from '../../src/operators/operators.ts';

const model = defineModel('a', () => '4');

/** As JavaScript calls them. */
const untyped = (call: unknown) => call as (...values: readonly unknown[]) => unknown;

describe('an operator refuses', () => {
  it.each([
    [
      'a voter by name',
      () => untyped(vote)('majority'),
      'vote: option "voter" must be a voter, such as majority()',
    ],
    ['a voter that was not called', () => untyped(vote)(majority), 'vote: option "voter" must be a voter'],
    ['no voter', () => untyped(vote)(), 'vote: option "voter" is missing'],
    ['a rule by name', () => untyped(stopWhen)('decided'), 'stopWhen: option "rule" must be a stop rule'],
    [
      'a rule that was not called',
      () => untyped(stopWhen)(decided),
      'stopWhen: option "rule" must be a stop rule',
    ],
    [
      'a voter for the options of elect',
      () => untyped(elect)(majority()),
      'elect: option "voter" is missing',
    ],
    ['no options of elect', () => untyped(elect)(), 'elect: expected an options object, but got undefined'],
    [
      'an option that elect does not have',
      () => untyped(elect)({ voter: majority(), earlyStop: decided() }),
      'elect: there is no option "earlyStop"',
    ],
    [
      'options for an ensemble',
      () => untyped(predictWith)({ models: [model] }),
      'predictWith: expected an ensemble of createEnsemble, but got an object',
    ],
    [
      'a normalization for predictWith, which would change the type of its answers',
      () => untyped(predictWith)(createEnsemble({ models: [model] }), { normalization: 'numeric' }),
      'predictWith: there is no option "normalization"',
    ],
    ['a model by name', () => untyped(ask)('gpt', '?'), 'ask: option "model" must be a model'],
    ['no query', () => untyped(ask)(model), 'ask: the query must be a string'],
  ])('%s', (_, make, fault) => {
    expect(make).toThrow(fault);
  });
});

describe('predictAll', () => {
  it.each([5, null, undefined, {}, 'What is 2 + 2?'])('refuses %o, which has no queries', (queries) => {
    const { predictAll } = createEnsemble({ models: [model] });
    expect(() => untyped(predictAll)(queries)).toThrow(
      'predictAll: expected an iterable of queries, but got',
    );
  });
});

describe('predict', () => {
  it('refuses a signal in place of its overrides, which would go unnoticed', async () => {
    const { predict } = createEnsemble({ models: [model] });
    await expect(untyped(predict)('?', new AbortController().signal)).rejects.toThrow(
      'predict: expected overrides, such as { signal }, but got an AbortSignal',
    );
  });

  it.each([5, 'a text', [], true])('refuses %o in place of its overrides', async (overrides) => {
    const { predict } = createEnsemble({ models: [model] });
    await expect(untyped(predict)('?', overrides)).rejects.toThrow(
      'predict: expected overrides, such as { signal }',
    );
  });

  it('lets a model abstain if its normalizer returns a promise, and handles its rejection', async () => {
    const models = ['yes', 'no', 'maybe'].map((text) => defineModel(text, () => text));
    const normalization = async (text: string): Promise<string> => {
      throw new Error(text);
    };
    const error = await createEnsemble({ models, normalization })
      .predict('?')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'InsufficientResponsesError',
      outcomes: models.map(({ id }) => ({
        model: id,
        status: 'abstained',
        reason: 'normalization returned a promise: a normalizer must return its answer',
      })),
    });
  });
});
