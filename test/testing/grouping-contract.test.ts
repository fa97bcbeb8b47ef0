import { groupingContract } from 'crucible-ensemble/testing';
import { describe, expect, it } from 'vitest';
import {
  byContent,
  byEmbedding,
  byEquivalence,
  bySimilarity,
  byTolerance,
  defineEmbedder,
} from '../../src/grouping/grouping.ts';
import { defineModel, type GroupFunction, type Grouping, type Vote } from '../../src/index.ts';

const words = (text: string): number[] =>
  ['fox', 'otter', 'red', 'not', '{', '🦊'].map((word) => (text.includes(word) ? 1 : 0));

const judge = defineModel('judge', (prompt) => {
  const [first, second] = [...prompt.matchAll(/<(?:first|second)-answer-\w+>\n([\s\S]*?)\n<\//g)].map(
    ([, text = '']) => words(text).join(''),
  );
  return first === second ? 'same' : 'different';
});

const numbers = { question: 'How many?', answers: [1, 1.5, 2, 2.5, 7, -3, 1e9, '12', 'many'] };

describe.each([
  { name: 'byContent', createGrouping: () => byContent() },
  { name: 'bySimilarity', createGrouping: () => bySimilarity() },
  { name: 'byTolerance', createGrouping: () => byTolerance(1), ...numbers },
  {
    name: 'byEmbedding',
    createGrouping: (watch) =>
      byEmbedding({
        embed: watch(defineEmbedder('embedder', (texts) => texts.map(words))),
        threshold: 0.8,
      }),
  },
  { name: 'byEquivalence', createGrouping: (watch) => byEquivalence({ judge: watch(judge) }) },
] satisfies Parameters<typeof groupingContract>[0][])('$name', (options) => {
  for (const { name, run } of groupingContract(options)) it(name, run);
});

/** Groups all votes by a key, and says what else a grouping does. */
const grouping = (
  keyOf: (vote: Vote, place: number) => unknown,
  more: Partial<Grouping<Vote[]>> = {},
): Grouping => ({
  name: 'mine',
  init: () => [],
  add: (votes: Vote[], vote: Vote) => [...votes, vote],
  groups: (votes: Vote[]) => [...Map.groupBy(votes, keyOf).values()],
  ...(more as object),
});

const shared: Vote[] = [];

const flaws: readonly (readonly [
  flaw: string,
  createGrouping: () => Grouping | GroupFunction,
  complaint: RegExp,
])[] = [
  [
    'leaves out a vote',
    () => (votes) => (votes.length > 1 ? [votes.slice(1)] : [votes].filter((all) => all.length)),
    /each vote once/,
  ],
  ['copies votes', () => (votes) => votes.map((vote) => [{ ...vote }]), /each vote once/],
  ['has an empty group', () => (votes) => [...votes.map((vote) => [vote]), []], /an empty one/],
  ['divides equal answers', () => (votes) => votes.map((vote) => [vote]), /divide votes with the same key/],
  [
    'groups by the order of arrival',
    () => grouping(({ key }, place) => (place < 2 ? 'early' : key)),
    /others if they arrive|divide/,
  ],
  [
    'keeps its votes between predictions',
    () =>
      grouping(({ key }) => key, {
        init: () => shared,
        add: (votes, vote) => {
          votes.push(vote);
          return votes;
        },
      }),
    /each vote once|share a state|earlier/,
  ],
  [
    'changes a vote',
    () => grouping(({ key }) => key, { add: (votes, vote) => [...votes, Object.assign(vote, { key: 'x' })] }),
    /read only/,
  ],
  ['fails to refine', () => grouping(({ key }) => key, { refine: () => [] as never }), /not refined/],
];

describe('groupingContract', () => {
  it.each(flaws)('finds a grouping that %s', async (_, createGrouping, complaint) => {
    const complaints: string[] = [];
    for (const { run } of groupingContract({ name: 'mine', createGrouping })) {
      await run().catch((error: Error) => complaints.push(error.message));
    }
    expect(complaints).not.toEqual([]);
    expect(complaints.join('\n')).toMatch(complaint);
  });

  it.each([
    [{ name: 'mine' }, /"createGrouping" is missing/],
    [{ name: 'mine', createGrouping: () => byContent(), answers: ['one'] }, /at least two answers/],
  ])('refuses %o', (options, message) => {
    expect(() => groupingContract(options as never)).toThrow(message);
  });
});
