import { describe, expect, it } from 'vitest';
import {
  type Answered,
  bestConfidence,
  confidenceWeighted,
  fieldwise,
  logOdds,
  majority,
  type NaiveBayesOptions,
  naiveBayes,
  type Standing,
  unanimous,
  type VoteFunction,
  type Voter,
  weighted,
} from '../../../src/index.ts';
import { fromVoteFunction } from '../../../src/strategies/voting/from-vote-function.ts';
import { faultsOf } from '../../faults-of.ts';
import { answered, panelOf } from '../../outcomes.ts';

const even = [
  [0.5, 0.5],
  [0.5, 0.5],
];
const biased = [
  [0.9, 0.1],
  [0.2, 0.8],
];
const likelihoods = Object.fromEntries(panelOf(4).map((id) => [id, even]));

/** The voters that count in a running count, by their names. */
const voters: Readonly<Record<string, Voter>> = {
  majority: majority(),
  weighted: weighted(),
  confidenceWeighted: confidenceWeighted(),
  bestConfidence: bestConfidence(),
  unanimous: unanimous(),
  logOdds: logOdds({ accuracies: Object.fromEntries(panelOf(4).map((id) => [id, 0.8])) }),
  naiveBayes: naiveBayes({ classes: ['4', '5'], likelihoods }),
  fieldwise: fieldwise(),
};

const countedBy = (voter: Voter, votes: readonly Answered[]): Standing =>
  voter.tally(votes.reduce<unknown>((state, vote) => voter.add(state, vote), voter.init()));

describe.each(Object.entries(voters))('%s', (name, voter) => {
  it('has its name', () => {
    expect(voter.name).toBe(name);
  });

  it('has an empty standing before the first vote', () => {
    const { answer, leadingVote, consensus, lead, runnerUp, total, margin, votes } = voter.tally(
      voter.init(),
    );
    expect({
      answer,
      leadingVote,
      consensus,
      lead,
      runnerUp,
      total,
      margin,
      votes: { ...votes },
    }).toStrictEqual({
      answer: undefined,
      leadingVote: undefined,
      consensus: 0,
      lead: 0,
      runnerUp: 0,
      total: 0,
      margin: 0,
      votes: {},
    });
  });
});

describe('two votes of one place of the panel', () => {
  const [first, second] = [answered(0, '4', 0.5), answered(0, '4', 0.5)];
  const counting = Object.entries(voters).filter(([name]) => name !== 'fieldwise');
  const deciding = counting.filter(([name]) => name !== 'unanimous');

  it.each(counting)('have the first of equal votes speak for the answer: %s', (_, voter) => {
    expect(countedBy(voter, [first, second]).leadingVote).toBe(first);
  });

  it.each(deciding)('have the first of the answers that tie lead: %s', (_, voter) => {
    expect(countedBy(voter, [first, answered(0, '5', 0.5)]).answer).toBe('4');
  });
});

describe('logOdds', () => {
  it('finds all choices equally probable before the first vote', () => {
    const voter = logOdds({ accuracies: {}, choices: 4 });
    expect(voter.tally(voter.init()).confidence).toBe(0.25);
  });
});

describe('margins', () => {
  it('are 0 under bestConfidence, which any vote may change', () => {
    expect(countedBy(bestConfidence(), [answered(0, '4', 1), answered(1, '4', 1)]).margin).toBe(0);
  });

  it('are those of the scores of naiveBayes, and 0 for an answer that is not a class', () => {
    const voter = naiveBayes({ classes: ['4', '5'], likelihoods: { m0: biased, m1: biased } });
    const votes = [answered(0, '4'), answered(1, '5')];
    expect(countedBy(voter, votes.slice(0, 1)).margin).toBeCloseTo(Math.log(0.9 / 0.2), 8);
    expect(countedBy(voter, votes).margin).toBeCloseTo(Math.log((0.2 * 0.8) / (0.9 * 0.1)), 8);
    expect(countedBy(voter, [answered(0, '6')]).margin).toBe(0);
  });
});

