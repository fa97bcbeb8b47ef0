import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitDawidSkene,
  fitLogOdds,
  fitNaiveBayes,
  fitOneCoin,
  fitTemperature,
  fitWawa,
  type LabelledBallot,
} from '../../../src/experiment/experiment.ts';
import { dawidSkene, type RaterVote } from '../../../src/experiment/tuning/dawid-skene.ts';
import { effectiveChoices } from '../../../src/experiment/tuning/effective-choices.ts';
import { logOdds, naiveBayes, weighted } from '../../../src/index.ts';
import { drawsFor } from '../../../src/models/random.ts';

/**
 * The ratings of 45 patients by five anaesthetists, the first of whom saw each form three times: table 1 of Dawid
 * and Skene (1979). A patient a line; the three ratings of the first anaesthetist together.
 */
const anaesthetists = `
111 1 1 1 1
333 4 3 3 4
112 2 1 2 2
222 3 1 2 1
222 3 2 2 2
222 3 3 2 2
122 2 1 1 1
333 3 4 3 3
222 2 2 2 3
232 2 2 2 3
444 4 4 4 4
222 3 3 4 3
111 1 1 1 1
222 3 2 1 2
121 1 1 1 1
111 2 1 1 1
111 1 1 1 1
111 1 1 1 1
222 2 2 2 1
222 1 3 2 2
222 2 2 2 2
222 2 2 2 1
222 3 2 2 2
221 2 2 2 2
111 1 1 1 1
111 1 1 1 1
232 2 2 2 2
111 1 1 1 1
111 1 1 1 1
112 1 1 2 1
111 1 1 1 1
333 3 2 3 3
111 1 1 1 1
222 2 2 2 2
222 3 2 3 2
433 4 3 4 3
221 2 2 3 2
232 3 2 3 3
333 3 4 3 2
111 1 1 1 1
111 1 1 1 1
121 2 1 1 1
232 2 2 2 2
121 1 1 1 1
222 2 2 2 2
`
  .trim()
  .split('\n')
  .map((line) =>
    line
      .split(' ')
      .flatMap((ratings, rater) => Array.from(ratings, (rating): RaterVote => [rater, Number(rating) - 1])),
  );

const ballot = (
  right: string | readonly string[],
  votes: Record<string, string | undefined>,
): LabelledBallot => ({
  id: '',
  rightKeys: new Set(typeof right === 'string' ? [right] : right),
  votes: new Map(Object.entries(votes).map(([model, key]) => [model, { key }])),
});

describe('dawidSkene', () => {
  const estimate = dawidSkene(anaesthetists, { raters: 5, classes: 4, tolerance: 1e-9 });
  const rounded = (rows: readonly (readonly number[])[] = []) =>
    rows.map((row) => row.map((share) => Number(share.toFixed(2))));

  it('has the patients in the four classes as often as Dawid and Skene published', () => {
    expect(rounded([estimate.prior])).toStrictEqual([[0.4, 0.42, 0.11, 0.07]]);
  });

  it('agrees with an independent implementation, without logarithms, on what the observers tend to say', () => {
    // Of a direct transcription of equations 2.3 to 2.5 into Python, to two digits.
    expect(rounded(estimate.likelihoods[0])).toStrictEqual([
      [0.89, 0.11, 0, 0],
      [0.07, 0.88, 0.05, 0],
      [0, 0.34, 0.66, 0],
      [0, 0, 0.56, 0.44],
    ]);
    expect(rounded(estimate.likelihoods[2])).toStrictEqual([
      [1, 0, 0, 0],
      [0.11, 0.79, 0.11, 0],
      [0, 0.4, 0.2, 0.4],
      [0, 0, 0.67, 0.33],
    ]);
    expect(rounded(estimate.likelihoods[4])).toStrictEqual([
      [1, 0, 0, 0],
      [0.16, 0.73, 0.11, 0],
      [0, 0.21, 0.79, 0],
      [0, 0, 0.33, 0.67],
    ]);
  });

  it('settles the patients on whom the observers disagree', () => {
    const classOf = (patient: number) =>
      (estimate.posteriors[patient - 1] ?? []).findIndex((probability) => probability > 0.98) + 1;
    expect([1, 2, 3, 12, 36, 37].map(classOf)).toStrictEqual([1, 4, 2, 3, 4, 2]);
  });

  it('is the same for every order of the items', () => {
    const reversed = dawidSkene(anaesthetists.toReversed(), { raters: 5, classes: 4, tolerance: 1e-9 });
    expect(rounded([reversed.prior])).toStrictEqual(rounded([estimate.prior]));
    expect(reversed.likelihoods.map(rounded)).toStrictEqual(estimate.likelihoods.map(rounded));
  });
});

