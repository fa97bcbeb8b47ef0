import { describe, expect, it } from 'vitest';
import {
  type Answered,
  answerKey,
  createEnsemble,
  defineModel,
  fieldwise,
  type Tally,
} from '../../../src/index.ts';
import { Election } from '../../../src/strategies/voting/election.ts';
import { answered } from '../../outcomes.ts';

const panel = (...texts: readonly string[]) =>
  createEnsemble({
    models: texts.map((text, index) => defineModel(`model-${index}`, () => text)),
    normalization: 'json',
    strategy: fieldwise(),
  });

const voteFor = (text: string, index: number): Answered => {
  const answer: unknown = JSON.parse(text);
  return { ...answered(index, text), answer, key: answerKey(answer) };
};

const electedOf = (votes: readonly Answered[]): Tally => {
  const election = new Election(fieldwise());
  for (const vote of votes) election.add(vote);
  return election.tally();
};

const tallyOf = (texts: readonly string[]): Tally => electedOf(texts.map(voteFor));

describe('fieldwise', () => {
  it('puts the answer together from the values that most models gave to each field', async () => {
    const { answer, text, metadata } = await panel('{"a":1,"b":2}', '{"a":1,"b":3}', '{"a":9,"b":3}').predict(
      '?',
    );
    expect(answer).toStrictEqual({ a: 1, b: 3 });
    expect(text).toBe('{"a":1,"b":3}');
    expect(metadata.consensus).toBeCloseTo(2 / 3);
    expect(metadata.votes).toStrictEqual({ 'a=1': 2, 'a=9': 1, 'b=2': 1, 'b=3': 2 });
  });

  it('answers with what no single model said, and then says it as JSON', async () => {
    const { answer, text } = await panel(
      '{"a":1,"b":0,"c":1}',
      '{"a":1,"b":1,"c":0}',
      '{"a":0,"b":1,"c":1}',
    ).predict('?');
    expect(answer).toStrictEqual({ a: 1, b: 1, c: 1 });
    expect(text).toBe('{"a":1,"b":1,"c":1}');
  });

  it('leaves out a field that most answers leave out', async () => {
    const { answer } = await panel('{"a":1,"note":"x"}', '{"a":1}', '{"a":1}').predict('?');
    expect(answer).toStrictEqual({ a: 1 });
  });

  it('keeps a field that half of the answers have', async () => {
    const { answer } = await panel('{"a":1,"note":"x"}', '{"a":1}').predict('?');
    expect(answer).toStrictEqual({ a: 1, note: 'x' });
  });

  it('is led by the field that is decided by the fewest votes', () => {
    const texts = [
      '{"a":1,"c":1,"b":1}',
      '{"a":1,"c":1,"b":1}',
      '{"a":1,"c":2,"b":2}',
      '{"a":2,"c":2,"b":3}',
    ];
    // 3 to 1 for a, 2 to 2 for c, 2 to 1 for b.
    expect(tallyOf(texts)).toMatchObject({ lead: 2, runnerUp: 2, total: 4, consensus: 0.5, margin: 0 });
    const without = texts.map((text) => text.replace(/"c":\d,/, ''));
    expect(tallyOf(without)).toMatchObject({ lead: 2, runnerUp: 1, total: 4, consensus: 0.5, margin: 1 });
    expect(tallyOf(without.map((text) => text.replace('"a"', '"z"')))).toMatchObject({
      lead: 2,
      runnerUp: 1,
    });
  });

  it('has no consensus about answers that are no objects', () => {
    expect(tallyOf(['[1]', '4', 'null'])).toMatchObject({
      leader: undefined,
      consensus: 0,
      lead: 0,
      total: 3,
    });
  });

  it('is spoken for by the first vote in the panel with the whole answer', () => {
    const votes = ['{"a":1}', '{"a":1}', '{"a":1}'].map(voteFor);
    for (const order of [votes, votes.toReversed()]) expect(electedOf(order).leadingVote).toBe(votes[0]);
    const twice = [voteFor('{"a":1}', 0), voteFor('{"a":1}', 0)];
    expect(electedOf(twice).leadingVote).toBe(twice[0]);
  });

  it('has no winner among answers that are no objects', async () => {
    await expect(panel('[1]', '[1]').predict('?')).rejects.toThrow('fieldwise found no winner');
  });

  it('says that no answer is an object, and what reads texts as objects', async () => {
    const models = ['{"a":1}', '{"a":1}'].map((text, index) => defineModel(`model-${index}`, () => text));
    await expect(createEnsemble({ models, strategy: fieldwise() }).predict('?')).rejects.toThrow(
      /among 0 answers; no answer is an object: set `normalization` to 'json' or to schema\(…\)/,
    );
    await expect(panel('{}', '{}').predict('?')).rejects.toThrow(/among 0 answers$/);
  });

  it('treats a field named __proto__ as a name', async () => {
    const { answer } = await panel('{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}').predict('?');
    expect(Object.keys(answer as object)).toStrictEqual(['__proto__']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('is decided once no field can change', async () => {
    const { metadata, answer } = await createEnsemble({
      models: ['{"a":1}', '{"a":1}', '{"a":2}'].map((text, index) =>
        defineModel(`model-${index}`, () => text),
      ),
      normalization: 'json',
      strategy: fieldwise(),
      execution: 'sequential',
      earlyStop: 'decided',
    }).predict('?');
    expect(answer).toStrictEqual({ a: 1 });
    expect(metadata.modelsUsed).toStrictEqual(['model-0', 'model-1']);
  });

  it('is not decided while any field can change', async () => {
    const { metadata, answer } = await createEnsemble({
      models: ['{"a":1,"b":2}', '{"a":1,"b":3}', '{"a":1,"b":3}'].map((text, index) =>
        defineModel(`model-${index}`, () => text),
      ),
      normalization: 'json',
      strategy: fieldwise(),
      execution: 'sequential',
      earlyStop: 'decided',
    }).predict('?');
    expect(answer).toStrictEqual({ a: 1, b: 3 });
    expect(metadata.modelsUsed).toHaveLength(3);
  });
});
