import type { AdditiveVoter } from '../../strategies/voting/additive-voter.ts';
import type { Row } from './ballot-table.ts';

/** How the score of an answer grows with the votes: the answer with the highest score wins, ties aside. */
export interface Scoring {
  /** Whether a vote adds to the scores; otherwise the highest vote for an answer counts, then the number of votes. */
  readonly isSum: boolean;
  /** The score of each answer before the first vote. */
  readonly start: (row: Row) => readonly number[];
  /** For each model and each answer: what the vote of the model adds, or its level. */
  readonly votes: (row: Row) => Float64Array;
}

/** By the sum of what each vote adds to each answer. */
export const bySum = (voter: AdditiveVoter): Scoring => ({
  isSum: true,
  start: ({ keys }) => keys.map((key) => voter.unitsAtStart(key)),
  votes({ keys, outcomes }) {
    const size = keys.length;
    const adds = new Float64Array(outcomes.length * size);
    outcomes.forEach((outcome, model) => {
      if (outcome.status !== 'answered') return;
      keys.forEach((key, answer) => {
        adds[model * size + answer] = voter.unitsFor(outcome, key);
      });
    });
    return adds;
  },
});

/** By the highest confidence of a vote, then by the number of votes, as in `bestConfidence`. */
export const byBest: Scoring = {
  isSum: false,
  start: ({ keys }) => keys.map(() => 0),
  votes({ keys, answers, outcomes }) {
    const size = keys.length;
    const levels = [...new Set(outcomes.map(confidenceOf))].sort((a, b) => a - b);
    const ranks = new Float64Array(outcomes.length * size);
    outcomes.forEach((outcome, model) => {
      // A level counts more than all votes.
      const rank = (1 + levels.indexOf(confidenceOf(outcome))) * (outcomes.length + 1);
      const answer = answers[model] ?? -1;
      if (answer !== -1) ranks[model * size + answer] = rank;
    });
    return ranks;
  },
};

const confidenceOf = (outcome: Row['outcomes'][number]): number =>
  (outcome.status === 'answered' ? outcome.confidence : undefined) ?? -1;

/** Sets of members in an order in which each one shares its first members with the one before. */
export interface SetWalk {
  /** The place of each set in the list of all. */
  readonly places: readonly number[];
  readonly sets: readonly (readonly number[])[];
  /** For each set: the number of its first members that it shares with the set before. */
  readonly shared: Int32Array;
  /** The other members of all sets, and for each set the place where its own end. */
  readonly others: Int32Array;
  readonly ends: Int32Array;
}

/** Puts sets, each in ascending order, in the order of a walk. */
export const walkOf = (all: readonly (readonly number[])[]): SetWalk => {
  const places = Array.from(all.keys()).sort((a, b) => compare(all[a] ?? [], all[b] ?? []));
  const sets = places.map((place) => all[place] ?? []);
  const shared = Int32Array.from(sets, (members, index) => {
    const before = sets[index - 1] ?? [];
    const differing = members.findIndex((member, place) => member !== before[place]);
    return differing === -1 ? members.length : differing;
  });
  const others = sets.map((members, index) => members.slice(shared[index]));
  let end = 0;
  return {
    places,
    sets,
    shared,
    others: Int32Array.from(others.flat()),
    ends: Int32Array.from(others, ({ length }) => {
      end += length;
      return end;
    }),
  };
};

const compare = (a: readonly number[], b: readonly number[]): number => {
  const place = a.findIndex((member, index) => member !== b[index]);
  return place === -1 ? a.length - b.length : (a[place] ?? -1) - (b[place] ?? -1);
};

/** What decides, besides the votes, which answer leads. */
export interface Tiebreak {
  /** The place of each model if all are asked at once. */
  readonly ranks: readonly number[];
  /** Holds an election among members, for rows of which no answer has a score. */
  readonly elect: (row: Row, members: readonly number[]) => boolean;
}

