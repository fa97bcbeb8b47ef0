import { describe, expect, it, test } from 'vitest';
import {
  createEnsemble,
  defineModel,
  fieldwise,
  type RowwiseOptions,
  rowwise,
  UserCodeError,
} from '../../../src/index.ts';
import { voterContract } from '../../../src/testing/testing.ts';
import { faultsOf } from '../../faults-of.ts';

const predicted = (lists: readonly unknown[], options: RowwiseOptions) =>
  createEnsemble({
    models: lists.map((list, index) => defineModel(`m${index}`, () => JSON.stringify(list))),
    normalization: 'json',
    strategy: rowwise(options),
  }).predict('?');

const row = (sku: string, count: number) => ({ sku, count });

describe('rowwise', () => {
  test.each<[string, readonly unknown[], RowwiseOptions, unknown, number]>([
    [
      'rows in another order',
      [
        [row('A', 1), row('B', 2)],
        [row('B', 2), row('A', 1)],
      ],
      { key: 'sku' },
      [row('A', 1), row('B', 2)],
      1,
    ],
    [
      'the fields of each row',
      [[row('A', 1)], [row('A', 7)], [row('A', 7)]],
      { key: 'sku' },
      [row('A', 7)],
      2 / 3,
    ],
    [
      'rows that more than half name',
      [[row('A', 1), row('B', 1)], [row('A', 1)], [row('A', 1)]],
      { key: 'sku' },
      [row('A', 1)],
      2 / 3,
    ],
    [
      'a field of a row that some leave out',
      [[row('A', 1)], [{ sku: 'A' }], []],
      { key: 'sku' },
      [row('A', 1)],
      1 / 3,
    ],
    ['all rows', [[row('A', 1)], [row('B', 1)]], { key: 'sku', min: 0.1 }, [row('A', 1), row('B', 1)], 1 / 2],
    [
      'the rules of fields',
      [[row('A', 1)], [row('A', 2)], [row('A', 9)]],
      { key: 'sku', fields: { count: 'median' } },
      [row('A', 2)],
      1 / 3,
    ],
    [
      'keys of a function',
      [[row('a', 1)], [row('A', 1)], [row('A', 1)]],
      { key: ({ sku }) => String(sku).toUpperCase() },
      [row('A', 1)],
      2 / 3,
    ],
    [
      'keys of several fields',
      [
        [row('A', 1), row('A', 2)],
        [row('A', 2), row('A', 1)],
      ],
      { key: ['sku', 'count'] },
      [row('A', 1), row('A', 2)],
      1,
    ],
    [
      'a key that a list has twice',
      [[row('A', 1), row('A', 2)], [row('A', 1), row('A', 2)], [row('A', 1)]],
      { key: 'sku' },
      [row('A', 1), row('A', 2)],
      2 / 3,
    ],
    [
      'rows without a key, by their content',
      [
        [{ count: 1 }, 'x'],
        ['x', { count: 1 }],
      ],
      { key: 'sku' },
      [{ count: 1 }, 'x'],
      1,
    ],
    ['an object as a list of one', [row('A', 1), [row('A', 1)]], { key: 'sku' }, [row('A', 1)], 1],
    ['empty lists', [[], []], { key: 'sku' }, [], 1],
    ['rows that agree on no field', [[{ a: 1 }], [{ b: 2 }], [{ c: 3 }]], { key: () => 'same' }, [{}], 0],
  ])('counts %s', async (_, lists, options, answer, consensus) => {
    const { answer: elected, metadata } = await predicted(lists, options);
    expect(elected).toStrictEqual(answer);
    expect(metadata.consensus).toBeCloseTo(consensus, 9);
  });

  it('says who said what of each row and field', async () => {
    const { metadata } = await predicted([[row('A', 1)], [row('A', 2), row('B', 1)], [row('A', 2)]], {
      key: 'sku',
    });
    expect(metadata.fields).toMatchObject({
      A: {
        answer: row('A', 2),
        said: [
          { value: row('A', 2), models: ['m1', 'm2'] },
          { value: row('A', 1), models: ['m0'] },
        ],
        without: [],
        fields: {
          count: {
            answer: 2,
            said: [
              { value: 2, models: ['m1', 'm2'] },
              { value: 1, models: ['m0'] },
            ],
          },
        },
      },
      B: { consensus: 2 / 3, without: ['m0', 'm2'] },
    });
    expect(metadata.fields?.B).not.toHaveProperty('answer');
    expect(metadata.votes).toStrictEqual({ A: 3, B: 1 });
  });

  it('treats keys such as __proto__ as names', async () => {
    const { answer, metadata } = await predicted([[row('__proto__', 1)], [row('__proto__', 1)]], {
      key: 'sku',
    });
    expect(answer).toStrictEqual([row('__proto__', 1)]);
    expect(Object.keys(metadata.fields ?? {})).toStrictEqual(['__proto__']);
  });

  it('refuses options that are none', () => {
    for (const key of [undefined, '', [], [4], 4])
      expect(faultsOf(() => rowwise({ key } as never))).toStrictEqual([
        expect.stringMatching(/^rowwise: .*"key"/),
      ]);
    expect(faultsOf(() => rowwise({ key: 'a', fields: { a: 'mean' } } as never)).join()).toContain(
      '"a" must be a voter',
    );
  });

  test.each([
    [
      'throws',
      () => {
        throw new RangeError('secret');
      },
    ],
    ['is async', async () => 'A'],
  ])('ends the prediction if the function of the key %s', async (_, key) => {
    const error = await predicted([[row('A', 1)]], { key }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserCodeError);
    expect((error as Error).message).not.toContain('secret');
  });

  it('is a rule of a field of fieldwise, where a missing list is an empty one', async () => {
    const texts = ['{"n":1,"items":[{"sku":"A"}]}', '{"n":1}', '{"n":1,"items":null}'];
    const { answer, metadata } = await createEnsemble({
      models: texts.map((text, index) => defineModel(`m${index}`, () => text)),
      normalization: 'json',
      strategy: fieldwise({ items: rowwise({ key: 'sku' }) }),
    }).predict('?');
    expect(answer).toStrictEqual({ n: 1, items: [] });
    expect(metadata.fields?.items?.consensus).toBeCloseTo(2 / 3);
  });

  const answers = [
    [row('A', 1)],
    [row('A', 2), row('B', 1)],
    [row('B', 1), row('A', 1)],
    [],
    row('A', 1),
    null,
    'x',
  ];
  for (const { name, run } of voterContract({
    name: 'it',
    createVoter: () => rowwise({ key: 'sku' }),
    answers,
  }))
    it(name, run);
});
