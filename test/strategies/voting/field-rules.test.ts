import fc from 'fast-check';
import { of, throwError } from 'rxjs';
import { describe, expect, it, test } from 'vitest';
import { byContent, byEquivalence, byTolerance } from '../../../src/grouping/grouping.ts';
import {
  bestConfidence,
  createEnsemble,
  defineModel,
  type FieldRule,
  fieldwise,
  type Grouping,
  majority,
  median,
  rankedChoice,
  rowwise,
  setVote,
  trimmedMean,
  UserCodeError,
  unanimous,
  type Voter,
  weighted,
  wrapVoter,
} from '../../../src/index.ts';
import { voterContract } from '../../../src/testing/testing.ts';
import { createEnsemble as createValueEnsemble } from '../../../src/values/values.ts';
import { faultsOf } from '../../faults-of.ts';

const predicted = (answers: readonly unknown[], rules?: Readonly<Record<string, FieldRule>>) =>
  createEnsemble({
    models: answers.map((answer, index) => defineModel(`m${index}`, () => JSON.stringify(answer))),
    normalization: 'json',
    strategy: fieldwise(rules),
  }).predict('?');

/** What the values of one field come to by a rule, and its consensus. */
const electedBy = async (rule: FieldRule, values: readonly unknown[]) => {
  const answers = values.map((value) => ({ is: true, ...(value !== undefined && { field: value }) }));
  const { answer, metadata } = await predicted(answers, { field: rule });
  return [Reflect.get(answer as object, 'field'), metadata.fields?.field?.consensus];
};

const half = (values: readonly unknown[]): unknown => values.length / 2;

