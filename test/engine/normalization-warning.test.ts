import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createEnsemble, defineModel, fieldwise, type Normalization, schema } from '../../src/index.ts';

const warningsFor = async (
  texts: readonly string[],
  normalization?: Normalization,
): Promise<readonly string[]> => {
  const models = texts.map((text, index) => defineModel(`model-${index}`, () => text));
  const options = normalization === undefined ? { models } : { models, normalization };
  const { metadata } = await createEnsemble(options).predict('?');
  return metadata.warnings;
};

describe('metadata.warnings, if all answers differ as texts', () => {
  it.each([
    [
      ['I get 42.', 'It is 42', '42'],
      "all 3 answers differ as texts; `normalization: 'numeric'` would read the same number from 3 of them",
    ],
    [
      ['It is 42.', '42', 'It is 7.'],
      "all 3 answers differ as texts; `normalization: 'numeric'` would read the same number from 2 of them",
    ],
    [
      ['Yes, because it is.', 'Yes.'],
      "all 2 answers differ as texts; `normalization: 'boolean'` would read the same boolean from 2 of them",
    ],
    [
      ['{"a": "x", "b": "y"}', 'Here:\n```json\n{"b": "y", "a": "x"}\n```'],
      "all 2 answers differ as texts; `normalization: 'json'` would read the same JSON value from 2 of them",
    ],
    [
      ['Paris', 'Lyon', 'Rome'],
      "all 3 answers differ as texts, and neither 'numeric', 'boolean' nor 'json' reads the same from two of them; if they mean the same, set `normalization` to `choice(options)`, to `schema(…)`, or to a function that returns the part that counts",
    ],
    [
      ['\\frac{\\sqrt{2}}{2}', '1/√2', 'sin 45°'],
      "all 3 answers differ as texts, and neither 'numeric', 'boolean' nor 'json' reads the same from two of them; if they mean the same, set `normalization` to `choice(options)`, to `schema(…)`, or to a function that returns the part that counts; formulas, to `math()` of crucible-ensemble/math",
    ],
    [
      [
        'Recursion is a function that calls itself.',
        'It solves a problem by a smaller one.',
        'See recursion.',
      ],
      'all 3 answers differ as texts, as answers in prose do; set `grouping` to `byContent()` of crucible-ensemble/grouping, which counts those that say the same',
    ],
    [
      ['{"place": "a long name of a place", "b": 1}', '{"place": "a long name of a place", "b": 2}'],
      "all 2 answers differ as texts, and neither 'numeric', 'boolean' nor 'json' reads the same from two of them; if they mean the same, set `normalization` to `choice(options)`, to `schema(…)`, or to a function that returns the part that counts",
    ],
  ])('of %j', async (texts, warning) => {
    expect(await warningsFor(texts)).toEqual([warning]);
    expect(await warningsFor(texts, 'lowercaseTrim')).toEqual([warning]);
  });

  it.each([
    ['two agree', ['Paris', 'Lyon', 'paris.'], undefined],
    ['all agree', ['Paris', 'paris'], undefined],
    ['there is one answer', ['Paris'], undefined],
    ['the answers are no texts', ['1', '2'], 'numeric'],
    ['a function of the caller reads them', ['Paris', 'Lyon'], (text: string) => text],
  ] as const)('is silent if %s', async (_, texts, normalization) => {
    expect(await warningsFor(texts, normalization)).toEqual([]);
  });
});

describe('metadata.warnings, if all answers are different objects', () => {
  const invoices = [
    { total: 147, vendor: 'Hooke', notes: 'a' },
    { total: 147, vendor: 'Hooke', notes: 'b' },
    { total: 141, vendor: 'Hooke', notes: 'c' },
  ];
  const texts = invoices.map((invoice) => JSON.stringify(invoice));
  const warning =
    'all 3 answers differ, although more than half of them have the same value in 2 of 3 fields; `strategy: fieldwise()` votes on each field';

  it('tells of the fields on which more than half agree', async () => {
    expect(await warningsFor(texts, 'json')).toStrictEqual([warning]);
    const total = z.object({ total: z.number(), vendor: z.string(), notes: z.string() });
    expect(await warningsFor(texts, schema(total))).toStrictEqual([warning]);
  });

  it('is quiet if two agree, if no field does, if fields are voted on, and for other values', async () => {
    expect(await warningsFor([...texts, texts[0] as string], 'json')).toStrictEqual([]);
    expect(await warningsFor(['{"a":1}', '{"a":2}', '{"b":1}'], 'json')).toStrictEqual([]);
    expect(await warningsFor(['[1,2]', '[1,3]', '[1]'], 'json')).toStrictEqual([]);
    const models = texts.map((text, index) => defineModel(`model-${index}`, () => text));
    const fields = createEnsemble({ models, normalization: 'json', strategy: fieldwise() });
    expect((await fields.predict('?')).metadata.warnings).toStrictEqual([]);
  });
});
