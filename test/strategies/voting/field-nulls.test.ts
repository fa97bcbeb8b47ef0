import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { z } from 'zod';
import {
  createEnsemble,
  defineModel,
  type FieldRule,
  fieldwise,
  majority,
  median,
  rowwise,
  schema,
  setVote,
  trimmedMean,
  type Voter,
} from '../../../src/index.ts';

const panelOf = (answers: readonly unknown[]) =>
  answers.map((answer, index) => defineModel(`m${index}`, () => JSON.stringify(answer)));

const predictedBy = (strategy: Voter, answers: readonly unknown[]) =>
  createEnsemble({ models: panelOf(answers), normalization: 'json', strategy }).predict('?');

const warningsOf = async (strategy: Voter, answers: readonly unknown[]): Promise<readonly string[]> => {
  const { metadata } = await predictedBy(strategy, answers);
  return metadata.warnings.filter((warning) => /rule|rowwise/.test(warning));
};

test.each<[string, FieldRule, readonly unknown[], unknown, number]>([
  ['most say null to a number', 'median', [7, null, null], null, 2 / 3],
  ['all say null to a number', trimmedMean(), [null, null], null, 1],
  ['most say null to a text', 'longest', ['ab', null, null], null, 2 / 3],
  ['most say null to a function', (values) => values[0], ['ab', null, null, null], null, 3 / 4],
  ['most say null to an object', fieldwise({ n: 'median' }), [{ n: 1 }, null, null], null, 2 / 3],
  ['no answer has a list', setVote(), [null, null, undefined], null, 2 / 3],
  ['no answer has rows', rowwise({ key: 'k' }), [null, null], null, 1],
  ['null and leaving it out outvote a value together', 'median', [7, null, undefined], null, 1 / 3],
  ['half have a value', 'median', [7, null], 7, 1 / 2],
  ['more leave it out than say null', 'median', [7, null, undefined, undefined], undefined, 3 / 4],
])('a field if %s', async (_, rule, values, elected, consensus) => {
  const answers = values.map((value) => ({ is: true, ...(value !== undefined && { field: value }) }));
  const { answer, metadata } = await predictedBy(fieldwise({ field: rule }), answers);
  expect(Object.hasOwn(answer as object, 'field')).toBe(elected !== undefined);
  expect(Reflect.get(answer as object, 'field')).toBe(elected);
  expect(metadata.fields?.field?.consensus).toBeCloseTo(consensus, 9);
  expect(metadata.fields?.field !== undefined && 'answer' in metadata.fields.field).toBe(
    elected !== undefined,
  );
});

it('fits the schema of the answers, if fields may be null and none may be missing', async () => {
  const shape = z.object({
    vendor: z.string(),
    notes: z.string().nullable(),
    total: z.number().nullable(),
    tags: z.array(z.string()).nullable(),
    address: z.object({ city: z.string(), number: z.number().nullable() }).nullable(),
    items: z.array(z.object({ sku: z.string(), count: z.number().nullable() })).nullable(),
  });
  const text = fc.constantFrom('a', 'bb', 'c');
  const count = fc.option(fc.integer({ min: 0, max: 3 }));
  const invoice = fc.record({
    vendor: text,
    notes: fc.option(text, { freq: 1 }),
    total: count,
    tags: fc.option(fc.array(text, { maxLength: 2 }), { freq: 1 }),
    address: fc.option(fc.record({ city: text, number: count }), { freq: 1 }),
    items: fc.option(fc.array(fc.record({ sku: text, count }), { maxLength: 2 }), { freq: 1 }),
  });
  const strategy = fieldwise({
    notes: 'longest',
    total: 'median',
    tags: 'union',
    address: fieldwise({ number: 'median' }),
    items: rowwise({ key: 'sku', fields: { count: 'median' } }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(invoice, { minLength: 1, maxLength: 5 }), async (invoices) => {
      const normalization = schema(shape);
      const { answer } = await createEnsemble({
        models: panelOf(invoices),
        normalization,
        strategy,
      }).predict('?');
      expect(shape.safeParse(answer).success).toBe(true);
    }),
  );
});

it('decides nothing that a later vote changes, also with null', () => {
  const voter = fieldwise({ a: { ...median(), name: 'mine' } });
  const value = fc.constantFrom({ a: 1 }, { a: null }, {});
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 5 }),
      fc.array(value, { maxLength: 3 }),
      (a, b) => {
        const count = (answers: readonly object[], pending: number) =>
          voter.tally(
            answers.reduce<unknown>(
              (state, answer, index) =>
                voter.add(state, { model: `m${index}`, index, answer, key: JSON.stringify(answer) } as never),
              voter.init(),
            ),
            pending,
            0,
          );
        const before = count(a, b.length);
        if ((before.margin ?? 0) > b.length)
          expect(count([...a, ...b], 0).answer).toStrictEqual(before.answer);
      },
    ),
  );
});

