import type { LabelledBallot } from '../tuning/labelled-ballot.ts';

/** A ballot in numbers: the answer that each model chose, -1 for none, and which answers are right. */
export interface Slip {
  readonly picks: readonly number[];
  readonly isRight: readonly boolean[];
}

/** Converts a ballot to a slip for these models. */
export const slipOf = ({ votes, rightKeys }: LabelledBallot, models: readonly string[]): Slip => {
  const answers = new Map<string, number>();
  const picks = models.map((model) => {
    const key = votes.get(model)?.key;
    if (key === undefined) return -1;
    const answer = answers.get(key) ?? answers.size;
    answers.set(key, answer);
    return answer;
  });
  return { picks, isRight: Array.from(answers.keys(), (key) => rightKeys.has(key)) };
};

/**
 * The part of the right answers in the victory of a panel on one question: 1 if a right answer leads alone, 0 if only
 * wrong ones lead, and a fraction for ties.
 */
export const pluralityShare = ({ picks, isRight }: Slip, panel: readonly number[]): number => {
  const votes: number[] = [];
  let most = 0;
  for (const model of panel) {
    const pick = picks[model] ?? -1;
    if (pick === -1) continue;
    const count = (votes[pick] ?? 0) + 1;
    votes[pick] = count;
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
