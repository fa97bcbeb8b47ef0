// Two voting strategies of one's own: a plain function of all votes, and a fold over them.
import { createEnsemble, defineModel, type VoteFunction, type Voter } from 'crucible-ensemble';

const guess = (id: string, number: number) => defineModel(id, () => `About ${number} km.`);
const models = [
  guess('acme-small', 384_000),
  guess('acme-large', 384_000),
  guess('acme-vision', 384_000),
  guess('zenith', 384_400),
  guess('quill', 384_400),
];

/** The median of the numbers that were given, backed by the votes within one percent of it. */
const median: VoteFunction<number> = (votes) => {
  const numbers = votes.map(({ answer }) => answer).toSorted((a, b) => a - b);
  // A strategy is asked only once there is a vote.
  const middle = numbers[Math.floor(numbers.length / 2)] ?? 0;
  const near = numbers.filter((number) => Math.abs(number - middle) <= Math.abs(middle) / 100);
  return {
    answer: middle,
    consensus: near.length / numbers.length,
    votes: Object.fromEntries(numbers.map((number) => [number, numbers.filter((n) => n === number).length])),
  };
};

/** One vote a family: three models of one maker, who err together, count as one. Its first answer stands. */
const byFamily: Voter<Map<string, { family: Set<string>; answer: unknown }>> = {
  name: 'byFamily',
  init: () => new Map(),
  add: (state, { key, answer, model }) => {
    const family = model.split('-')[0] ?? model;
    const hasVoted = [...state.values()].some((candidate) => candidate.family.has(family));
    if (hasVoted) return state;
    const candidate = state.get(key) ?? { family: new Set(), answer };
    candidate.family.add(family);
    return state.set(key, candidate);
  },
  tally: (state) => {
    const ranked = [...state].toSorted(([, a], [, b]) => b.family.size - a.family.size);
    const total = ranked.reduce((sum, [, { family }]) => sum + family.size, 0);
    const [leader] = ranked;
    return {
      answer: leader?.[1].answer,
      consensus: leader === undefined ? 0 : leader[1].family.size / total,
      votes: Object.fromEntries(ranked.map(([key, { family }]) => [key, family.size])),
    };
  },
};

const question = 'How far is the Moon?';
for (const strategy of ['majority', median, byFamily] as const) {
  const { answer, metadata } = await createEnsemble({ models, strategy, normalization: 'numeric' }).predict(
    question,
  );
  console.log(
    `${metadata.strategy.padEnd(10)} ${answer} km, consensus ${metadata.consensus.toFixed(2)}, votes ${JSON.stringify(metadata.votes)}`,
  );
}