/**
 * Adds a number to each set of members that gets a row right if all are asked at once, in the order of the walk. Scores are
 * whole numbers, so their sums are those of an election, in any order of the votes; a tie goes to the vote with the most
 * conviction. Each set continues the sums of the set before, which takes a third of the time that a sum of its own does.
 */
export const addRight = (
  row: Row,
  scoring: Scoring,
  { sets, shared, others, ends }: SetWalk,
  { ranks, elect }: Tiebreak,
  right: Float64Array,
  count: number,
): void => {
  const { answers, keys, isRight } = row;
  if (!isRight.includes(true)) return;
  const { isSum } = scoring;
  const size = keys.length;
  const step = answers.length + 1;
  const scores = new Float64Array(size * step);
  scores.set(scoring.start(row));
  const votes = scoring.votes(row);
  // The answers that have votes, in the order of the members; for each number of members, how many these are.
  const voted = new Int32Array(size);
  const sizes = new Int32Array(step);
  let at = 0;
  for (let set = 0; set < ends.length; set += 1) {
    let depth = shared[set] ?? 0;
    for (const end = ends[set] ?? 0; at < end; at += 1, depth += 1) {
      const model = others[at] ?? 0;
      const [from, to, vote] = [depth * size, (depth + 1) * size, model * size];
      for (let answer = 0; answer < size; answer += 1) {
        const score = scores[from + answer] ?? 0;
        scores[to + answer] = isSum ? score + (votes[vote + answer] ?? 0) : score;
      }
      const answer = answers[model] ?? -1;
      let named = sizes[depth] ?? 0;
      if (answer !== -1) {
        if (!isSum) {
          const score = scores[from + answer] ?? 0;
          scores[to + answer] =
            Math.max(score - (score % step), votes[vote + answer] ?? 0) + (score % step) + 1;
        }
        let place = 0;
        while (place < named && voted[place] !== answer) place += 1;
        if (place === named) {
          voted[named] = answer;
          named += 1;
        }
      }
      sizes[depth + 1] = named;
    }
    const sums = depth * size;
    let leader = -1;
    let most = Number.NEGATIVE_INFINITY;
    let isTied = false;
    for (let place = 0; place < (sizes[depth] ?? 0); place += 1) {
      const answer = voted[place] ?? 0;
      const score = scores[sums + answer] ?? 0;
      if (place === 0 || score > most) {
        isTied = false;
        leader = answer;
        most = score;
      } else if (score === most) isTied = true;
    }
    if (leader === -1) continue;
    const isWon = isTied
      ? most === Number.NEGATIVE_INFINITY
        ? elect(row, sets[set] ?? [])
        : isRight[mostConvincing(row, sets[set] ?? [], ranks, scores, sums, most)]
      : isRight[leader];
    if (isWon) right[set] = (right[set] ?? 0) + count;
  }
};

/** Returns the answer of the vote with the most conviction, of those for an answer with this score. */
const mostConvincing = (
  { answers, outcomes }: Row,
  members: readonly number[],
  ranks: readonly number[],
  scores: Float64Array,
  sums: number,
  score: number,
): number => {
  let best = -1;
  let leader = -1;
  for (let place = 0; place < members.length; place += 1) {
    const member = members[place] ?? 0;
    const answer = answers[member] ?? -1;
    if (answer === -1 || scores[sums + answer] !== score) continue;
    if (best !== -1) {
      const lead = convictionOf(outcomes, member) - convictionOf(outcomes, best);
      if (lead < 0 || (lead === 0 && (ranks[member] ?? 0) > (ranks[best] ?? 0))) continue;
    }
    best = member;
    leader = answer;
  }
  return leader;
};

const convictionOf = (outcomes: Row['outcomes'], member: number): number => {
  const outcome = outcomes[member];
  return outcome === undefined ? -1 : confidenceOf(outcome);
};
