import { type Ballot, choicesOf, judgedBy, type Preferences, preferencesOf } from './pairwise.ts';

/** The ways in which rankings are counted. */
export type RankingMethod = 'borda' | 'condorcet' | 'instantRunoff';

/** The result of rankings. */
export interface RankingResult {
  /** The key of the choice that won; `undefined` if none did. */
  readonly winner: string | undefined;
  /** What the method counts for each choice. */
  readonly scores: ReadonlyMap<string, number>;
  readonly preferences: Preferences;
}

/** Counts rankings, which are in panel order, by a method. */
export const countRankings = (ballots: readonly Ballot[], method: RankingMethod): RankingResult => {
  const choices = choicesOf(ballots);
  const preferences = preferencesOf(ballots, choices);
  return { ...methods[method]({ ballots, choices, preferences }), preferences };
};

interface Rankings {
  readonly ballots: readonly Ballot[];
  /** In the order in which they occur, which breaks ties. */
  readonly choices: readonly string[];
  readonly preferences: Preferences;
}

type Method = (rankings: Rankings) => Omit<RankingResult, 'preferences'>;

/**
 * The points of each choice: the number of choices below it on each ballot. Choices that a ballot leaves out share the points
 * of the places that are left. A ballot that does not judge all choices gives the points of one that does, and a choice
 * that it does not judge gets the mean of its points on the other ballots.
 */
const pointsOf = ({ ballots, choices }: Rankings): Map<string, number> => {
  const sums = new Map(choices.map((choice) => [choice, { points: 0, ballots: 0 }]));
  for (const ballot of ballots) {
    const judged = judgedBy(ballot, choices);
    const places = new Map(ballot.ranking.map((choice, place) => [choice, judged.length - 1 - place]));
    const shared = (judged.length - 1 - ballot.ranking.length) / 2;
    const scale = judged.length > 1 ? (choices.length - 1) / (judged.length - 1) : 0;
    for (const choice of judged) {
      const sum = sums.get(choice) as { points: number; ballots: number };
      sum.points += scale * (places.get(choice) ?? shared);
      sum.ballots += 1;
    }
  }
  return new Map(
    Array.from(sums, ([choice, sum]) => [
      choice,
      sum.ballots === ballots.length ? sum.points : (sum.points / Math.max(sum.ballots, 1)) * ballots.length,
    ]),
  );
};

/** The most points win; then the choice that more ballots rank above the other. */
const borda: Method = (rankings) => {
  const scores = pointsOf(rankings);
  const { choices, preferences } = rankings;
  const [winner] = choices.toSorted(
    (a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || preferences(b, a) - preferences(a, b),
  );
  return { winner, scores };
};

/** The choice that more ballots rank above than below each other choice. There may be none. */
const condorcet: Method = ({ choices, preferences }) => {
  const beaten = (choice: string): readonly string[] =>
    choices.filter((rival) => preferences(choice, rival) > preferences(rival, choice));
  const scores = new Map(choices.map((choice) => [choice, beaten(choice).length]));
  return { winner: choices.find((choice) => scores.get(choice) === choices.length - 1), scores };
};

/** Drops the choice that the fewest ballots have on top, again and again, until one is on top of more than half of them. */
const instantRunoff: Method = (rankings) => {
  const points = pointsOf(rankings);
  let left = [...rankings.choices];
  for (;;) {
    const scores = new Map(left.map((choice) => [choice, 0]));
    for (const ballot of rankings.ballots) {
      const top = ballot.ranking.find((choice) => scores.has(choice));
      if (top !== undefined) scores.set(top, (scores.get(top) ?? 0) + 1);
    }
    const order = left.toSorted(
      (a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || (points.get(b) ?? 0) - (points.get(a) ?? 0),
    );
    const [first] = order;
    const counted = [...scores.values()].reduce((sum, count) => sum + count, 0);
    if (first === undefined || order.length === 1 || (scores.get(first) ?? 0) > counted / 2)
      return { winner: first, scores };
    const last = order.at(-1);
    left = left.filter((choice) => choice !== last);
  }
};

const methods: Readonly<Record<RankingMethod, Method>> = { borda, condorcet, instantRunoff };