/** Ballots of models that each err on their own, with a known share of right answers, among three. */
const simulatedBallots = (
  shares: Readonly<Record<string, number>>,
  count: number,
  seed: string,
): LabelledBallot[] => {
  const draw = drawsFor(seed);
  const keys = ['a', 'b', 'c'];
  return Array.from({ length: count }, () => {
    const right = Math.floor(draw() * 3);
    const says = (share: number) => keys[draw() < share ? right : (right + 1 + Math.floor(draw() * 2)) % 3];
    return ballot(
      keys[right] ?? '',
      Object.fromEntries(Object.entries(shares).map(([model, share]) => [model, says(share)])),
    );
  });
};

const truth = { m0: 0.9, m1: 0.8, m2: 0.7, m3: 0.6, m4: 0.6 };
const many = simulatedBallots(truth, 4000, 'fits');

describe('fitLogOdds', () => {
  it('counts (right + 1) / (votes + 2), and no abstention', () => {
    const ballots = [
      ballot('x', { a: 'x', b: 'x', c: undefined }),
      ballot('x', { a: 'x', b: 'y', c: undefined }),
      ballot('x', { a: 'x', b: undefined, c: undefined }),
    ];
    expect(fitLogOdds(ballots).accuracies).toStrictEqual({ a: 4 / 5, b: 2 / 4, c: 1 / 2 });
  });

  it('finds how many answers there are to choose from, and how often each model is right', () => {
    const { accuracies, choices } = fitLogOdds(many);
    expect(choices).toBeCloseTo(3, 0);
    for (const [model, share] of Object.entries(truth)) {
      expect(Math.abs((accuracies[model] ?? 0) - share), model).toBeLessThan(0.03);
    }
    expect(effectiveChoices([])).toBe(2);
  });

  it('is as good for a model with the name of an object’s own', () => {
    const { accuracies } = fitLogOdds([ballot('x', JSON.parse('{"__proto__":"x"}'))]);
    expect(Object.entries(accuracies)).toStrictEqual([['__proto__', 2 / 3]]);
    expect(logOdds({ accuracies }).faults?.(['__proto__'])).toStrictEqual([]);
  });
});

describe('fitWawa', () => {
  it('weighs a model by how often it agrees with the majority, of a tie with who stands first', () => {
    const weights = fitWawa([
      ballot([], { a: 'x', b: 'x', c: 'y' }),
      ballot([], { a: 'x', b: 'y', c: undefined }),
      ballot([], { a: 'y', b: 'x', c: 'x' }),
    ]);
    expect(weights).toStrictEqual({ a: 2 / 3, b: 2 / 3, c: 1 / 2 });
    expect(weighted({ weights }).name).toBe('weighted');
  });
});

