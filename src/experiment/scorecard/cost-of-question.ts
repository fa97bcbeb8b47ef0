import type { Cost } from '../../domain/cost.ts';
import { meanCost } from '../../metrics/spending.ts';
import type { ConditionScore } from './scorecard.ts';

/** The mean cost of a question. If calls are left out of it, they count as 0, so that it is a lower bound. */
export const costOfQuestion = ({ stats, questions }: ConditionScore): Cost =>
  meanCost(stats.costUsd, questions);
