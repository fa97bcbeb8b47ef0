import { expect, test } from 'vitest';
import { createHistory } from '../../../src/server/watch/create-history.ts';
import { endOf, failed, vote } from './ends.ts';

const with100 = { history: 100, content: false };

test('counts what members did, and how often they agreed with the answer', () => {
  const history = createHistory(with100);
  history.add(endOf([vote('a', 'x', 10), vote('b', 'x', 30), vote('c', 'y', 20)]));
  history.add(endOf([vote('a', 'x', 10), vote('b', 'x', 30), failed('c')]));
  const { members, recent, ended } = history.state();
  expect(ended).toBe(2);
  expect(members).toMatchObject([
    { model: 'a', calls: 2, failures: 0, agreed: 2, votes: 2, lastMs: [10, 10] },
    { model: 'b', calls: 2, failures: 0, agreed: 2, votes: 2 },
    { model: 'c', calls: 2, failures: 1, agreed: 0, votes: 1, lastMs: [20, 5] },
  ]);
  expect(recent[0]).toMatchObject({ calls: { answered: 2, failed: 1 }, consensus: 1, latencyMs: 12 });
});

test('has no question and no answer unless content is allowed', () => {
  const hidden = createHistory(with100);
  const shown = createHistory({ history: 100, content: true });
  for (const history of [hidden, shown]) history.add(endOf([vote('a', 'x')]));
  expect(JSON.stringify(hidden.state())).not.toContain('secret');
  expect(shown.state().recent).toMatchObject([{ question: 'a secret question', answer: 'a secret answer' }]);
});

test('adds up what each key spent on a day, and counts unknown costs', () => {
  const history = createHistory(with100);
  history.add(endOf([vote('a', 'x'), vote('b', 'x')], { caller: 'ann' }));
  history.add(endOf([vote('a', 'x', 10, null), vote('b', 'x')], { caller: 'ann' }));
  history.add(endOf([vote('a', 'x')], { caller: 'bob' }));
  const [bob, ann] = history.state().spending;
  expect(ann).toMatchObject({ caller: 'ann', predictions: 2, unknownCosts: 1 });
  expect(ann?.usd).toBeCloseTo(0.03, 12);
  expect(bob).toMatchObject({ caller: 'bob', predictions: 1, unknownCosts: 0, usd: 0.01 });
});

test('keeps bounded lists, however many predictions, members and keys there are', () => {
  const history = createHistory({ history: 10, content: true });
  for (let number = 0; number < 2_000; number += 1)
    history.add(endOf([vote(`m${number}`, 'x')], { caller: `key ${number}` }));
  const { recent, members, spending, ended } = history.state();
  expect(ended).toBe(2_000);
  expect(recent).toHaveLength(10);
  expect(recent[0]?.caller).toBe('key 1999');
  expect(members.length).toBeLessThanOrEqual(200);
  expect(spending).toHaveLength(100);
  expect(spending[0]?.caller).toBe('key 1999');
});

test.each([
  ['no messages', {}],
  ['null', { messages: [null] }],
  ['parts that are no objects', { messages: [{ role: 'user', content: [null, 1, { text: 2 }] }] }],
])('survives a query with %s', (_, query) => {
  const history = createHistory({ history: 1, content: true });
  const end = endOf([vote('a', 'x')]);
  history.add({ ...end, served: { ...end.served, query: query as never } });
  expect(history.state().recent).toMatchObject([{ question: '' }]);
});

test('counts the predictions in flight', () => {
  const history = createHistory(with100);
  const end = endOf([vote('a', 'x')]);
  history.add({ type: 'begin', served: end.served, startedAt: new Date(0) });
  expect(history.state().inFlight).toBe(1);
  history.add(end);
  expect(history.state().inFlight).toBe(0);
});