describe('a rule of a field', () => {
  test.each<[string, FieldRule, readonly unknown[], unknown, number]>([
    ['a name', 'majority', ['a', 'b', 'b'], 'b', 2 / 3],
    ['the median', 'median', [1, 2, 40], 2, 1 / 3],
    ['a median with options', median({ within: 1 }), [1, 2, 40], 2, 2 / 3],
    ['a trimmed mean', trimmedMean({ trim: 0.4, within: 1 }), [1, 2, 40], 2, 2 / 3],
    ['the union', 'union', [['a'], ['b', 'a'], []], ['a', 'b'], 1 / 3],
    ['the union of one list', 'union', [undefined, ['b'], undefined, undefined], ['b'], 1 / 4],
    [
      'the intersection',
      'intersection',
      [
        ['a', 'c'],
        ['b', 'a'],
      ],
      ['a'],
      1 / 2,
    ],
    ['the intersection with a missing list', 'intersection', [['a'], undefined], [], 1 / 2],
    ['elements of more than half', setVote(), [['a', 'c'], ['b', 'a'], null], ['a'], 2 / 3],
    ['the longest text', 'longest', ['ab', 'abc', 'ab'], 'abc', 1 / 3],
    ['the longest text in characters', 'longest', ['😀😀', 'abc', 4], 'abc', 1 / 3],
    ['the first of the longest', 'longest', ['ab', 'cd'], 'ab', 1 / 2],
    ['a grouping', byTolerance(0.5), [10, 10.4, 99], 10, 2 / 3],
    ['a grouping of texts', byContent(), ['the blue box', 'blue box', 'red'], 'the blue box', 2 / 3],
    ['a function', half, ['a', 'b', 1.5], 1.5, 1 / 3],
    [
      'a ranking',
      rankedChoice(),
      [
        ['a', 'b'],
        ['a', 'b'],
        ['b', 'a'],
      ],
      'a',
      2 / 3,
    ],
    ['the surest', bestConfidence(), ['a', 'b'], 'a', 1 / 2],
    ['weights', weighted({ weights: { m0: 3 } }), ['a', 'b', 'b'], 'a', 3 / 5],
    ['null, which more say than a number', 'median', [1, null, null], null, 2 / 3],
    ['another fieldwise', fieldwise({ n: 'median' }), [{ n: 1 }, { n: 3 }, { n: 9 }], { n: 3 }, 1 / 3],
  ])('may be %s', async (_, rule, values, answer, consensus) => {
    const [elected, share] = await electedBy(rule, values);
    expect(elected).toStrictEqual(answer);
    expect(share).toBeCloseTo(consensus, 9);
  });

  test.each<[string, FieldRule, readonly unknown[], unknown, number]>([
    ['more are without it than with it', 'median', [1, undefined, undefined], undefined, 2 / 3],
    ['leaving it out has a plurality', 'majority', ['a', 'b', undefined, undefined], undefined, 1 / 2],
    ['leaving it out weighs more', weighted({ weights: { m1: 5 } }), ['a', undefined, 'a'], undefined, 5 / 7],
    ['not all have it', unanimous(), ['a', undefined], undefined, 1 / 2],
    ['a function has no value', () => undefined, ['a', 'b'], undefined, 0],
    ['no answer has it', 'union', [undefined, undefined], undefined, Number.NaN],
  ])('leaves the field out if %s', async (_, rule, values, answer, consensus) => {
    const [elected, share] = await electedBy(rule, values);
    expect(elected).toBe(answer);
    if (Number.isNaN(consensus)) expect(share).toBeUndefined();
    else expect(share).toBeCloseTo(consensus, 9);
  });

  test.each<[string, FieldRule, readonly unknown[], unknown]>([
    ['half of the answers have it', 'median', [4, undefined], 4],
    ['values are counted, and null has most votes', 'majority', [null, null, 'a'], null],
    ['it weighs as much as leaving it out', weighted(), ['a', undefined], 'a'],
  ])('keeps the field if %s', async (_, rule, values, answer) => {
    expect((await electedBy(rule, values))[0]).toBe(answer);
  });

  it('says who said what, in panel order, and who left it out', async () => {
    const { metadata } = await predicted([{ a: 1 }, { a: 2, b: 'x' }, { a: 2 }, 'none'], { a: 'median' });
    expect(metadata.fields).toStrictEqual({
      a: {
        answer: 2,
        consensus: 0.5,
        said: [
          { value: 2, models: ['m1', 'm2'] },
          { value: 1, models: ['m0'] },
        ],
        without: ['m3'],
      },
      b: { consensus: 0.75, said: [{ value: 'x', models: ['m1'] }], without: ['m0', 'm2', 'm3'] },
    });
    expect(metadata.consensus).toBe(0.5);
    expect(metadata.votes).toStrictEqual({ 'a=1': 1, 'a=2': 2, 'b=x': 1 });
  });

  it('is told of by name if it is none', () => {
    expect(faultsOf(() => fieldwise({ total: 'mean' as never, tags: 4 as never }))).toStrictEqual([
      expect.stringContaining('fieldwise: option "total" must be a voter such as majority()'),
      expect.stringContaining('fieldwise: option "tags" must be a voter such as majority()'),
    ]);
    expect(faultsOf(() => fieldwise('majority' as never))).toStrictEqual([
      expect.stringContaining('fieldwise: the rules must be an object'),
    ]);
  });

  test.each<[string, FieldRule, RegExp]>([
    [
      'throws',
      () => {
        throw new RangeError('secret');
      },
      /the rule of the field "a" threw RangeError/,
    ],
    ['returns a promise', async () => 4, /the rule of the field "a" returned a promise/],
    [
      'is a factory',
      majority as never,
      /the rule of the field "a" must return the value of a field, not what counts it/,
    ],
    ['is a factory with options', setVote as never, /the rule of the field "a" is a factory: call it/],
    [
      'is a voter that fails',
      { name: 'x', init: () => 0, add: () => 0, tally: () => 4 } as never,
      /the rule of the field "a" must return/,
    ],
  ])('ends the prediction if it %s', async (_, rule, told) => {
    const error = await predicted([{ a: 1 }, { a: 2 }], { a: rule }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserCodeError);
    expect((error as Error).message).toMatch(told);
    expect((error as Error).message).not.toContain('secret');
  });

  it('may have models that compare, which are paid for, and of which one that fails leaves its field as it was', async () => {
    const judge = defineModel('judge', (text) => ({
      text: /blue/.test(text) ? 'same' : 'different',
      costUsd: 0.01,
    }));
    const failing: Grouping = {
      ...byTolerance(1),
      refine: () => throwError(() => new RangeError('secret')),
    };
    const answers = ['navy blue', 'dark blue', 'red'].map((color, n) => ({ color, n }));
    const { answer, metadata } = await predicted(answers, { color: byEquivalence({ judge }), n: failing });
    expect(answer).toStrictEqual({ color: 'navy blue', n: 0 });
    expect(metadata.fields?.color?.consensus).toBeCloseTo(2 / 3);
    expect(metadata.costUsd).toBeGreaterThan(0);
    expect(metadata.refinement).toMatchObject({ color: { answers: 3, same: 1 } });
    expect(metadata.warnings.join()).toContain('the groups of the field "n" are not refined');
    expect(metadata.warnings.join()).not.toContain('secret');
  });

  it('is refused with a grouping that asks models where an ensemble has no steps after the votes', () => {
    const strategy = fieldwise({ a: byEquivalence({ judge: defineModel('judge', () => 'same') }) });
    const models = [defineModel('m0', () => '{"a":1}')];
    const normalization = (text: string) => JSON.parse(text) as object;
    const options = { models, normalization, strategy };
    expect(faultsOf(() => createValueEnsemble(options))).toStrictEqual([
      expect.stringContaining(
        'option "strategy" refines groups, which takes createEnsemble of crucible-ensemble',
      ),
    ]);
    const plain = { ...options, strategy: fieldwise({ a: byTolerance(1) }) };
    expect(faultsOf(() => createValueEnsemble(plain))).toStrictEqual([]);
  });

  it('is asked for faults and for the most that a vote can add', () => {
    const voter = fieldwise({ a: weighted({ weights: { m0: 4, gone: 1 } }), b: 'median' });
    expect(voter.ceiling?.('m0')).toBe(4);
    expect(voter.ceiling?.('m1')).toBe(1);
    expect(voter.faults?.(['m0'])).toStrictEqual([expect.stringContaining('names "gone"')]);
    expect(fieldwise({ b: 'median' }).ceiling).toBeUndefined();
  });

  it('warns that a field which every vote can change ends no vote early', async () => {
    const { metadata } = await createEnsemble({
      models: [defineModel('m0', () => '{"a":1}')],
      normalization: 'json',
      strategy: fieldwise({ a: 'median' }),
      earlyStop: 'decided',
    }).predict('?');
    expect(metadata.warnings.join()).toContain('every number can change the result of "a"');
  });

  it('keeps the fields in a voter that wraps it', async () => {
    const strategy = wrapVoter(fieldwise({ a: 'median' }), (standing) => standing);
    const models = [1, 2, 3].map((a) => defineModel(`m${a}`, () => JSON.stringify({ a })));
    const { metadata } = await createEnsemble({ models, normalization: 'json', strategy }).predict('?');
    expect(metadata.fields?.a?.answer).toBe(2);
  });

  it('is decided as soon as, and not before, no field can change', () => {
    // Two of three votes for each field decide it; a field that was never named takes as many votes as were cast.
    const voter = fieldwise({ a: majority(), b: weighted() });
    const margins = (texts: readonly string[]) => {
      let state: unknown = voter.init();
      return texts.map((text, index) => {
        const answer: unknown = JSON.parse(text);
        const vote = { model: `m${index}`, index, answer, key: text } as never;
        state = voter.add(state, vote);
        return voter.tally(state, texts.length - index - 1).margin;
      });
    };
    expect(margins(['{"a":1,"b":1}', '{"a":1,"b":1}', '{"a":1,"b":2}'])).toStrictEqual([1, 2, 1]);
    expect(margins(['{"a":1}', '{"a":1}', '{"a":1,"b":2}'])).toStrictEqual([1, 2, 1]);
  });

  it('has the same fields in every order of arrival', () => {
    const voter = fieldwise({
      n: 'median',
      tags: 'union',
      note: 'longest',
      near: byTolerance(2),
      rows: rowwise({ key: 'k' }),
    });
    const value = fc.record(
      {
        n: fc.option(fc.integer({ min: 0, max: 9 })),
        tags: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
        note: fc.string({ maxLength: 3 }),
        near: fc.integer({ min: 0, max: 9 }),
        rows: fc.array(fc.record({ k: fc.constantFrom('x', 'y'), v: fc.integer({ min: 0, max: 2 }) }), {
          maxLength: 3,
        }),
        free: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (answers, keys) => {
          const votes = answers.map(
            (answer, index) => ({ model: `m${index}`, index, answer, key: `${index}` }) as never,
          );
          const shuffled = votes
            .map((vote) => ({ vote, at: keys.next().value as number }))
            .sort((a, b) => a.at - b.at);
          const count = (all: readonly never[]) => {
            const counted = voter.tally(
              all.reduce<unknown>((state, vote) => voter.add(state, vote), voter.init()),
              0,
              0,
            );
            const { answer, consensus, fields, votes } = counted;
            return JSON.stringify([answer, consensus, fields, Object.entries(votes).sort()]);
          };
          expect(count(shuffled.map(({ vote }) => vote))).toBe(count(votes));
        },
      ),
    );
  });
});

