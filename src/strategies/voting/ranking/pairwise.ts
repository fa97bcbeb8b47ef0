/** A ranking of choices by their keys. */
export interface Ballot {
  /** The best first. Choices that it leaves out are below all others, and level. */
  readonly ranking: readonly string[];
  /** The choices that it does not judge, such as those of the voter itself. Default: none. */
  readonly barred?: ReadonlySet<string>;
}

/** Returns the choices that ballots rank, in the order in which they occur. */
export const choicesOf = (ballots: readonly Ballot[]): readonly string[] => [
  ...new Set(ballots.flatMap(({ ranking }) => ranking)),
];

/** Returns the choices that a ballot judges. */
export const judgedBy = ({ barred }: Ballot, choices: readonly string[]): readonly string[] =>
  barred === undefined ? choices : choices.filter((choice) => !barred.has(choice));

/** How many ballots rank one choice above another. */
export type Preferences = (choice: string, rival: string) => number;

/** Counts for every pair of choices how many ballots rank the one above the other: O(ballots × choices²). */
export const preferencesOf = (ballots: readonly Ballot[], choices: readonly string[]): Preferences => {
  const counts = new Map(choices.map((choice) => [choice, new Map<string, number>()]));
  for (const ballot of ballots) {
    const below = new Set(judgedBy(ballot, choices));
    for (const choice of ballot.ranking) {
      below.delete(choice);
      const wins = counts.get(choice) as Map<string, number>;
      for (const rival of below) wins.set(rival, (wins.get(rival) ?? 0) + 1);
    }
  }
  return (choice, rival) => counts.get(choice)?.get(rival) ?? 0;
};
