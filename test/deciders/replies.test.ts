import { describe, expect, test } from 'vitest';
import { council, debate, fuse, judge } from '../../src/deciders/deciders.ts';
import { createEnsemble, type Decider, defineModel, type Model } from '../../src/index.ts';
import { letterOf, saying, shownIn } from './judges.ts';

const decided = (decide: Decider, ...texts: string[]) =>
  createEnsemble({ models: saying(...texts), decide }).predict('Which city?');

const replying = (reply: (prompt: string) => unknown): Model =>
  defineModel('judge', (prompt) => {
    const made = reply(prompt);
    return typeof made === 'string' ? made : JSON.stringify(made);
  });

describe('a reply that is not quite as it was asked for', () => {
  test.each<[string, (letter: string) => unknown]>([
    ['has more fields', (choice) => ({ reason: 'x', choice, confidence: 0.9 })],
    ['has no reason', (choice) => ({ choice })],
    ['writes the letter small', (choice) => ({ reason: 'x', choice: choice.toLowerCase() })],
    ['writes "Answer A"', (choice) => ({ reason: 'x', choice: `Answer ${choice}.` })],
    ['has lists that are null', (choice) => ({ reason: 'x', gaps: null, contradictions: null, choice })],
    ['has a text for a list', (choice) => ({ contradictions: 'the river', reason: 'x', choice })],
    ['has a reason that is no text', (choice) => ({ reason: ['it', 'is'], choice })],
    ['is fenced', (choice) => `Sure:\n\`\`\`json\n{"reason": "x", "choice": "${choice}",}\n\`\`\``],
  ])('is a verdict of a judge if it %s', async (_, reply) => {
    const model = replying((prompt) => reply(letterOf(prompt, /Lyon/)));
    const { answer, metadata } = await decided(judge({ model }), 'Paris', 'Lyon', 'Nice');
    expect(metadata.decision).toMatchObject({ status: 'chosen' });
    expect(answer).toBe('lyon');
  });

  test.each<[string, (letter: string) => unknown]>([
    ['names no letter', () => ({ reason: 'x' })],
    ['names two letters', () => ({ reason: 'x', choice: 'A or B' })],
    ['names a city', () => ({ reason: 'x', choice: 'Lyon' })],
    ['names a letter that was not shown', () => ({ reason: 'x', choice: 'D' })],
    ['is a letter', (choice) => choice],
  ])('is none if it %s', async (_, reply) => {
    const model = replying((prompt) => reply(letterOf(prompt, /Lyon/)));
    const { answer, metadata } = await decided(judge({ model }), 'Paris', 'Lyon', 'Nice');
    expect(metadata.decision).toMatchObject({ status: 'abstained' });
    expect(answer).toBe('paris');
  });

  test('is what a chairman writes, without its sources and with a number for a text', async () => {
    const written = await decided(fuse({ model: replying(() => ({ answer: 42 })) }), '41', '43');
    expect([written.text, written.metadata.decision?.details]).toEqual(['42', { drewOn: [] }]);
  });

  test('is a ranking with small letters and no reason', async () => {
    const ranker = replying((prompt) => ({
      ranking: [...shownIn(prompt).keys()].map((letter) => letter.toLowerCase()),
    }));
    const { metadata } = await decided(council({ rankers: [ranker] }), 'Paris', 'Lyon');
    expect(metadata.decision).toMatchObject({ status: 'chosen', reason: 'ranked first by 1 of 1' });
  });
});

describe('deciders of calls of tools', () => {
  const tools = { roll: { inputSchema: { type: 'object', properties: { sides: { type: 'integer' } } } } };
  const query = { messages: [{ role: 'user' as const, content: 'Roll a die.' }], tools };
  const calling = (id: string, ...sides: number[]): Model => {
    let calls = 0;
    return defineModel(id, (_, { request }) => {
      expect(request.tools).toBeDefined();
      const input = { sides: sides[Math.min(calls, sides.length - 1)] };
      calls += 1;
      return { text: '', toolCalls: [{ toolName: 'roll', input }] };
    });
  };

  test('debate shows the calls, offers the tools and decides on calls', async () => {
    const models = [calling('a', 6, 6), calling('b', 8, 6), calling('c', 4, 4)];
    const { toolCalls, metadata } = await createEnsemble({ models, decide: debate() }).predict(query);
    expect(toolCalls).toEqual([{ toolName: 'roll', input: { sides: 6 } }]);
    expect(metadata.decision).toMatchObject({ status: 'chosen' });
  });

  test('fuse has no verdict, and says why', async () => {
    const models = [calling('a', 6), calling('b', 8)];
    const decide = fuse({ model: replying(() => ({ answer: 'x' })) });
    const { metadata, outcomes } = await createEnsemble({ models, decide }).predict(query);
    expect(metadata.decision).toMatchObject({
      status: 'abstained',
      reason: expect.stringContaining('calls of tools'),
    });
    expect(outcomes).toHaveLength(2);
  });
});
