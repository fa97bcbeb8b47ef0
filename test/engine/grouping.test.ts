import { map, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Group,
  type GroupFunction,
  type Grouping,
  type Vote,
} from '../../src/index.ts';
import { marbles } from '../marbles.ts';
import { scripted } from '../scripted.ts';

/** Answers with the same first letter are the same. */
const byInitial: GroupFunction = (votes) => [
  ...Map.groupBy(votes, ({ response }) => response.text.trim()[0]?.toLowerCase()).values(),
];

const saying = (...texts: string[]) => texts.map((text, index) => defineModel(`model-${index}`, () => text));

describe('grouping', () => {
  test('counts the votes of a group for the answer of its first member, as that model wrote it', async () => {
    const ensemble = createEnsemble({
      models: saying(' Avocados,\n\nI think. ', 'banana', 'apples', 'Apple pie'),
      grouping: byInitial,
    });
    const { answer, text, metadata, outcomes } = await ensemble.predict('What is green?');
    expect(answer).toBe('Avocados,\n\nI think.');
    expect(text.trim()).toBe(answer);
    expect(metadata).toMatchObject({
      votes: { 'Avocados,\n\nI think.': 3, banana: 1 },
      consensus: 0.75,
      grouping: 'byInitial',
      warnings: [],
    });
    expect(outcomes.map((outcome) => outcome.status === 'answered' && outcome.group)).toEqual([
      answer,
      'banana',
      answer,
      answer,
    ]);
  });

  test('gives the first member of the panel the word, whatever arrives first', () => {
    marbles((m) => {
      const models = [
        scripted('slow', m.cold('---a|', { a: { text: 'apple' } })),
        scripted('quick', m.cold('-a|', { a: { text: 'avocado', confidence: 0.9 } })),
      ];
      const predicted = createEnsemble({ models, grouping: byInitial }).predict$('What is green?');
      predicted.subscribe(({ answer, metadata }) => {
        expect([answer, metadata.confidence]).toEqual(['apple', 0.9]);
      });
    })();
  });

  test('closes the remaining calls when a share of the panel agrees', () => {
    marbles((m) => {
      const last = m.cold('---------b|', { b: { text: 'banana' } });
      const models = [
        scripted('a', m.cold('-a|', { a: { text: 'apple' } })),
        scripted('b', m.cold('--a|', { a: { text: 'avocado' } })),
        scripted('c', last),
      ];
      const predicted = createEnsemble({ models, grouping: byInitial, earlyStop: 0.6 }).predict$('Green?');
      predicted.subscribe(({ metadata }) => {
        expect(metadata).toMatchObject({ stoppedBy: 'rule', consensus: 1, cancelled: 1 });
      });
      m.expect(last).toHaveSubscriptions('^-!');
    })();
  });

  test("is never 'decided' before the last vote, and says so at once", async () => {
    const options = { models: saying('apple', 'avocado', 'banana'), grouping: byInitial };
    const { metadata } = await createEnsemble({ ...options, earlyStop: 'decided' }).predict('Green?');
    expect(metadata.successes).toBe(3);
    expect(metadata.warnings).toEqual([expect.stringContaining('a later answer can change the groups')]);
  });

  test.each<[string, GroupFunction]>([
    ['leaves out a vote', (votes) => [votes.slice(1)]],
    ['repeats a vote', (votes) => [votes, votes]],
    ['is empty', () => [[]]],
    ['is no list', () => 7 as unknown as Group[]],
    ['makes votes', (votes) => [votes.map((vote): Vote => ({ ...vote })), [...votes]]],
    ['divides equal answers', (votes) => votes.map((vote) => [vote])],
    [
      'throws',
      () => {
        throw new RangeError('sk-secret');
      },
    ],
  ])('refuses a grouping that %s', async (_, grouping) => {
    const ensemble = createEnsemble({ models: saying('apple', 'apple', 'banana'), grouping });
    const error = await ensemble.predict('Green?').catch((fault: Error) => fault);
    expect(error).toMatchObject({ name: 'UserCodeError' });
    expect(String(error)).toMatch(/the grouping "[a-z]+" (must return|threw RangeError)/);
    expect(String(error)).not.toContain('secret');
  });

  test('are told by the error of a vote without a winner', async () => {
    const ensemble = createEnsemble({
      models: saying('apple', 'avocado', 'banana'),
      grouping: byInitial,
      strategy: 'unanimous',
    });
    const error = await ensemble.predict('Green?').catch((fault) => fault);
    expect(error.name).toBe('NoConsensusError');
    expect(error.outcomes.map(({ group }: { group?: string }) => group)).toEqual([
      'apple',
      'apple',
      'banana',
    ]);
  });

  test('refines the groups once, after the last call, with calls that are paid for', async () => {
    const embedder = defineModel('embedder', () => ({ text: 'all the same', costUsd: 0.5 }));
    let refinements = 0;
    const grouping: Grouping<Vote[]> = {
      name: 'mine',
      init: () => [],
      add: (votes, vote) => [...votes, vote],
      groups: (votes) => votes.map((vote) => [vote]),
      refine: (votes, { call, question }) => {
        refinements += 1;
        return call(embedder, `Same? ${question}`, { role: 'embedder' }).pipe(map(() => [votes]));
      },
    };
    const { metadata, outcomes } = await createEnsemble({
      models: saying('apple', 'pear', 'fig'),
      grouping,
    }).predict('Which?');
    expect(refinements).toBe(1);
    expect(metadata).toMatchObject({ votes: { apple: 3 }, consensus: 1, successes: 3, costUsd: 0.5 });
    expect(outcomes.at(-1)).toMatchObject({ model: 'embedder', role: 'embedder', index: 3 });
  });

  test('has the warnings and the details of a refinement, and none that come later', async () => {
    let late = (): void => undefined;
    const grouping: Grouping<Vote[]> = {
      name: 'mine',
      init: () => [],
      add: (votes, vote) => [...votes, vote],
      groups: (votes) => votes.map((vote) => [vote]),
      refine: (votes, { warn, report }) => {
        warn('one pair is unclear');
        report({ pairs: 1 });
        late = () => warn('too late');
        return of([votes]);
      },
    };
    const { metadata } = await createEnsemble({ models: saying('apple', 'pear'), grouping }).predict(
      'Which?',
    );
    late();
    expect(metadata).toMatchObject({ warnings: ['one pair is unclear'], refinement: { pairs: 1 } });
  });

  test('keeps the groups if a refinement reports no details', async () => {
    const grouping: Grouping<Vote[]> = {
      name: 'mine',
      init: () => [],
      add: (votes, vote) => [...votes, vote],
      groups: (votes) => votes.map((vote) => [vote]),
      refine: (votes, { report }) => {
        report('all the same' as never);
        return of([votes]);
      },
    };
    const { metadata } = await createEnsemble({ models: saying('apple', 'pear'), grouping }).predict(
      'Which?',
    );
    expect(metadata.votes).toEqual({ apple: 1, pear: 1 });
    expect(metadata.warnings).toEqual([expect.stringContaining('details that can be written as JSON')]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new RangeError('sk-secret');
      },
      'threw RangeError',
    ],
    ['fails', () => throwError(() => new RangeError('sk-secret')), 'threw RangeError'],
    ['returns no groups', () => of([]), 'must return each of the 2 votes'],
  ] as const)('keeps the groups if refining %s', async (_, refine, why) => {
    const grouping: Grouping<Vote[]> = {
      name: 'mine',
      init: () => [],
      add: (votes, vote) => [...votes, vote],
      groups: (votes) => votes.map((vote) => [vote]),
      refine,
    };
    const { metadata } = await createEnsemble({ models: saying('apple', 'pear'), grouping }).predict(
      'Which?',
    );
    expect(metadata.votes).toEqual({ apple: 1, pear: 1 });
    expect(metadata.warnings).toEqual([expect.stringContaining(why)]);
  });
});