test.each<[string, Voter, readonly unknown[], RegExp]>([
  ['a field', fieldwise({ totl: 'median' }), [{ total: 1 }], /rule of the field "totl" has no effect/],
  [
    'a field of a field',
    fieldwise({ at: fieldwise({ cty: majority() }) }),
    [{ at: { city: 'a' } }],
    /rule of the field "at.cty" has no effect, because no answer has/,
  ],
  ['a key', rowwise({ key: 'sko' }), [[{ sku: 1 }], [{ sku: 1 }]], /no row has the key "sko", .* equal rows/],
  [
    'one of several keys',
    rowwise({ key: ['a', 'z'] }),
    [[{ a: 1 }]],
    /no row has the key "z", .* other names/,
  ],
  [
    'a key of a field',
    fieldwise({ items: rowwise({ key: 'sko' }) }),
    [{ items: [{ sku: 1 }] }],
    /no row has the key "items.sko"/,
  ],
  [
    'a field of a row',
    rowwise({ key: 'sku', fields: { prize: 'median' } }),
    [[{ sku: 1, price: 4 }]],
    /rule of the field "prize" has no effect, because no row of the answer/,
  ],
])('tells of a name of %s that is in no answer', async (_, strategy, answers, told) => {
  expect(await warningsOf(strategy, answers)).toStrictEqual([expect.stringMatching(told)]);
});

test.each<[string, Voter, readonly unknown[], RegExp]>([
  ['median of texts', fieldwise({ a: 'median' }), [{ a: 'x', b: 1 }], /"a" finds no value/],
  ['longest of numbers', fieldwise({ a: 'longest' }), [{ a: 4, b: 1 }], /"a" finds no value/],
  ['fields of texts', fieldwise({ a: fieldwise() }), [{ a: 'x', b: 1 }], /"a" finds no value/],
  [
    'median of texts in rows',
    rowwise({ key: 'k', fields: { a: 'median' } }),
    [
      [
        { k: 1, a: 'x' },
        { k: 2, a: 'y' },
      ],
    ],
    /"a" finds no value/,
  ],
])('tells of a rule that leaves the field without a value: %s', async (_, strategy, answers, told) => {
  expect(await warningsOf(strategy, answers)).toStrictEqual([expect.stringMatching(told)]);
});

test.each<[string, Voter, readonly unknown[]]>([
  ['a field that one answer has', fieldwise({ a: 'median' }), [{ a: 1, b: 1 }, { b: 1 }, { b: 1 }]],
  ['a field that is null', fieldwise({ a: 'median' }), [{ a: null, b: 1 }]],
  ['a key that one row has', rowwise({ key: 'k' }), [[{ k: 1 }, { x: 1 }]]],
  ['lists without rows', rowwise({ key: 'k', fields: { a: 'median' } }), [[], []]],
  [
    'a plurality that leaves a field out',
    fieldwise({ a: 'majority' }),
    [{ a: 1, b: 1 }, { a: 2, b: 1 }, { b: 1 }, { b: 1 }],
  ],
])('says nothing of %s', async (_, strategy, answers) => {
  expect(await warningsOf(strategy, answers)).toStrictEqual([]);
});