describe('naiveBayes', () => {
  const voter = naiveBayes({ classes: ['4', '5'], likelihoods });

  it('decides a tie by confidence, then by the place in the panel', () => {
    const sure = [answered(0, '4', 0.5), answered(1, '5', 0.9)];
    expect(countedBy(voter, sure).answer).toBe('5');
    expect(countedBy(voter, sure.toReversed()).answer).toBe('5');
    const equal = [answered(1, '5', 0.5), answered(0, '4', 0.5)];
    expect(countedBy(voter, equal).answer).toBe('4');
    expect(countedBy(voter, equal.toReversed()).answer).toBe('4');
  });

  it('does not decide a tie between classes by the number of votes', () => {
    const votes = [answered(0, '4', 0.9), answered(1, '5'), answered(2, '5')];
    expect(countedBy(voter, votes)).toMatchObject({ answer: '4', lead: 1, runnerUp: 2, total: 3 });
  });

  it('ranks answers that are not a class by their votes, then by confidence, below every class', () => {
    const outside = [answered(0, '6', 0.9), answered(1, '7'), answered(2, '7')];
    expect(countedBy(voter, outside)).toMatchObject({ answer: '7', lead: 2, runnerUp: 1 });
    expect(countedBy(voter, outside.slice(0, 2)).answer).toBe('6');
    expect(countedBy(voter, outside.toReversed()).answer).toBe('7');
    expect(countedBy(voter, [...outside, answered(3, '5')]).answer).toBe('5');
    expect(countedBy(voter, [answered(3, '5'), ...outside]).answer).toBe('5');
  });

  it('has the most confident vote speak for its answer, in any order', () => {
    const votes = [answered(0, '4', 0.2), answered(1, '4', 0.9), answered(2, '4', 0.5)];
    for (const order of [votes, votes.toReversed()]) {
      expect(countedBy(voter, order).leadingVote).toBe(votes[1]);
    }
  });

  it('takes a model that it does not know for no evidence', () => {
    expect(voter.ceiling?.('unknown')).toBe(0);
    expect(countedBy(voter, [answered(8, '5'), answered(9, '5')])).toMatchObject({
      answer: '5',
      confidence: 0.5,
      lead: 2,
    });
  });

  it.each<readonly [string, object, readonly string[]]>([
    ['one class', { classes: ['4'] }, ['"classes" must be at least two different strings']],
    ['a class twice', { classes: ['4', '4'] }, ['"classes" must be at least two different strings']],
    ['a class that is not a string', { classes: ['4', 5] }, ['"classes" must be at least two different str']],
    ['classes that are not a list', { classes: '45' }, ['"classes" must be at least two different strings']],
    ['a prior of 0', { prior: [0.5, 0] }, ['"prior" must be numbers above 0 and up to 1']],
    ['a prior above 1', { prior: [0.5, 1.1] }, ['"prior" must be numbers above 0 and up to 1']],
    ['a prior of texts', { prior: [0.5, '1'] }, ['"prior" must be numbers above 0 and up to 1']],
    ['a prior that is not a list', { prior: 0.5 }, ['"prior" must be numbers above 0 and up to 1']],
    [
      'a short prior',
      { prior: [1] },
      ['"prior" must have 2 numbers, one for each class, but got an array of 1'],
    ],
    ['no likelihoods', { likelihoods: undefined }, ['"likelihoods" is missing']],
    ['likelihoods that are not an object', { likelihoods: 'm0' }, ['"likelihoods" must be an object']],
    [
      'a matrix that is not a list',
      { likelihoods: { m0: 1 } },
      ['2 rows of 2 numbers above 0 and up to 1 for "m0"'],
    ],
    [
      'a short matrix',
      { likelihoods: { m0: [[0.5, 0.5]] } },
      ['"likelihoods" must have 2 rows of 2 numbers'],
    ],
    [
      'a row that is not a list',
      { likelihoods: { m0: [[0.5, 0.5], 1] } },
      ['"likelihoods" must have 2 rows'],
    ],
    ['a short row', { likelihoods: { m0: [[0.5, 0.5], [1]] } }, ['"likelihoods" must have 2 rows']],
    [
      'a row with a 0',
      {
        likelihoods: {
          m0: [
            [0.5, 0.5],
            [0, 1],
          ],
        },
      },
      ['"likelihoods" must have 2 rows'],
    ],
  ])('refuses %s', (_, wrong, messages) => {
    const options = { classes: ['4', '5'], likelihoods: {}, ...wrong } as unknown as NaiveBayesOptions;
    const faults = faultsOf(() => naiveBayes(options));
    expect(faults).toStrictEqual(messages.map((message) => expect.stringContaining(message)));
    for (const fault of faults) expect(fault).toMatch(/^naiveBayes: option /);
  });

  it('takes a prior and likelihoods up to 1', () => {
    const certain = [
      [1, 0.001],
      [0.001, 1],
    ];
    expect(
      faultsOf(() => naiveBayes({ classes: ['4', '5'], prior: [1, 1], likelihoods: { m: certain } })),
    ).toEqual([]);
  });
});

