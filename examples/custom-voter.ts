// Two voting strategies of one's own: a plain function of all votes, and a fold over them.
import { createEnsemble, defineModel, type Vote, type VoteFunction, type Voter } from 'crucible-ensemble';

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

/** One vote a family: three models of one maker, who err together, count as one. The first of them in the panel speaks. */
const byFamily: Voter<Map<string, Vote>> = {
  name: 'byFamily',
  init: () => new Map(),
  add: (speakers, vote) => {
    const family = vote.model.split('-')[0] ?? vote.model;
    const speaker = speakers.get(family);
    // By the place in the panel, not by who answers first: the result is the same in every order of arrival.
    return speaker === undefined || vote.index < speaker.index ? speakers.set(family, vote) : speakers;
  },
  tally: (speakers) => {
    const votes = Map.groupBy(speakers.values(), ({ key }) => key);
    const first = (group: readonly Vote[]) => Math.min(...group.map(({ index }) => index));
    const ranked = [...votes.values()].toSorted((a, b) => b.length - a.length || first(a) - first(b));
    const leading = ranked[0] ?? [];
    return {
      answer: leading[0]?.answer,
      consensus: leading.length / Math.max(1, speakers.size),
      votes: Object.fromEntries(Array.from(votes, ([key, group]) => [key, group.length])),
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
