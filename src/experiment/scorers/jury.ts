import { lastValueFrom } from 'rxjs';
import type { Jury } from '../../deciders/jury.ts';
import { answerText } from '../../domain/answer-key.ts';
import { given } from '../../domain/given.ts';
import { internal } from '../../domain/internal.ts';
import { NoConsensusError } from '../../domain/no-prediction.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { graded } from '../jury/grade.ts';
import { type Scorer, scoresWithoutLabel } from './scorer.ts';

/**
 * Returns the scorer of a jury. With the scale `pairwise`, it compares the answer with the expected one.
 *
 * @param pricing the prices of jurors that report only tokens.
 */
export const juryScorer = (jury: Jury, pricing?: Pricing): Scorer => {
  const isPair = jury.scale === 'pairwise';
  const score: Scorer = async (
    answer,
    { id, question, expected },
    { onMiss = 'call', [internal]: listener },
  ) => {
    const item = isPair
      ? { id, question, answers: [answerText(answer), answerText(expected)] as const }
      : { id, question, answer, expected };
    const verdict = await lastValueFrom(graded(jury, item, { onMiss, ...given({ pricing }) }));
    listener?.(verdict.outcomes, verdict);
    if (verdict.score !== undefined) return verdict.score;
    const votes = Object.fromEntries(
      Array.from(
        Map.groupBy(
          verdict.jurors.flatMap(({ grade }) => grade ?? []),
          String,
        ),
        ([grade, { length }]) => [grade, length],
      ),
    );
    throw new NoConsensusError('the jury', votes, verdict.outcomes, verdict.fault);
  };
  if (jury.rubric !== undefined && !isPair) scoresWithoutLabel(score);
  return score;
};
