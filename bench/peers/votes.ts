/** Counts the answers by hand, as `floors.ts` does, because these libraries do not vote. */
export const mostVotes = (texts: readonly string[]): string => {
  const votes = new Map<string, number>();
  for (const text of texts) {
    const answer = text.trim().toLowerCase();
    votes.set(answer, (votes.get(answer) ?? 0) + 1);
  }
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
};
