import { describe, expect, it, test } from 'vitest';
import { council } from '../../src/deciders/deciders.ts';
import { createEnsemble, defineModel, type Model, never } from '../../src/index.ts';
import { saying, shownIn } from './judges.ts';

/** A member that answers a question, and ranks the answers of others by how many of these words come first. */
const member = (id: string, text: string, order: readonly string[], prompts: string[] = []): Model =>
  defineModel(id, (prompt) => {
    const shown = shownIn(prompt);
    if (shown.size === 0) return { text, costUsd: 1 };
    prompts.push(prompt);
    const place = (letter: string): number => order.indexOf(shown.get(letter) ?? '');
    const ranking = [...shown.keys()].sort((a, b) => place(a) - place(b));
    return { text: JSON.stringify({ reason: 'so it is', ranking }), costUsd: 0.1 };
  });

describe('council', () => {
  it('lets the members rank the answers of the others, never their own', async () => {
    const prompts: string[] = [];
    const members = [
      member('ann', 'Lyon', ['Nice', 'Paris'], prompts),
      member('bob', 'Paris', ['Nice', 'Lyon'], prompts),
      member('cid', 'Nice', ['Paris', 'Lyon'], prompts),
    ];
    const { answer, text, metadata, outcomes } = await createEnsemble({
      models: members,
      decide: council(),
    }).predict('Which?');
    expect([answer, text]).toEqual(['nice', 'Nice']);
    expect(prompts.map((prompt) => [...shownIn(prompt).values()].toSorted())).toEqual([
      ['Nice', 'Paris'],
      ['Lyon', 'Nice'],
      ['Lyon', 'Paris'],
    ]);
    expect(prompts.join()).not.toMatch(/\b(ann|bob|cid)\b/);
    expect(metadata).toMatchObject({
      successes: 3,
      consensus: 1 / 3,
      costUsd: expect.closeTo(3.3),
      decision: {
        by: 'council',
        status: 'chosen',
        reason: 'ranked first by 2 of 3',
        details: { method: 'borda', scores: { nice: 6, paris: 3, lyon: 0 } },
      },
    });
    expect(outcomes.slice(3).map(({ role }) => role)).toEqual(['ranker', 'ranker', 'ranker']);
  });

  it('lets other models rank, and a chairman write the answer from all of them, best first', async () => {
    const order = ['Nice', 'Lyon', 'Paris'];
    const prompts: string[] = [];
    const chairman = defineModel('chairman', (prompt) => {
      prompts.push(prompt);
      return JSON.stringify({ sources: ['A', 'C'], answer: 'Nice, not Paris.' });
    });
    const decide = council({
      rankers: [member('x', '', order), member('y', '', order)],
      chairman,
      method: 'condorcet',
    });
    const { text, metadata } = await createEnsemble({
      models: saying('Paris', 'Lyon', 'Nice'),
      decide,
    }).predict('Which?');
    expect(text).toBe('Nice, not Paris.');
    expect([...shownIn(prompts[0] ?? '').values()]).toEqual(order);
    expect(metadata.decision).toMatchObject({
      status: 'written',
      reason: 'ranked first by 2 of 2',
      details: { drewOn: [{ key: 'nice' }, { key: 'paris' }], scores: { nice: 2, lyon: 1, paris: 0 } },
    });
  });

  test.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['writes no JSON', () => 'I would say Nice.'],
  ])('takes the best ranked answer if the chairman %s, and says so', async (_, reply) => {
    const order = ['Nice', 'Lyon'];
    const decide = council({ rankers: [member('x', '', order)], chairman: defineModel('chairman', reply) });
    const { answer, metadata } = await createEnsemble({ models: saying('Lyon', 'Nice'), decide }).predict(
      'Which?',
    );
    expect(answer).toBe('nice');
    expect(metadata.decision).toMatchObject({
      status: 'chosen',
      reason: expect.stringMatching(/^ranked first by 1 of 1; the chairman wrote no answer: /),
    });
  });

  it('takes the best ranked answer if what the chairman writes does not count', async () => {
    const chairman = defineModel('chairman', () => JSON.stringify({ sources: ['A'], answer: 'Many.' }));
    const decide = council({ rankers: [member('x', '', ['7', '5'])], chairman });
    const models = saying('5', '7');
    const { answer, metadata } = await createEnsemble({ models, decide, normalization: 'numeric' }).predict(
      '?',
    );
    expect(answer).toBe(7);
    expect(metadata.decision).toMatchObject({
      status: 'chosen',
      reason: expect.stringMatching(/the chairman wrote no answer: what it wrote does not count: /),
    });
  });

  test.each<[string, (prompt: string) => string]>([
    ['are no JSON', () => 'Lyon is best'],
    ['leave answers out', () => '{"reason": "x", "ranking": ["A"]}'],
    ['name one answer twice', () => '{"reason": "x", "ranking": ["A", "A"]}'],
    ['name an answer that was not shown', () => '{"reason": "x", "ranking": ["A", "Z"]}'],
  ])('has no verdict if too many rankings %s', async (_, reply) => {
    const members = ['Lyon', 'Paris', 'Nice'].map((city) =>
      defineModel(city, (prompt) => (shownIn(prompt).size === 0 ? city : reply(prompt))),
    );
    const { answer, metadata } = await createEnsemble({ models: members, decide: council() }).predict(
      'Which?',
    );
    expect(answer).toBe('lyon');
    expect(metadata.decision).toMatchObject({
      status: 'abstained',
      reason: expect.stringContaining('only 0 of 3 rankings count'),
    });
  });

  it('is a failure if all calls fail, and does without one of them', async () => {
    const broken = (city: string): Model =>
      defineModel(city, (prompt) => {
        if (shownIn(prompt).size > 0) throw new Error('down');
        return city;
      });
    const all = createEnsemble({ models: ['Lyon', 'Paris', 'Nice'].map(broken), decide: council() });
    expect((await all.predict('Which?')).metadata).toMatchObject({
      status: 'degraded',
      decision: { status: 'failed' },
    });
    const order = ['Nice', 'Lyon', 'Paris'];
    const models = [broken('Lyon'), member('b', 'Paris', order), member('c', 'Nice', order)];
    const one = await createEnsemble({ models, decide: council() }).predict('Which?');
    expect(one.metadata.decision?.reason).toBe('ranked first by 1 of 2');
    expect(one.answer).toBe('nice');
  });

  it('is not held with two answers, of which each member has one, nor if the votes decide', async () => {
    const order = ['Nice', 'Lyon'];
    const two = [member('a', 'Nice', order), member('b', 'Lyon', order)];
    const decide = council();
    expect((await createEnsemble({ models: two, decide }).predict('?')).metadata.decision).toEqual({
      by: 'council',
      status: 'abstained',
      reason: 'no member has two answers of others to rank; name "rankers" that are no members',
    });
    const agreed = [...two, member('c', 'Nice', order)];
    expect((await createEnsemble({ models: agreed, decide }).predict('?')).metadata.decision?.status).toBe(
      'kept',
    );
    const asked = council({ unless: never(), rankers: [member('x', '', ['Lyon', 'Nice'])] });
    expect((await createEnsemble({ models: agreed, decide: asked }).predict('?')).answer).toBe('lyon');
  });

  it.each([{ rankers: [] }, { rankers: ['gpt'] }, { chairman: 'gpt' }, { method: 'schulze' }, { judge: 1 }])(
    'refuses %o',
    (options) => {
      expect(() => council(options as never)).toThrow('council: ');
    },
  );
});
