import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type NaiveBayesOptions,
  naiveBayes,
  type Tally,
} from '../../../src/index.ts';
import { elect } from '../../../src/operators/operators.ts';
import { answered, panelOf } from '../../outcomes.ts';

const tallyOf = (options: NaiveBayesOptions, answers: readonly string[]): Promise<Tally<string>> =>
  lastValueFrom(
    from(answers.map((answer, index) => answered(index, answer))).pipe(elect({ voter: naiveBayes(options) })),
  );

const classes = ['a', 'b', '__proto__'];

const row = fc
  .tuple(...classes.map(() => fc.integer({ min: 1, max: 20 })))
  .map((counts) => counts.map((count) => count / counts.reduce((sum, one) => sum + one, 0)));
const elections = fc
  .array(fc.tuple(fc.tuple(row, row, row), fc.constantFrom(...classes)), { minLength: 1, maxLength: 6 })
  .chain((members) => fc.record({ members: fc.constant(members), prior: row }));

describe('naiveBayes', () => {
  it('has the most probable of the given answers lead, and knows how probable it is', async () => {
    await fc.assert(
      fc.asyncProperty(elections, async ({ members, prior }) => {
        const likelihoods = Object.fromEntries(
          panelOf(members.length).map((id, index) => [id, members[index]?.[0] ?? []]),
        );
        const answers = members.map(([, answer]) => answer);
        const { leader, confidence } = await tallyOf({ classes, prior, likelihoods }, answers);

        const products = classes.map((_, right) =>
          members.reduce(
            (product, [rows, answer]) => product * (rows[right]?.[classes.indexOf(answer)] ?? 0),
            prior[right] ?? 0,
          ),
        );
        const total = products.reduce((sum, product) => sum + product, 0);
        const best = Math.max(...answers.map((answer) => products[classes.indexOf(answer)] ?? 0));
        expect(products[classes.indexOf(leader ?? '')]).toBeCloseTo(best, 9);
        expect(confidence).toBeCloseTo(best / total, 6);
      }),
    );
  });

  const naysayers: NaiveBayesOptions = {
    classes: ['no', 'yes'],
    likelihoods: {
      m0: [
        [0.99, 0.01],
        [0.95, 0.05],
      ],
      m1: [
        [0.99, 0.01],
        [0.95, 0.05],
      ],
      m2: [
        [0.8, 0.2],
        [0.2, 0.8],
      ],
    },
  };

  it('lets one who discerns prevail over many who always say the same', async () => {
    const { leader, votes, consensus } = await tallyOf(naysayers, ['no', 'no', 'yes']);
    expect(leader).toBe('yes');
    expect(votes).toStrictEqual({ no: 2, yes: 1 });
    expect(consensus).toBeCloseTo(1 / 3);
  });

  it('never chooses an answer that nobody gave, however probable', async () => {
    const misleading: NaiveBayesOptions = {
      classes: ['no', 'yes'],
      likelihoods: {
        m0: [
          [0.1, 0.9],
          [0.9, 0.1],
        ],
      },
    };
    const { leader, confidence } = await tallyOf(misleading, ['no']);
    expect(leader).toBe('no');
    expect(confidence).toBeCloseTo(0.1);
  });

  it('counts an answer that is no class only where nothing else was said', async () => {
    expect((await tallyOf(naysayers, ['perhaps', 'perhaps', 'no'])).leader).toBe('no');
    const { leader, confidence } = await tallyOf(naysayers, ['perhaps', 'perhaps', 'never']);
    expect(leader).toBe('perhaps');
    expect(confidence).toBe(0);
  });

  describe('with strays', () => {
    /** Three models that are right nine times in ten, and stray once in a hundred times. */
    const rows = [
      [0.9, 0.09, 0.01],
      [0.09, 0.9, 0.01],
      [0.05, 0.05, 0.9],
    ];
    const withOther: NaiveBayesOptions = {
      classes: ['no', 'yes'],
      withOther: true,
      prior: [0.49, 0.49, 0.02],
      likelihoods: Object.fromEntries(panelOf(5).map((id) => [id, rows])),
    };

    it('takes one stray for a slip, and several equal ones for an answer', async () => {
      expect((await tallyOf(withOther, ['perhaps', 'no', 'no'])).leader).toBe('no');
      expect((await tallyOf(withOther, ['perhaps', 'perhaps', 'no'])).leader).toBe('perhaps');
    });

    it('takes different strays for slips of different models, which do not back each other', async () => {
      const { leader, confidence } = await tallyOf(withOther, ['perhaps', 'never', 'no']);
      expect(leader).toBe('no');
      expect(confidence).toBeGreaterThan(0.6);
    });

    it('computes the probability of a stray against the classes, other strays and one without a vote', async () => {
      const { leader, confidence } = await tallyOf(withOther, ['perhaps', 'perhaps', 'never']);
      const [classWithThreeSlips, backed, other, unheard] = [
        0.49 * 0.01 ** 3,
        0.02 * 0.9 ** 2 * 0.01,
        0.02 * 0.01 ** 2 * 0.9,
        0.02 * 0.01 ** 3,
      ];
      expect(leader).toBe('perhaps');
      expect(confidence).toBeCloseTo(backed / (2 * classWithThreeSlips + backed + other + unheard), 6);
    });

    it('needs a place for strays in its prior and in each matrix', () => {
      expect(() =>
        naiveBayes({
          ...withOther,
          prior: [0.5, 0.5],
          likelihoods: {
            m0: [
              [1, 1],
              [1, 1],
            ],
          },
        }),
      ).toThrow(
        /"prior" must have 3 numbers, one for each class and one for other answers.*must have 3 rows of 3 numbers/s,
      );
      expect(() => naiveBayes({ ...withOther, withOther: 1 as never })).toThrow('"withOther" must be');
    });
  });

  it('may drop a leader for one more vote of a model that says so more often when it is wrong', async () => {
    const perverse: NaiveBayesOptions = {
      classes: ['no', 'yes'],
      likelihoods: {
        m0: [
          [0.6, 0.4],
          [0.4, 0.6],
        ],
        m1: [
          [0.55, 0.45],
          [0.45, 0.55],
        ],
        m2: [
          [0.1, 0.9],
          [0.9, 0.1],
        ],
      },
    };
    expect((await tallyOf(perverse, ['no', 'yes'])).leader).toBe('no');
    expect((await tallyOf(perverse, ['no', 'yes', 'no'])).leader).toBe('yes');
  });

  it('lists all faults of its options', () => {
    const bad = { classes: ['a', 'a'], prior: [0], likelihoods: 1 };
    expect(() => naiveBayes(bad as unknown as NaiveBayesOptions)).toThrow(
      /"classes" must be.*"prior" must be.*"likelihoods" must be/s,
    );
    expect(() => naiveBayes({ classes: ['a', 'b'], prior: [1], likelihoods: { m: [[1, 1]] } })).toThrow(
      /"prior" must have 2 numbers.*2 rows of 2 numbers/s,
    );
    expect(() => naiveBayes({} as NaiveBayesOptions)).toThrow(
      /option "classes" is missing.*option "likelihoods" is missing/s,
    );
  });

  it('refuses a panel of which it does not know every member', () => {
    const models = ['m0', 'x'].map((id) => defineModel(id, () => 'no'));
    expect(() => createEnsemble({ models, strategy: naiveBayes(naysayers) })).toThrow(
      'option "likelihoods" has no likelihoods for "x"',
    );
  });
});