describe('fits without right answers', () => {
  it('find how often each model is right, up to a few points', () => {
    const { likelihoods, classes } = fitDawidSkene(many);
    const { accuracies } = fitOneCoin(many);
    expect(classes).toStrictEqual(['a', 'b', 'c']);
    for (const [model, share] of Object.entries(truth)) {
      expect(Math.abs((accuracies[model] ?? 0) - share), `one coin, ${model}`).toBeLessThan(0.04);
      const diagonal = (likelihoods[model] ?? []).map((row, right) => row[right] ?? 0);
      const mean = diagonal.reduce((sum, one) => sum + one, 0) / 3;
      expect(Math.abs(mean - share), `matrix, ${model}`).toBeLessThan(0.04);
    }
  });

  it('learn the same whatever is said to be right', () => {
    const mislabelled = many.map((one) => ({ ...one, rightKeys: new Set(['nonsense']) }));
    expect(fitDawidSkene(mislabelled)).toStrictEqual(fitDawidSkene(many));
    expect(fitOneCoin(mislabelled)).toStrictEqual(fitOneCoin(many));
    expect(fitWawa(mislabelled)).toStrictEqual(fitWawa(many));
  });
});

describe('fitNaiveBayes', () => {
  it('finds a model that says one thing whatever is right', () => {
    const ballots = ['no', 'yes', 'no', 'yes', 'yes', 'yes'].map((right) =>
      ballot(right, { naysayer: 'no', sound: right }),
    );
    const { classes, prior, likelihoods } = fitNaiveBayes(ballots);
    expect(classes).toStrictEqual(['no', 'yes']);
    expect(prior).toStrictEqual([3 / 8, 5 / 8]);
    // The rows of the naysayer begin with 2 · 3/8 for what is right, and 2 · 5/8 for the other.
    expect(likelihoods.naysayer?.[0]?.[0]).toBeCloseTo((0.75 + 2) / 4);
    expect(likelihoods.naysayer?.[1]?.[0]).toBeCloseTo((1.25 + 4) / 6);
    expect(naiveBayes({ classes, prior, likelihoods }).faults?.(['naysayer', 'sound'])).toStrictEqual([]);
  });

  it('spreads a ballot whose right answer nobody gave over the classes that nobody named', () => {
    const known = ['a', 'b', 'c'].map((right) => ballot(right, { m: right }));
    const { prior } = fitNaiveBayes([...known, ballot([], { m: 'a' })]);
    expect(prior).toStrictEqual([2 / 7, 2.5 / 7, 2.5 / 7]);
  });

  it('refuses answers that are no set to choose from', () => {
    const ballots = Array.from({ length: 27 }, (_, index) => ballot(`${index}`, { m: `${index}` }));
    expect(() => fitNaiveBayes(ballots)).toThrow('from 2 to 26 answers, but have 27');
    expect(() => fitDawidSkene([ballot('x', { m: 'x' })])).toThrow('but have 1');
  });
});

describe('fitTemperature', () => {
  it('trusts confidences where they tell, and heads where they do not', () => {
    const cast = (right: string, confidences: readonly number[]): LabelledBallot => ({
      id: '',
      rightKeys: new Set([right]),
      votes: new Map(
        ['x', 'x', 'y'].map((key, index) => [`m${index}`, { key, confidence: confidences[index] ?? 0 }]),
      ),
    });
    expect(fitTemperature([cast('y', [0.1, 0.1, 0.9])])).toBeLessThanOrEqual(1);
    expect(fitTemperature([cast('x', [0.1, 0.1, 0.9])])).toBe(5);
  });
});

describe('every fit', () => {
  it('is the same for every order of the ballots, but for rounding', () => {
    const few = many.slice(0, 60);
    fc.assert(
      fc.property(fc.shuffledSubarray(few, { minLength: few.length }), (shuffled) => {
        for (const learn of [fitLogOdds, fitOneCoin]) {
          const [a, b] = [learn(few), learn(shuffled)];
          expect(a.choices).toBeCloseTo(b.choices, 9);
          for (const model of Object.keys(truth)) {
            expect(a.accuracies[model]).toBeCloseTo(b.accuracies[model] ?? 0, 6);
          }
        }
        expect(fitWawa(few)).toStrictEqual(fitWawa(shuffled));
        for (const learn of [fitNaiveBayes, fitDawidSkene]) {
          const [a, b] = [learn(few), learn(shuffled)];
          a.prior.forEach((share, index) => {
            expect(share).toBeCloseTo(b.prior[index] ?? 0, 3);
          });
        }
      }),
      { numRuns: 20 },
    );
  });
});
