import type { LabelledBallot, UnlabelledBallot } from './labelled-ballot.ts';
import { modelsIn } from './vote-counts.ts';
import { finished, pausingEach } from './work.ts';

/** The votes of a ballot in numbers, without abstentions. Ballots with the same votes in the same order share them. */
export interface NumberedVotes {
  /** The place of the model of each vote. */
  readonly models: readonly number[];
  /** The answer of each vote: its place in the order of the first votes. */
  readonly answers: readonly number[];
  /** The number of votes for each answer. */
  readonly counts: readonly number[];
  /** The answer with the most votes, the first of several; -1 without votes. */
  readonly leader: number;
}

/** A ballot in numbers. */
export interface SampledBallot {
  readonly votes: NumberedVotes;
  /** Whether each answer is right: known, or as if that of the majority were. */
  readonly isRight: readonly boolean[];
}

/** Ballots in numbers, to learn from. */
export interface VoteSample {
  readonly models: readonly string[];
  readonly ballots: readonly SampledBallot[];
}

/** Converts ballots to numbers. Without a right answer, none is right. */
export const sampleOf = (ballots: readonly (UnlabelledBallot | LabelledBallot)[]): VoteSample =>
  finished(sampleInSteps(ballots));

/** As {@link sampleOf}, with pauses. */
export function* sampleInSteps(
  ballots: readonly (UnlabelledBallot | LabelledBallot)[],
): Generator<unknown, VoteSample> {
  const models = modelsIn(ballots);
  const places = new Map(models.map((model, place) => [model, place]));
  const known = new Map<string, NumberedVotes>();
  const sampled: SampledBallot[] = [];
  yield* pausingEach(ballots, (ballot) => {
    const voters: number[] = [];
    const answers: number[] = [];
    const keys: string[] = [];
    for (const [model, { key }] of ballot.votes) {
      if (key === undefined) continue;
      const place = keys.indexOf(key);
      voters.push(places.get(model) ?? -1);
      answers.push(place === -1 ? keys.push(key) - 1 : place);
    }
    const name = `${voters.join()}/${answers.join()}`;
    const votes = known.get(name) ?? numberedVotes(voters, answers, keys.length);
    known.set(name, votes);
    sampled.push({ votes, isRight: keys.map((key) => 'rightKeys' in ballot && ballot.rightKeys.has(key)) });
  });
  return { models, ballots: sampled };
}

const numberedVotes = (
  models: readonly number[],
  answers: readonly number[],
  size: number,
): NumberedVotes => {
  const counts = new Array<number>(size).fill(0);
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return { models, answers, counts, leader: firstLargest(counts) };
};

/** Returns the place of the largest number, the first of several; -1 for an empty list. */
const firstLargest = (numbers: ArrayLike<number>): number => {
  let first = -1;
  for (let place = 0; place < numbers.length; place += 1) {
    if (first === -1 || (numbers[place] ?? 0) > (numbers[first] ?? 0)) first = place;
  }
  return first;
};

/** Labels ballots as if the answer with the most votes were right; in a tie, the first of them. */
export const labelledByMajority = ({ models, ballots }: VoteSample): VoteSample => ({
  models,
  ballots: ballots.map(({ votes }) => ({
    votes,
    isRight: votes.counts.map((_, answer) => answer === votes.leader),
  })),
});

/** For each model, the number of its votes, abstentions left out, and of its right votes. */
export interface VoteCounts {
  readonly votes: Float64Array;
  readonly right: Float64Array;
}

/** Counts the votes of each model. A vote is right with a probability: 1 or 0 if the right answer is known. */
export const voteCounts = (
  { models, ballots }: VoteSample,
  probabilitiesOf: (ballot: SampledBallot) => ArrayLike<number | boolean> = ({ isRight }) => isRight,
): VoteCounts => {
  const votes = new Float64Array(models.length);
  const right = new Float64Array(models.length);
  for (const ballot of ballots) {
    const { models, answers } = ballot.votes;
    const probabilities = probabilitiesOf(ballot);
    for (let vote = 0; vote < models.length; vote += 1) {
      const model = models[vote] ?? 0;
      votes[model] = (votes[model] ?? 0) + 1;
      right[model] = (right[model] ?? 0) + Number(probabilities[answers[vote] ?? -1] ?? 0);
    }
  }
  return { votes, right };
};