/** Counts what a voter is asked. */
const counted = (voter: Voter) => {
  const count = { added: 0, tallied: 0 };
  return {
    count,
    voter: {
      ...voter,
      add: (state: unknown, vote: never) => {
        count.added += 1;
        return voter.add(state, vote);
      },
      tally: (...parameters: Parameters<Voter['tally']>) => {
        count.tallied += 1;
        return voter.tally(...parameters);
      },
    } as Voter,
  };
};

describe('10,000 answers of 30 fields', () => {
  it('are counted with one step for each vote and field, and one tally for each field', async () => {
    const { voter, count } = counted(median());
    const names = Array.from({ length: 30 }, (_, field) => `f${field}`);
    const rules = Object.fromEntries(names.map((name) => [name, voter]));
    const answers = Array.from({ length: 10_000 }, (_, index) =>
      JSON.stringify(Object.fromEntries(names.map((name, field) => [name, (index * (field + 1)) % 101]))),
    );
    let reads = 0;
    const { answer, metadata } = await createEnsemble({
      models: answers.map((text, index) => defineModel(`m${index}`, () => text)),
      normalization: (text: string) => {
        reads += 1;
        return JSON.parse(text) as object;
      },
      strategy: fieldwise(rules),
    }).predict('?');
    expect(Object.values(answer)).toStrictEqual(names.map(() => 50));
    expect(reads).toBe(10_000);
    expect(count.added).toBe(300_000);
    // Once for the result, and once for the fields when they are read.
    expect(count.tallied).toBeLessThanOrEqual(3 * 30);
    expect(metadata.fields?.f7?.said.flatMap(({ models }) => models)).toHaveLength(10_000);
  });
});