describe('options of voters', () => {
  it.each<readonly [string, () => unknown, string]>([
    ['weighted', () => weighted({ weights: 3 as never }), 'weighted: option "weights" must be an object'],
    [
      'weighted',
      () => weighted({ weights: { a: -1 } }),
      'weighted.weights: option "a" must be a number from 0',
    ],
    ['weighted', () => weighted(null as never), 'weighted: expected an options object, but got null'],
    [
      'confidenceWeighted',
      () => confidenceWeighted({ temperature: 0 }),
      'confidenceWeighted: option "temperature"',
    ],
    ['logOdds', () => logOdds(null as never), 'logOdds: expected an options object, but got null'],
    [
      'logOdds',
      () => logOdds({ accuracies: {}, choices: 1 }),
      'logOdds: option "choices" must be a number from 2',
    ],
    [
      'logOdds',
      () => logOdds({ accuracies: { a: 2 } }),
      'logOdds.accuracies: option "a" must be a number from 0',
    ],
    ['naiveBayes', () => naiveBayes(null as never), 'naiveBayes: expected an options object, but got null'],
  ])('of %s are refused if they are invalid', (_, make, fault) => {
    expect(faultsOf(make)).toStrictEqual([expect.stringContaining(fault)]);
  });

  it('are refused for a panel of which some models are missing', () => {
    const voters = [
      logOdds({ accuracies: { a: 0.7 } }),
      naiveBayes({ classes: ['4', '5'], likelihoods: { a: even } }),
    ];
    expect(voters.map((voter) => voter.faults?.(['a', 'b']))).toStrictEqual([
      ['logOdds: option "accuracies" has no accuracy for "b", a model of the panel: add it'],
      ['naiveBayes: option "likelihoods" has no likelihoods for "b", a model of the panel: add them'],
    ]);
    expect(weighted({ weights: { a: 1, c: 1 } }).faults?.(['a', 'b'])).toStrictEqual([
      'weighted: option "weights" names "c", but the panel is a, b: correct the id, or remove it',
    ]);
  });
});

describe('a vote function', () => {
  const standing = { answer: '4', consensus: 1, votes: { 4: 1 } };
  const named = { first: () => standing, strategy: () => standing };

  it('does not repeat a large panel for each unknown id', () => {
    const panel = Array.from({ length: 40_000 }, (_, index) => `model-${index}`);
    const weights = Object.fromEntries(panel.map((id) => [`other-${id}`, 1]));
    const faults = weighted({ weights }).faults?.(panel) ?? [];
    expect(faults).toHaveLength(40_000);
    expect(faults[0]).toMatch(/but the panel is model-0, .*, model-19 and 39980 more: correct the id/);
  });

  it('names the strategy, unless it has no name of its own', () => {
    const nameless: VoteFunction[] = [() => standing];
    expect(fromVoteFunction(named.first, []).name).toBe('first');
    expect(fromVoteFunction(named.strategy, []).name).toBe('custom');
    expect(fromVoteFunction(nameless[0] as VoteFunction, []).name).toBe('custom');
  });
});
