import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { of } from 'rxjs';
import { isA } from '../../src/domain/foreign.ts';
import { createEnsemble, defineModel, majority } from '../../src/index.ts';
import { hostileErrors, hostilePromises, hostileValues } from '../hooks/hostile.ts';

class Instance {
  readonly #hidden = 1;
  name = 'an instance';

  get hidden(): number {
    return this.#hidden;
  }
}

/** A promise in place of a value; its rejection is handled, because the caller made it. */
const promised = (make: () => unknown): unknown => {
  const value = make();
  if (value instanceof Promise) Promise.prototype.then.call(value, undefined, () => undefined);
  return value;
};

const makers: readonly (() => unknown)[] = [
  ...[
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    -1,
    0.5,
    3,
    Number.NaN,
    Infinity,
    1e21,
    '',
    ' ',
    'a',
    '__proto__',
    'majority',
    10n,
  ].map((value) => () => value),
  ...hostileValues.map(([, make]) => make),
  ...hostileErrors.map(([, make]) => make),
  ...hostilePromises.map(
    ([, make]) =>
      () =>
        promised(make),
  ),
  () => [],
  () => ({}),
  () => [null],
  () => [{}],
  () => [undefined, 1, 'a'],
  () => Object.create(null),
  () => new Map([['a', 1]]),
  () => new Set([1]),
  () => new Date(Number.NaN),
  () => /a/g,
  () => new Uint8Array(3),
  () => new Instance(),
  () => Instance,
  () => () => undefined,
  () => () => Number.NaN,
  () => async () => undefined,
  () => () => {
    throw new RangeError('a bug');
  },
  () => function* () {},
  () => new AbortController().signal,
  () => AbortSignal.abort(),
  () => ({ aborted: false, addEventListener: 1, removeEventListener: 1 }),
  () => new URL('https://a.b'),
];

const model = defineModel('a', () => ({ text: 'Paris', confidence: 0.9, costUsd: 0.01 }));
const ensemble = createEnsemble({ models: [model, defineModel('b', () => 'Paris')] });
const prediction = await ensemble.predict('Capital of France?');
const failure = await createEnsemble({ models: [defineModel('c', () => '')] })
  .predict('?')
  .catch((error: unknown) => error);

/** Values that are right somewhere, so that the arguments after them are reached. */
const valid: readonly (() => unknown)[] = [
  () => model,
  () => [model],
  () => ensemble,
  () => prediction,
  () => [prediction],
  () => failure,
  () => prediction.outcomes,
  () => prediction.outcomes[0],
  () => majority(),
  () => of(prediction.outcomes[0]),
  () => 'What is 2 + 2?',
  () => ({ messages: [{ role: 'user', content: 'What is 2 + 2?' }] }),
  () => ({ priceOf: () => ({ usd: 1 }), countTokens: () => 1 }),
  () => ({ id: '1', question: '?', expected: '4', responses: [{ model: 'a', text: '4' }] }),
  () => [{ id: '1', question: '?', expected: '4', responses: [{ model: 'a', text: '4' }] }],
  () => ({
    condition: 'one',
    question: { id: '1', question: '?', expected: 'Paris' },
    result: prediction,
    score: 1,
  }),
  () => [
    {
      condition: 'one',
      question: { id: '1', question: '?', expected: 'Paris' },
      result: prediction,
      score: 1,
    },
  ],
  () => [{ confidence: 0.5, isRight: true }],
  () => [1, 2, 3],
  () => [0.1, 0.2],
];

const isText = (value: unknown): boolean => typeof value === 'string' || isA(value, URL);

/** Makes a value. The values themselves are not given to fast-check, which reads them, and some throw when they are read. */
export type Make = () => unknown;

/** Wrong values of all kinds, also within objects with the names of the options of an entry, and some right ones. */
export const junkFor = (report: string, hasText = true): fc.Arbitrary<Make> => {
  const api = readFileSync(new URL(`../../etc/${report}`, import.meta.url), 'utf8');
  const names = [
    ...new Set(Array.from(api.matchAll(/^\s+(?:readonly )?(\w+)\??[:(]/gm), ([, name]) => name as string)),
  ];
  const usable = [...makers, ...valid].filter((make) => hasText || !isText(make()));
  const leaf = fc.constantFrom<Make>(...usable);
  const options = (value: fc.Arbitrary<Make>): fc.Arbitrary<Make> =>
    fc
      .dictionary(fc.constantFrom(...names, 'unknown'), value, { maxKeys: 4 })
      .map((made) => () => Object.fromEntries(Object.entries(made).map(([name, make]) => [name, make()])));
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 2, arbitrary: options(fc.oneof(leaf, options(leaf))) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.oneof(leaf, options(leaf)), { maxLength: 3 })
        .map((made) => () => made.map((make) => make())),
    },
  );
};
