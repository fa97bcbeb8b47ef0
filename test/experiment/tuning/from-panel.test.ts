import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromPanel } from '../../../src/experiment/experiment.ts';
import { createEnsemble, defineModel, type Model, NoConsensusError } from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { scripted } from '../../scripted.ts';

const head = { format: 'crucible-ensemble/panel', version: 1 };
const parallel = { schedule: 'parallel', stop: 'decided' };

const saying = (texts: Readonly<Record<string, string>>, confidence?: number): Model[] =>
  Object.entries(texts).map(([id, text]) =>
    defineModel(id, () => (confidence === undefined ? { text } : { text, confidence })),
  );

const answers = { x: { text: 'x' }, y: { text: 'y' } };

describe('fromPanel', () => {
  const gate = {
    ...head,
    members: ['small', 'other', 'strong'],
    voter: { rule: 'weights', weights: [1, 1, 2.5] },
    execution: { schedule: 'sequential', stop: 'agreement', votes: 2 },
  };

  it(
    'asks the small models at once, and the strong one where they do not agree, which then decides',
    marbles((m) => {
      const small = m.cold(' --x|     ', answers);
      const smallSubs = '    ^-!      ';
      const other = m.cold(' ---y|    ', answers);
      const otherSubs = '    ^--!     ';
      const strong = m.cold('   --y|  ', answers);
      const strongSubs = '   ---^-!   ';
      const expected = '     -----(y|)';

      const models = [scripted('strong', strong), scripted('small', small), scripted('other', other)];
      const { predict$ } = createEnsemble(fromPanel(gate, { models }));
      m.expect(predict$('?').pipe(map(({ text }) => text))).toBeObservable(expected);
      m.expect(small).toHaveSubscriptions(smallSubs);
      m.expect(other).toHaveSubscriptions(otherSubs);
      m.expect(strong).toHaveSubscriptions(strongSubs);
    }),
  );

  it(
    'never asks the strong model where the small ones agree',
    marbles((m) => {
      const small = m.cold(' --x|     ', answers);
      const other = m.cold(' ---x|    ', answers);
      const strong = m.cold('--y|     ', answers);
      const expected = '     ---(x|)  ';

      const models = [scripted('small', small), scripted('other', other), scripted('strong', strong)];
      const { predict$ } = createEnsemble(fromPanel(gate, { models }));
      m.expect(predict$('?').pipe(map(({ text }) => text))).toBeObservable(expected);
      m.expect(strong).toHaveSubscriptions([]);
    }),
  );

  it(
    'asks until the answer is probable enough',
    marbles((m) => {
      const a = m.cold('     --x|     ', answers);
      const b = m.cold('     --x|     ', answers);
      const bSubs = '        --^-!    ';
      const c = m.cold('     --y|     ', answers);
      const expected = '     ----(x|) ';

      const panel = {
        ...head,
        members: ['a', 'b', 'c'],
        voter: { rule: 'logOdds', accuracies: [0.8, 0.8, 0.8], choices: 2 },
        execution: { schedule: 'sequential', stop: 'confident', threshold: 0.9 },
      };
      const models = [scripted('a', a), scripted('b', b), scripted('c', c)];
      const { predict$ } = createEnsemble(fromPanel(panel, { models }));
      m.expect(predict$('?').pipe(map(({ text }) => text))).toBeObservable(expected);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions([]);
    }),
  );

  it('holds back an answer that is not sure enough, with the votes', async () => {
    const panel = {
      ...head,
      members: ['a', 'b', 'c'],
      voter: { rule: 'majority' },
      execution: { schedule: 'parallel', stop: 'never' },
      acceptFrom: 0.7,
    };
    const predict = (c: string) =>
      createEnsemble(fromPanel(panel, { models: saying({ a: 'x', b: 'x', c }) })).predict('?');
    expect((await predict('x')).answer).toBe('x');
    const error = await predict('y').catch((reason) => reason);
    expect(error).toBeInstanceOf(NoConsensusError);
    expect(error.votes).toStrictEqual({ x: 2, y: 1 });
  });

  it.each([
    [{ rule: 'majority' }, 'x'],
    [{ rule: 'bestConfidence' }, 'x'],
    [{ rule: 'confidenceWeighted', temperature: 0.5 }, 'x'],
    [{ rule: 'weights', weights: [1, 1, 5] }, 'y'],
    [{ rule: 'logOdds', accuracies: [0.6, 0.6, 0.9], choices: 2 }, 'y'],
    [
      {
        rule: 'naiveBayes',
        classes: ['x', 'y'],
        prior: [0.5, 0.5],
        likelihoods: [0.5, 0.5, 0.9].map((share) => [
          [share, 1 - share],
          [1 - share, share],
        ]),
      },
      'y',
    ],
  ])('counts by %j', async (voter, expected) => {
    const panel = { ...head, members: ['a', 'b', 'c'], voter, execution: { ...parallel, stop: 'never' } };
    const models = saying({ a: 'x', b: 'x', c: 'y' }, 0.8);
    expect((await createEnsemble(fromPanel(panel, { models })).predict('?')).answer).toBe(expected);
  });

  it('makes the models by a function of their ids, in the order of the panel', () => {
    const panel = {
      ...head,
      members: ['b', '__proto__'],
      voter: { rule: 'weights', weights: [1, 2] },
      execution: parallel,
    };
    const parsed: unknown = JSON.parse(JSON.stringify(panel));
    const { models, strategy } = fromPanel(parsed, { models: (id) => defineModel(id, () => 'x') });
    expect((models as readonly Model[]).map(({ id }) => id)).toStrictEqual(['b', '__proto__']);
    expect(typeof strategy === 'object' && strategy.ceiling?.('__proto__')).toBe(2);
  });

  it('says which members there is no model for', () => {
    const panel = { ...head, members: ['a', 'b', 'c'], voter: { rule: 'majority' }, execution: parallel };
    expect(() => fromPanel(panel, { models: saying({ b: 'x' }) })).toThrow(
      /no model with the id "a".*no model with the id "c"/s,
    );
  });

  it('lists every fault of a panel at once', () => {
    const panel = {
      ...head,
      members: ['a', 'b'],
      voter: { rule: 'logOdds', accuracies: [0.5], choices: 1 },
      execution: { schedule: 'sequential', stop: 'agreement', votes: 3 },
      acceptFrom: 2,
    };
    expect(() => fromPanel(panel, { models: [] })).toThrow(
      /voter.accuracies must be 2 numbers.*voter.choices must be.*execution.votes must be.*acceptFrom must be/s,
    );
  });

  it.each([
    [null, 'the panel must be an object'],
    [[], 'the panel must be an object'],
    [{ ...head, version: 2 }, 'version must be 1, but got 2'],
    [{ version: 1 }, "format must be 'crucible-ensemble/panel'"],
    [{ ...head, members: ['a', 'a'] }, 'members must be an array of different ids'],
    [{ ...head, members: ['a'], voter: { rule: '__proto__' }, execution: parallel }, 'voter.rule must be'],
    [{ ...head, members: ['a'], voter: { rule: 'majority' }, execution: {} }, 'execution must be'],
    [
      { ...head, members: ['a'], voter: { rule: 'weights', weights: ['1'] }, execution: parallel },
      'voter.weights must be 1 numbers',
    ],
    [
      {
        ...head,
        members: ['a'],
        voter: { rule: 'naiveBayes', classes: ['x', 'y'], prior: [1, 1], likelihoods: [[[1, 0]]] },
        execution: parallel,
      },
      'must have 2 rows of 2 numbers',
    ],
  ])('refuses %j', (panel, message) => {
    expect(() => fromPanel(panel, { models: [] })).toThrow(message);
  });

  it('reads what a panel has of its own alone', () => {
    const inherited: unknown = Object.create({
      ...head,
      members: ['a'],
      voter: { rule: 'majority' },
      execution: parallel,
    });
    expect(() => fromPanel(inherited, { models: saying({ a: 'x' }) })).toThrow('format must be');
  });
});