const objects = [{ a: 1, b: 'x' }, { a: 2, b: 'x' }, { a: 1 }, { b: null }, {}, 'none'];
const contracts: Readonly<Record<string, () => Voter>> = {
  'fieldwise with a median': () => fieldwise({ a: 'median' }),
  'fieldwise with weights': () => fieldwise({ a: weighted({ weights: { m0: 3, m1: 0.5 } }), b: 'majority' }),
  'fieldwise with confidences': () => fieldwise({ a: 'weighted', b: 'bestConfidence' }),
  'fieldwise with unanimity': () => fieldwise({ a: unanimous(), b: unanimous({ of: 'votes' }) }),
  'fieldwise with a grouping': () => fieldwise({ a: byTolerance(1) }),
  'fieldwise with a function': () => fieldwise({ a: half, b: 'longest' }),
  'fieldwise within fieldwise': () => fieldwise({ c: fieldwise({ d: 'majority' }) }),
};
for (const [name, createVoter] of Object.entries(contracts))
  for (const { name: clause, run } of voterContract({
    name,
    createVoter,
    answers: [...objects, { c: { d: 1 } }],
  }))
    it(clause, run);

it('takes an Observable of a grouping that says nothing for its groups', async () => {
  const silent: Grouping = {
    ...byTolerance(1),
    refine: (state, _context) => of(byTolerance(1).groups(state as never)),
  };
  expect((await electedBy(silent, [1, 2, 9]))[0]).toBe(1);
});
