import fc from 'fast-check';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { exact, matching, sameSet, within } from '../../src/experiment/experiment.ts';
import {
  adaptive,
  allOf,
  anyOf,
  ConfigError,
  confident,
  consensus,
  createEnsemble,
  decided,
  defineModel,
  firstAnswer,
  hedgeEach,
  majority,
  staggered,
} from '../../src/index.ts';
import { aggregate } from '../../src/metrics/metrics.ts';
import { elect, predictWith, stopWhen, vote } from '../../src/operators/operators.ts';
import {
  budget,
  cache,
  circuitBreaker,
  concurrency,
  fallback,
  rateLimit,
  retry,
  timeout,
} from '../../src/policies/policies.ts';
import { body, delayed, eventStream, json, reset, stalledBody } from '../../src/testing/testing.ts';

const pricing = { priceOf: () => ({ usd: 1 }), countTokens: () => 1 };
const ensemble = createEnsemble({ models: [defineModel('m', () => '4')] });

/** What factories return, each under the name that its messages begin with. */
const made: Readonly<Record<string, (argument: never, other: never, third: never) => unknown>> = {
  budget: budget({ perPredictionUsd: 1, maxOutputTokens: 5, pricing }),
  cache: cache(),
  circuitBreaker: circuitBreaker(),
  concurrency: concurrency({ maxConcurrent: 1 }),
  rateLimit: rateLimit(),
  retry: retry(),
  timeout: timeout(5),
  fallback: (model) => fallback('f', [model]),
  hedgeEach: hedgeEach(),
  staggered: staggered(5),
  adaptive: adaptive(),
  confident: confident(0.5),
  consensus: consensus(0.5),
  decided: decided(),
  firstAnswer: firstAnswer(),
  stopWhen: stopWhen(decided()),
  elect: elect({ voter: majority() }),
  vote: vote(majority()),
  predictWith: predictWith(ensemble),
  aggregate: aggregate(),
  body: body(''),
  delayed: delayed(1, json({})),
  eventStream: eventStream([]),
  reset: reset(),
  stalledBody: stalledBody({}, 1),
  asModel: (id) => ensemble.asModel(id),
};

const scorers = {
  exact: exact(),
  matching: matching(),
  sameSet: sameSet(),
  within: within({ absolute: 1 }),
};

const unreadable = new Proxy(
  {},
  Object.fromEntries(
    ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf'].map((trap) => [
      trap,
      () => {
        throw new RangeError('a trap');
      },
    ]),
  ),
);

const wrong = [null, unreadable];

describe.each(Object.entries(made))('what %s returns', (name, call) => {
  it.each(wrong.map((value) => [value]))('refuses a wrong argument', (value) => {
    expect(() => call(value as never, undefined as never, undefined as never)).toThrow(ConfigError);
    expect(() => call(value as never, undefined as never, undefined as never)).toThrow(
      new RegExp(`^${name}: `),
    );
  });
});

describe('a policy', () => {
  const model = defineModel('m', () => '4');
  const policies = Object.entries(made).slice(0, 8);

  it.each(policies)('%s refuses what is no model', (_, policy) => {
    const value = fc.oneof(
      fc.anything(),
      fc.record({ id: fc.anything(), call: fc.anything() }),
      fc.constantFrom(
        { ...model, id: '' },
        { ...model, modelId: 5n },
        { ...model, provider: Symbol('x') },
        { ...model, id: 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789' },
      ),
    );
    fc.assert(
      fc.property(value, (given) => {
        expect(() => policy(given as never, undefined as never, undefined as never)).toThrow(ConfigError);
      }),
      { seed: 16 },
    );
  });
});

it.each(Object.entries(scorers))('the scorer %s refuses what is no question', (name, score) => {
  expect(() => score('4', null as never, { readAnswer: (text) => text })).toThrow(
    `${name}: the scorer expected`,
  );
  expect(() => score('4', { id: '1', question: '?', expected: '4' } as never, null as never)).toThrow(
    `${name}: the scorer expected { readAnswer }`,
  );
});

it.each([
  ['allOf', allOf],
  ['anyOf', anyOf],
] as const)('%s says which of its rules returned no boolean, or is none', (name, combine) => {
  const rule = combine(() => name === 'allOf', (() => 1) as never);
  expect(() => rule({} as never)).toThrow(`${name}: rules[1] must return true or false, but returned 1`);
  expect(() => combine(undefined as never)).toThrow(`${name}: option "rules[0]" is missing`);
});

it('takes an Observable of any value', () => {
  expect(() => of(1).pipe(stopWhen(decided()) as never)).not.toThrow();
});
