import type { NumberedBallot } from '../tuning/ballot-table.ts';

/**
 * The part of the right answers in the victory of a panel on one question: 1 if a right answer leads alone, 0 if only
 * wrong ones lead, and a fraction for ties.
 */
export const pluralityShare = ({ answers, isRight }: NumberedBallot, panel: readonly number[]): number => {
  const votes: number[] = [];
  let most = 0;
  for (const model of panel) {
    const answer = answers[model] ?? -1;
    if (answer === -1) continue;
    const count = (votes[answer] ?? 0) + 1;
    votes[answer] = count;
    most = Math.max(most, count);
  }
  if (most === 0) return 0;
  let [leaders, rightLeaders] = [0, 0];
  votes.forEach((count, answer) => {
    if (count !== most) return;
    leaders += 1;
    if (isRight[answer] === true) rightLeaders += 1;
  });
  return rightLeaders / leaders;
};
