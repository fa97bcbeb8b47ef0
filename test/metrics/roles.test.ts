import { describe, expect, it } from 'vitest';
import { abstain, createEnsemble, defineModel, type EnsembleOptions } from '../../src/index.ts';
import { aggregateStats } from '../../src/metrics/aggregate-stats.ts';
import { agreement } from '../../src/metrics/agreement.ts';
import { agreementRow } from '../../src/metrics/agreement-row.ts';
import { csvRow } from '../../src/metrics/csv-row.ts';
import { explain } from '../../src/metrics/explain.ts';
import { summaryReport } from '../../src/metrics/summary-report.ts';
import { banana, grouped, groupedPrediction, saying } from '../grouped.ts';

const parsed = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const failedWith = async (options: Partial<EnsembleOptions>) =>
  grouped(options)
    .predict('?')
    .catch((error) => error);

describe('explain of groups and deciders', () => {
  it('counts a vote for the answer of its group, and says whose words they are', async () => {
    const { contributions, winner, runnerUp, pivotal, text } = explain(await groupedPrediction());
    expect(winner).toStrictEqual({ key: 'avocado', votes: 2 });
    expect(runnerUp).toMatchObject({ key: 'banana', votes: 1, switchesNeeded: 1 });
    expect(
      contributions.map(({ model, stance, key, support }) => [model, stance, key, support]),
    ).toStrictEqual([
      ['a', 'for', 'avocado', 1],
      ['b', 'against', 'banana', 0],
      ['c', 'for', 'avocado', 1],
    ]);
    expect(pivotal?.map(({ model }) => model)).toStrictEqual(['a', 'c']);
    expect(text.split('\n').slice(0, 2)).toStrictEqual([
      'The answer is “avocado”, by majority, with 2 of 3 votes; the runner-up “banana” has 1.',
      'By byInitial, 2 votes in different words say the same; the answer is in the words of a.',
    ]);
  });

  it('says so if a grouping joined nothing', async () => {
    const models = [saying('a', 'avocado'), saying('b', 'banana')];
    const { text } = explain(await groupedPrediction({ models }));
    expect(text).toContain('By byInitial, no votes in different words say the same.');
  });

  it('says which decider chose the answer and why, and takes its call for no vote', async () => {
    const prediction = await groupedPrediction({ decide: banana() });
    const explanation = explain(prediction);
    const { contributions, winner, runnerUp, margin, pivotal, notRecounted, text } = explanation;
    expect(winner).toStrictEqual({ key: 'banana', votes: 1 });
    expect(runnerUp).toStrictEqual({ key: 'avocado', votes: 2, switchesNeeded: undefined });
    expect(margin).toBe(-1);
    expect(contributions.map(({ model, stance }) => [model, stance])).toStrictEqual([
      ['a', 'against'],
      ['b', 'for'],
      ['c', 'against'],
    ]);
    expect(pivotal).toBeUndefined();
    expect(notRecounted).toBe('custom decided, and not the votes');
    expect(text.split('\n')).toStrictEqual([
      'The answer is “banana”, chosen by custom: “it is green”.',
      'Of 3 votes, 1 is for it, and 2 for “avocado”.',
      'For it: b.',
      'Against it: a with “avocado” and c with “avocado”.',
    ]);
    expect(explain(parsed(prediction)).text).toBe(text);
  });

  it('says so if a decider wrote the answer', async () => {
    const decide = async () => ({ answer: 'kiwi', text: 'A kiwi.' });
    const { winner, runnerUp, text } = explain(await groupedPrediction({ decide }));
    expect(winner).toStrictEqual({ key: 'kiwi', votes: undefined });
    expect(runnerUp).toMatchObject({ key: 'avocado', votes: 2 });
    expect(text.split('\n').slice(0, 3)).toStrictEqual([
      'The answer is “kiwi”, written by custom.',
      'Of 3 votes, none are for it, and 2 for “avocado”.',
      'Other answers: a with “avocado”, b with “banana” and c with “avocado”.',
    ]);
  });

  it('says so if a decider left the decision to the votes, and which of its calls failed', async () => {
    expect(explain(await groupedPrediction({ decide: () => undefined })).text).toContain(
      'custom left the decision to the votes.',
    );
    const undecided = explain(await groupedPrediction({ decide: () => abstain('both are green') }));
    expect(undecided.text).toContain('custom had no verdict: “both are green”; so the votes decided.');
    expect(undecided.pivotal).toHaveLength(2);
    const dead = defineModel('judge', () => Promise.reject(new Error('down')));
    const { text } = explain(
      await groupedPrediction({ decide: (_tally, { call }) => call(dead, '?', { role: 'judge' }) as never }),
    );
    expect(text).toContain('judge, called as judge, failed with ModelError.');
  });

  it('does not take a call of a judge for a call of the panel', async () => {
    const decide = banana();
    const { neverAsked } = explain(
      await groupedPrediction({ decide, earlyStop: 0.3, execution: 'sequential' }),
    );
    // The execution needs two votes, of a panel of three.
    expect(neverAsked).toBe(1);
  });
});

describe('statistics of groups and deciders', () => {
  it('list the calls of a judge apart from those that it makes as a member, and add up all costs', async () => {
    const { models, costUsd } = aggregateStats([await groupedPrediction({ decide: banana() })]);
    expect(
      models.map(({ model, role, calls, costUsd: { total } }) => [model, role, calls, total]),
    ).toStrictEqual([
      ['a', undefined, 1, 0.1],
      ['b', undefined, 1, 0.1],
      ['c', undefined, 1, 0.1],
      ['a', 'judge', 1, 1],
    ]);
    expect(costUsd.total).toBeCloseTo(1.3, 12);
    expect(summaryReport([await groupedPrediction({ decide: banana() })])).toMatch(/\n {2}a \(judge\) +1 /);
  });

  it('take the votes of a group for the same, and the right answer for that of its group', async () => {
    const prediction = await groupedPrediction({ decide: banana() });
    expect([...agreementRow(prediction, 'an apple').votes]).toStrictEqual([
      ['a', 'avocado'],
      ['b', 'banana'],
      ['c', 'avocado'],
    ]);
    expect(agreementRow(prediction, 'an apple').expected).toBe('avocado');
    expect(agreementRow(prediction, 'kiwi').expected).toBe('kiwi');
    const { pairs } = agreement([prediction]);
    expect(pairs.map(({ models, agreed }) => [...models, agreed])).toStrictEqual([
      ['a', 'b', 0],
      ['a', 'c', 1],
      ['b', 'c', 0],
    ]);
  });

  it('count members only in a row of a query without a prediction, and pay for all calls', async () => {
    const strategy = 'unanimous';
    const error = await failedWith({
      strategy,
      decide: (_tally, { call }) => call(saying('judge', 'x'), '?', { role: 'judge' }) as never,
    });
    expect(error.name).toBe('NoConsensusError');
    const row = csvRow({ value: error, timestamp: 0 });
    expect(row).toMatchObject({ successes: 3, models: 'a; b; c; judge', total_cost: 0.4 });
  });

  it('count no call of a judge among the members of any ensemble', async () => {
    const judge = saying('judge', 'b');
    const ensemble = createEnsemble({
      models: [saying('x', 'a'), saying('y', 'b')],
      decide: (_tally, { call }) => call(judge, '?', { role: 'judge' }) as never,
    });
    const prediction = await ensemble.predict('?');
    expect(agreementRow(prediction).votes.has('judge')).toBe(false);
  });
});
