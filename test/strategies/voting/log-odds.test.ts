import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type LogOddsOptions,
  logOdds,
  majority,
  type Tally,
  type Voter,
} from '../../../src/index.ts';
import { elect, vote } from '../../../src/operators/operators.ts';
import { answered, panelOf } from '../../outcomes.ts';

const tallyOf = (voter: Voter, answers: readonly string[]): Promise<Tally<string>> =>
  lastValueFrom(from(answers.map((answer, index) => answered(index, answer))).pipe(elect({ voter })));

const accuraciesOf = (shares: readonly number[]): Record<string, number> =>
  Object.fromEntries(panelOf(shares.length).map((id, index) => [id, shares[index] ?? 0]));

/** How probable each answer is, by multiplying out what everybody says: no weights, no logarithms. */
const productsOf = (
  answers: readonly string[],
  shares: readonly number[],
  choices: number,
): Map<string, number> => {
  const likelihood = (right: string | undefined): number =>
    answers.reduce((product, answer, index) => {
      const share = shares[index] ?? 0;
      return product * (answer === right ? share : (1 - share) / (choices - 1));
    }, 1);
  const named = [...new Set(answers)];
  const unnamed = (choices - named.length) * likelihood(undefined);
  const total = named.reduce((sum, answer) => sum + likelihood(answer), unnamed);
  return new Map(named.map((answer) => [answer, likelihood(answer) / total]));
};

/** How often a voter is right, over all ways in which members of these accuracies can be right and wrong. */
const reliabilityOf = async (voter: Voter, shares: readonly number[]): Promise<number> => {
  let reliability = 0;
  for (let way = 0; way < 2 ** shares.length; way += 1) {
    const isRight = shares.map((_, index) => (way >> index) % 2 === 1);
    const probability = shares.reduce(
      (product, share, index) => product * (isRight[index] ? share : 1 - share),
      1,
    );
    const { leader } = await tallyOf(
      voter,
      isRight.map((right) => (right ? 'right' : 'wrong')),
    );
    if (leader === 'right') reliability += probability;
  }
  return reliability;
};

describe('logOdds', () => {
  it('makes the group of Shapley and Grofman (1984) as reliable as they say', async () => {
    const shares = [0.9, 0.9, 0.6, 0.6, 0.6];
    expect(await reliabilityOf(majority(), shares)).toBeCloseTo(0.877, 3);
    expect(await reliabilityOf(logOdds({ accuracies: accuraciesOf(shares) }), shares)).toBeCloseTo(0.927, 3);
  });

  const share = fc.double({ min: 0.26, max: 0.99, noNaN: true });
  const panels = fc
    .array(fc.tuple(share, fc.constantFrom('a', 'b', 'c', '__proto__')), { minLength: 1, maxLength: 7 })
    .map((members) => ({
      shares: members.map(([one]) => one),
      answers: members.map(([, answer]) => answer),
    }));

  it('has the most probable answer lead, and knows how probable it is', async () => {
    await fc.assert(
      fc.asyncProperty(panels, async ({ shares, answers }) => {
        const { leader, confidence } = await tallyOf(
          logOdds({ accuracies: accuraciesOf(shares), choices: 4 }),
          answers,
        );
        const products = productsOf(answers, shares, 4);
        const most = Math.max(...products.values());
        expect(products.get(leader ?? '')).toBeCloseTo(most, 6);
        expect(confidence).toBeCloseTo(most, 6);
      }),
    );
  });

  it('gives no weight to a model that is no better than chance, rather than turn its answer around', async () => {
    const voter = logOdds({ accuracies: { m0: 0.1, m1: 0.5, m2: 0.6 } });
    const { votes, leader } = await tallyOf(voter, ['x', 'x', 'y']);
    expect(leader).toBe('y');
    expect(votes).toStrictEqual({ x: 0, y: expect.closeTo(Math.log(1.5), 9) });
  });

  it('lets no model that was never wrong outvote all others for good', async () => {
    const shares = [1, ...Array.from({ length: 13 }, () => 0.75)];
    const voter = logOdds({ accuracies: accuraciesOf(shares) });
    const { leader } = await tallyOf(voter, ['x', ...shares.slice(1).map(() => 'y')]);
    expect(leader).toBe('y');
  });

  it('takes no notice of what models say about their confidence', () => {
    const voter = logOdds({ accuracies: { m0: 0.8, m1: 0.7 } });
    const said: Tally<string>[] = [];
    from([answered(0, 'x', 0.01), answered(1, 'y', 1)])
      .pipe(vote(voter))
      .subscribe((tally) => said.push(tally));
    expect(said.at(-1)?.leader).toBe('x');
  });

  it('lists all faults of its options', () => {
    expect(() => logOdds({ accuracies: { a: 2, b: -1 } })).toThrow(/"a" must be.*"b" must be/s);
    expect(() => logOdds({ accuracies: {}, choices: 1 })).toThrow('"choices" must be a number from 2');
    expect(() => logOdds({} as LogOddsOptions)).toThrow('option "accuracies" is missing');
  });

  it('refuses a panel of which it does not know every member', () => {
    const models = ['a', 'b'].map((id) => defineModel(id, () => 'x'));
    expect(() => createEnsemble({ models, strategy: logOdds({ accuracies: { a: 0.9 } }) })).toThrow(
      'option "accuracies" has no accuracy for "b", a model of the panel: add it',
    );
  });
});
