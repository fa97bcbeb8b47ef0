import fc from 'fast-check';
import { sampleCorrelation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, simulated } from '../../src/index.ts';
import { agreement } from '../../src/metrics/agreement.ts';
import { agreementFold } from '../../src/metrics/agreement-fold.ts';
import { type AgreementRow, agreementRow } from '../../src/metrics/agreement-row.ts';
import { effectiveVotes } from '../../src/metrics/effective-votes.ts';

const row = (votes: Readonly<Record<string, string | undefined>>, expected?: string): AgreementRow => ({
  votes: new Map(Object.entries(votes)),
  expected,
});

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

const someRow = fc.record({
  votes: fc
    .array(fc.option(fc.constantFrom('4', '5', '6', '__proto__'), { nil: undefined }), {
      minLength: 4,
      maxLength: 4,
    })
    .map((keys) => new Map(keys.map((key, index) => [`m${index}`, key]))),
  expected: fc.option(fc.constant('4'), { nil: undefined }),
});
const someRows = fc.array(someRow, { minLength: 1, maxLength: 30 });

describe('agreement', () => {
  it("gives Cohen's kappa as it is known for two raters of 50 proposals", () => {
    // 20 times both say yes, 15 times both say no, 5 times only a and 10 times only b says yes.
    const { pairs, matrix, meanKappa, basis } = agreement([
      ...times(20, row({ a: 'yes', b: 'yes' })),
      ...times(5, row({ a: 'yes', b: 'no' })),
      ...times(10, row({ a: 'no', b: 'yes' })),
      ...times(15, row({ a: 'no', b: 'no' })),
    ]);
    expect(pairs).toMatchObject([{ models: ['a', 'b'], questions: 50, agreed: 35, agreement: 0.7 }]);
    expect(pairs[0]?.kappa).toBeCloseTo(0.4, 12);
    expect(meanKappa).toBeCloseTo(0.4, 12);
    expect(matrix).toStrictEqual([
      [1, 0.7],
      [0.7, 1],
    ]);
    expect(basis).toBe('votes');
  });

  it('counts a pair only if both voted', () => {
    const { pairs, matrix, models } = agreement([
      row({ a: '4', b: undefined, c: '4' }),
      row({ a: '4', b: undefined, c: '5' }),
    ]);
    expect(models).toStrictEqual(['a', 'b', 'c']);
    expect(pairs.map(({ questions, agreed }) => [questions, agreed])).toStrictEqual([
      [0, 0],
      [2, 1],
      [0, 0],
    ]);
    expect(matrix).toStrictEqual([
      [1, undefined, 0.5],
      [undefined, 1, undefined],
      [0.5, undefined, 1],
    ]);
  });

  it('rests effective votes on errors as soon as right answers are known', () => {
    // a and b are always wrong together, c never with them.
    const rows = [
      ...times(10, row({ a: '5', b: '5', c: '4' }, '4')),
      ...times(10, row({ a: '4', b: '4', c: '5' }, '4')),
      ...times(20, row({ a: '4', b: '4', c: '4' }, '4')),
      ...times(20, row({ a: '5', b: '5', c: '5' }, '4')),
    ];
    const labelled = agreement(rows);
    expect(labelled.basis).toBe('errors');
    expect(labelled.pairs.map(({ errorCorrelation }) => errorCorrelation)).toStrictEqual([
      1,
      expect.closeTo(1 / 3, 12),
      expect.closeTo(1 / 3, 12),
    ]);
    expect(labelled.effectiveVotes).toBeCloseTo(3 / (1 + (2 * 5) / 9), 12);
    expect(agreement(rows.map(({ votes }) => ({ votes }))).basis).toBe('votes');
  });

  it('does not take models that are right independently of one another for copies', async () => {
    const ensemble = createEnsemble({
      models: ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 0.7 })),
      normalization: 'numeric',
    });
    const rows: AgreementRow[] = [];
    for (let a = 0; a < 500; a++) {
      rows.push(agreementRow(await ensemble.predict(`What is ${a} + 1?`), a + 1));
    }
    const { effectiveVotes: byErrors = 0, meanKappa = 0 } = agreement(rows);
    expect(byErrors).toBeGreaterThan(2.7);
    // By votes alone they look like copies, since they agree on what is right.
    expect(effectiveVotes(3, meanKappa)).toBeLessThan(2);
  });

  it('has no correlation of errors if no model errs', () => {
    const { meanErrorCorrelation, effectiveVotes: votes } = agreement(times(5, row({ a: '4', b: '4' }, '4')));
    expect(meanErrorCorrelation).toBeUndefined();
    expect(votes).toBeUndefined();
  });

  it('names the pairs that almost always agree, if they had the chance to differ', () => {
    const rows = [
      ...times(19, row({ a: '4', b: '4', c: '5' })),
      row({ a: '4', b: '5', c: '4', d: '4', e: '4' }),
    ];
    expect(agreement(rows).inStep.map(({ models }) => models)).toStrictEqual([['a', 'b']]);
    expect(agreement(rows, { inStepFrom: 0.96 }).inStep).toStrictEqual([]);
    expect(
      agreement(rows, { inStepFrom: 1, leastQuestions: 1 }).inStep.map(({ models }) => models),
    ).toContainEqual(['d', 'e']);
  });

  it('reads predictions, and the most frequent of the samples of a model', async () => {
    let call = 0;
    const ensemble = createEnsemble({
      models: [
        defineModel('steady', () => '4'),
        defineModel('wavering', () => (call++ === 0 ? '5' : '4')),
        defineModel('broken', () => {
          throw new TypeError('oh');
        }),
      ],
      samples: 3,
      minResponses: 1,
    });
    const prediction = await ensemble.predict('?');
    const { models, pairs } = agreement([prediction]);
    expect(models).toStrictEqual(['steady', 'wavering', 'broken']);
    expect(pairs.map(({ agreed }) => agreed)).toStrictEqual([1, 0, 0]);
    expect(agreementRow(prediction, '4')).toStrictEqual(
      row({ steady: '4', wavering: '4', broken: undefined }, '4'),
    );
  });

  it('goes on with as much memory for answers that are all different', () => {
    const fold = agreementFold();
    for (let index = 0; index < 20_000; index++)
      fold.add(row({ a: `${index}`, b: `${index - (index % 2)}` }));
    const { pairs } = fold.agreement();
    expect(pairs[0]?.agreement).toBe(0.5);
    expect(pairs[0]?.kappa).toBeCloseTo(0.5, 3);
  });

  it('is nothing without questions', () => {
    expect(agreement([])).toStrictEqual({
      models: [],
      questions: 0,
      labelled: 0,
      pairs: [],
      matrix: [],
      meanKappa: undefined,
      meanErrorCorrelation: undefined,
      effectiveVotes: undefined,
      basis: 'votes',
      inStep: [],
    });
  });

  it('refuses options outside of their ranges, all at once', () => {
    expect(() => agreement([], { inStepFrom: 2, leastQuestions: 0 })).toThrow('2 faults');
  });

  it('is symmetric, has 1 on its diagonal, and effective votes from 1 to the number of voters', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const { matrix, effectiveVotes: votes, models, pairs } = agreement(rows);
        const voters = models.filter((model) => rows.some((given) => given.votes.get(model) !== undefined));
        for (const [i] of models.entries()) {
          expect(matrix[i]?.[i]).toBe(1);
          for (const [j] of models.entries()) expect(matrix[i]?.[j]).toBe(matrix[j]?.[i]);
        }
        for (const { kappa = 0, errorCorrelation = 0 } of pairs) {
          expect(kappa).toBeLessThanOrEqual(1 + 1e-12);
          expect(Math.abs(errorCorrelation)).toBeLessThanOrEqual(1 + 1e-12);
        }
        if (votes === undefined) return;
        expect(votes).toBeGreaterThanOrEqual(1);
        expect(votes).toBeLessThanOrEqual(voters.length);
      }),
    );
  });

  it('correlates errors as an independent library does', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        for (const { models, errorCorrelation } of agreement(rows).pairs) {
          const errors = rows.flatMap(({ votes, expected }) => {
            const [first, second] = models.map((model) => votes.get(model));
            return expected === undefined || first === undefined || second === undefined
              ? []
              : [[Number(first !== expected), Number(second !== expected)] as const];
          });
          const [x, y] = [errors.map(([first]) => first), errors.map(([, second]) => second)];
          const isConstant = [x, y].some((values) => new Set(values).size < 2);
          if (isConstant) expect(errorCorrelation).toBeUndefined();
          else expect(errorCorrelation).toBeCloseTo(sampleCorrelation(x, y), 9);
        }
      }),
    );
  });

  it('gives the same for every order of questions', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        expect(agreement(rows.toReversed())).toStrictEqual(agreement(rows));
      }),
    );
  });
});
