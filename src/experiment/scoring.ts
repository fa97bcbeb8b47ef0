import { isA } from '../domain/foreign.ts';
import type { PreparedCondition } from './condition.ts';
import { isLabelled } from './dataset/label-faults.ts';
import { type Scorer, scored } from './scorers/scorer.ts';
import { isNotRecorded, type Trial } from './trial.ts';

/** Scores the result of a condition for a question, or says why it cannot be scored. */
export const scoringOf = async (
  { question, result }: Pick<Trial, 'question' | 'result'>,
  condition: PreparedCondition,
  scorer: Scorer | 'none',
): Promise<Pick<Trial, 'score' | 'unscored'>> => {
  if (scorer === 'none' || !isLabelled(question)) return { score: undefined };
  if (!isA(result, Error)) return { score: await scored(scorer, result.answer, question, condition) };
  // What was never recorded says nothing about the condition.
  const missing = result.outcomes.filter(isNotRecorded).length;
  return missing === 0
    ? { score: 0 }
    : { score: undefined, unscored: `${missing === 1 ? '1 call is' : `${missing} calls are`} not recorded` };
};
