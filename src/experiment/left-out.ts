import { TimeoutError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { wasNeverSent } from '../domain/never-sent.ts';
import {
  AllModelsFailedError,
  InsufficientResponsesError,
  NoConsensusError,
  NoPredictionError,
} from '../domain/no-prediction.ts';
import { type Outcome, ofMembers } from '../domain/outcome.ts';
import type { PredictionResult } from '../metrics/stats.ts';
import { counted } from '../rendering/amounts.ts';
import { isNotRecorded, type Trial } from './trial.ts';

/** Failures that the model or the question causes, so that the same call would fail again: they count as wrong answers. */
const MEASURED: ReadonlySet<string> = new Set(['InvalidRequestError', 'ResponseTooLargeError']);

/** Statuses of a request that the provider refuses for every question: no credit, no such model. */
export const REFUSED_ALWAYS: readonly unknown[] = [402, 404];

/**
 * Whether a call failed because of an outage: of the network, the provider, the key, the credit or a policy. A
 * `TimeoutError` is the time limit of the condition; a call that exceeded its own limit is recorded, with an error of
 * another class.
 */
export const isOutage = (outcome: Outcome): boolean => {
  if (outcome.status !== 'failed' || isNotRecorded(outcome)) return false;
  const { error } = outcome;
  return !isA(error, TimeoutError) && (!MEASURED.has(error.name) || REFUSED_ALWAYS.includes(error.status));
};

/** Why a question is left out of the figures of a condition. */
export type LeftOut = 'failed' | 'notRecorded';

/**
 * Why a result says nothing about its condition: a call is not recorded; or votes are too few, also for a voter such as
 * `unanimous`, and might have been enough without an outage. `undefined` if it does.
 */
export const leftOutAs = (result: PredictionResult): LeftOut | undefined => {
  const { outcomes } = result;
  if (outcomes.some(isNotRecorded)) return 'notRecorded';
  const members = ofMembers(outcomes);
  const failed = members.filter(isOutage).length;
  if (failed > 0 && isA(result, AllModelsFailedError)) return 'failed';
  if (isA(result, NoConsensusError)) {
    // Several answers disagree, so the other calls of members could not change that; a decider could.
    const isOpen = failed > 0 && Object.keys(result.votes).length < 2;
    return isOpen || outcomes.some((outcome) => outcome.role !== undefined && isOutage(outcome))
      ? 'failed'
      : undefined;
  }
  if (failed === 0 || !isA(result, InsufficientResponsesError)) return undefined;
  const cancelled = members.filter(({ status }) => status === 'cancelled').length;
  return result.received + failed + cancelled >= result.required ? 'failed' : undefined;
};

/** Why a trial is left out of the figures of its condition; `undefined` if it counts, as with any score of its own. */
export const leftOutOf = ({ score, result, leftOut }: Trial): LeftOut | undefined =>
  score === undefined ? (leftOut ?? leftOutAs(result)) : undefined;

/** Whether a judge has no verdict because calls of it failed. */
export const isJudgeDown = ({ outcomes }: NoPredictionError): boolean =>
  outcomes.some((outcome) => outcome.status === 'failed' && !isNotRecorded(outcome));

/** Whether there is a prediction although calls of the panel, or of its decider, failed because of an outage. */
export const isReduced = ({ result }: Trial): boolean =>
  !(result instanceof NoPredictionError) && result.outcomes.some(isOutage);

/** Whether every call of a trial is recorded and none failed because of an outage. */
export const isUntouched = ({ result: { outcomes } }: Trial): boolean =>
  !outcomes.some((outcome) => isNotRecorded(outcome) || isOutage(outcome));

/** The number of calls of a result that a policy refused: nothing was sent, so they are not counted. */
export const unsentIn = ({ outcomes }: PredictionResult): number =>
  outcomes.filter((outcome) => outcome.status === 'failed' && wasNeverSent(outcome.error)).length;

/** Says why a result has no score. */
export const whyUnscored = ({ outcomes }: PredictionResult, leftOut: LeftOut): string => {
  if (leftOut === 'failed') return `${counted(outcomes.filter(isOutage).length, 'call')} failed`;
  const missing = outcomes.filter(isNotRecorded).length;
  return `${missing === 1 ? '1 call is' : `${missing} calls are`} not recorded`;
};

/** The number of questions of a condition that are left out of its figures. */
export interface LeftOutCounts {
  /** Questions without a prediction because calls failed. */
  readonly failed: number;
  /** Questions of which a call is not recorded. */
  readonly notRecorded: number;
}

/** The largest share of questions that an outage may touch before a condition is not compared. */
export const MOST_TOUCHED = 0.05;

/** The parts of a condition's results that say how much of it an outage touched. Earlier scorecards have none of them. */
export interface Touched {
  readonly questions: number;
  readonly leftOut?: LeftOutCounts;
  readonly reduced?: number;
}

/** The number of questions that are left out. */
export const leftOutCount = ({ leftOut }: Touched): number =>
  leftOut === undefined ? 0 : leftOut.failed + leftOut.notRecorded;

/** Whether so many questions are left out, or were answered by a reduced panel, that a comparison would measure the outage. */
export const isIncomplete = (touched: Touched): boolean =>
  leftOutCount(touched) + (touched.reduced ?? 0) > MOST_TOUCHED * touched.questions;
