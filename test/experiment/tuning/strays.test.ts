import { describe, expect, it } from 'vitest';
import {
  fitDawidSkene,
  fitNaiveBayes,
  fromPanel,
  type LabelledBallot,
  type PanelVoter,
  tune,
} from '../../../src/experiment/experiment.ts';
import { ballotTable } from '../../../src/experiment/tuning/ballot-table.ts';
import { areClasses, keysIn } from '../../../src/experiment/tuning/classes-of.ts';
import { learnedVoter } from '../../../src/experiment/tuning/learned-voter.ts';
import { isRightAtOnce } from '../../../src/experiment/tuning/play.ts';
import { createEnsemble, defineModel, naiveBayes } from '../../../src/index.ts';
import { drawsFor } from '../../../src/models/random.ts';

const classes = ['a', 'b', 'c', 'd', 'e'];
const models = ['careful', 'leaning', 'also', 'third'];

/**
 * Questions with five answers. One model is good, three lean to "a" and are often wrong together, and each strays now and
 * then: 44 different strays, such as misread answers. `rightStrays` of the questions have a right answer that is a stray.
 */
const ballotsOf = (count: number, seed: string, rightStrays = 0): LabelledBallot[] => {
  const draw = drawsFor(seed);
  let strays = 0;
  const every = Math.floor((count * models.length) / 44);
  let votes = Math.floor(every / 2);
  return Array.from({ length: count }, (_, index) => {
    const right = index < rightStrays ? `none ${index}` : (classes[Math.floor(draw() * 5)] as string);
    const answerOf = (share: number, lean: string | undefined): string => {
      votes += 1;
      if (votes % every === 0) {
        strays += 1;
        return `stray ${strays}`;
      }
      if (draw() < share) return right;
      return lean ?? (classes[Math.floor(draw() * 5)] as string);
    };
    return {
      id: `${index}`,
      rightKeys: new Set([right]),
      votes: new Map([
        ['careful', { key: answerOf(0.8, undefined) }],
        ['leaning', { key: answerOf(0.4, 'a') }],
        ['also', { key: answerOf(0.35, 'a') }],
        ['third', { key: answerOf(0.3, 'a') }],
      ]),
    };
  });
};

const rightOf = (rule: PanelVoter, ballots: readonly LabelledBallot[]): number => {
  const { rows } = ballotTable(ballots, models, {});
  const learned = learnedVoter(rule, models);
  return rows.filter((row) => isRightAtOnce(row, [0, 1, 2, 3], learned)).length;
};

const ruleOf = ({
  classes,
  withOther,
  prior,
  likelihoods,
}: ReturnType<typeof fitNaiveBayes>): PanelVoter => ({
  rule: 'naiveBayes',
  classes,
  withOther,
  prior,
  likelihoods: models.map((model) => likelihoods[model] ?? []),
});

describe('answers from five classes with 44 strays', () => {
  const known = ballotsOf(300, 'known');
  const fresh = ballotsOf(300, 'fresh');

  it('are answers from five classes', () => {
    const keys = keysIn(known);
    expect(keys.namings.size).toBe(5 + 44);
    expect(areClasses(keys)).toBe(true);
    for (const learn of [fitNaiveBayes, fitDawidSkene]) {
      const options = learn(known);
      expect(options).toMatchObject({ classes, withOther: true });
      expect(options.prior).toHaveLength(6);
      expect(options.prior.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
      for (const rows of Object.values(options.likelihoods)) {
        expect(rows).toHaveLength(6);
        for (const row of rows) expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
      }
      // Each model strays in about one of 27 votes, whatever is right.
      expect(options.likelihoods.careful?.[0]?.[5]).toBeCloseTo(0.04, 1);
      expect(naiveBayes(options).faults?.(models)).toStrictEqual([]);
    }
  });

  it('let confusion matrices win over the plurality on other questions', () => {
    const plurality = rightOf({ rule: 'majority' }, fresh);
    const bayes = rightOf(ruleOf(fitNaiveBayes(known)), fresh);
    expect(bayes).toBeGreaterThan(plurality + 30);
  });

  it('are tuned for, and the panel is plain JSON that runs', async () => {
    const { panel, plurality } = tune({ ballots: known, aim: { maximize: 'accuracy' } });
    expect(panel.expected.accuracy.value).toBeGreaterThan(plurality.accuracy.value + 0.1);
    const bayes = {
      ...panel,
      members: models,
      voter: ruleOf(fitNaiveBayes(known)),
      execution: { schedule: 'parallel', stop: 'never' },
    };
    const answers = { careful: 'c', leaning: 'a', also: 'stray of today', third: 'a' };
    const ensemble = createEnsemble(
      fromPanel(JSON.parse(JSON.stringify(bayes)), {
        models: Object.entries(answers).map(([id, text]) => defineModel(id, () => text)),
      }),
    );
    expect((await ensemble.predict('?')).answer).toBe('c');
  });

  it('may have a stray as the right answer, which is chosen if models agree on it', () => {
    const some = ballotsOf(300, 'some', 15);
    const options = fitNaiveBayes(some);
    expect(options.classes).toStrictEqual(classes);
    expect(options.prior.at(-1)).toBeCloseTo(16 / 306, 9);
    const { rows } = ballotTable(some.slice(0, 15), models, {});
    const learned = learnedVoter(ruleOf(options), models);
    const agreed = rows.filter(({ answers }) => answers[0] === answers[1]);
    expect(agreed.length).toBeGreaterThan(1);
    for (const row of agreed) expect(isRightAtOnce(row, [0, 1, 2, 3], learned)).toBe(true);
  });
});

describe('what classes are', () => {
  const ballot = (right: string, ...votes: readonly string[]): LabelledBallot => ({
    id: right,
    rightKeys: new Set([right]),
    votes: new Map(votes.map((key, index) => [`m${index}`, { key }])),
  });
  const areFrom = (ballots: readonly LabelledBallot[]): boolean => areClasses(keysIn(ballots));

  it('are not the frequent answers of questions that have answers of their own', () => {
    const sums = Array.from({ length: 200 }, (_, index) => {
      const right = index % 3 === 0 ? `${index % 10}` : `${1000 + index}`;
      return ballot(right, right, right, `${index % 7}`);
    });
    expect(areFrom(sums)).toBe(false);
    expect(() => fitNaiveBayes(sums)).toThrow('use fitLogOdds or fitOneCoin');
  });

  it('are all answers of few ballots, although none recurs', () => {
    expect(fitNaiveBayes([ballot('a', 'a'), ballot('b', 'b')])).toMatchObject({
      classes: ['a', 'b'],
      withOther: false,
    });
  });

  it('have no other class if there are no strays', () => {
    const options = fitNaiveBayes(['a', 'b', 'a', 'b'].map((right) => ballot(right, right)));
    expect(options.withOther).toBe(false);
    expect(options.prior).toHaveLength(2);
  });

  it('are those that recur, also if there are few strays', () => {
    const ballots = ['a', 'b', 'a', 'b', 'a', 'b'].map((right, index) =>
      ballot(right, right, right, right, index === 5 ? 'none' : right),
    );
    expect(fitNaiveBayes(ballots)).toMatchObject({ classes: ['a', 'b'], withOther: true });
  });
});
