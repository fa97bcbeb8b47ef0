/** A ranking of choices by their keys, the best first. Choices that it leaves out are below all others, and level. */
export type Ballot = readonly string[];

/** Returns the choices that ballots rank, in the order in which they occur. */
export const choicesOf = (ballots: readonly Ballot[]): readonly string[] => [...new Set(ballots.flat())];

/** How many ballots rank one choice above another. */
export type Preferences = (choice: string, rival: string) => number;

/** Counts for every pair of choices how many ballots rank the one above the other: O(ballots × choices²). */
export const preferencesOf = (ballots: readonly Ballot[], choices: readonly string[]): Preferences => {
  const counts = new Map(choices.map((choice) => [choice, new Map<string, number>()]));
  for (const ballot of ballots) {
    const below = new Set(choices);
    for (const choice of ballot) {
      below.delete(choice);
      const wins = counts.get(choice) as Map<string, number>;
      for (const rival of below) wins.set(rival, (wins.get(rival) ?? 0) + 1);
    }
  }
  return (choice, rival) => counts.get(choice)?.get(rival) ?? 0;
};
