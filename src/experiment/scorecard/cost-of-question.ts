import type { Cost } from '../../domain/cost.ts';
import { meanCost } from '../../metrics/spending.ts';
import type { ConditionScore } from './scorecard.ts';

/** The mean cost of a question that counts. If calls are left out of it, they count as 0, so that it is a lower bound. */
export const costOfQuestion = ({ stats }: Pick<ConditionScore, 'stats'>): Cost =>
  meanCost(stats.costUsd, stats.count);
