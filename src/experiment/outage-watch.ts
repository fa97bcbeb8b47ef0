import {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  ModelError,
  RateLimitError,
} from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { neverOpened } from '../domain/never-opened.ts';
import { REFUSED_ALWAYS } from './left-out.ts';

/** The questions in a row that have to fail before a model counts as unavailable, unless it has answered. */
const QUESTIONS_BEFORE_ANSWER = 3;

/** The questions in a row that have to fail after the model has answered in the same run. */
const QUESTIONS_AFTER_ANSWER = 10;

/** The state of one model. */
interface Watched {
  hasAnswered: boolean;
  /** The ids of the questions that failed since its calls last ended in another way. */
  readonly failed: Set<string>;
}

/** Whether an error has a class, or its name: the error of a journaled model has the name alone. */
const isOf = (
  error: ModelError,
  kind: abstract new (...parameters: never) => ModelError,
  name: ModelError['name'],
): boolean => error.name === name || isA(error, kind);

/** Whether every other question would fail for the same reason: the model is not reached, or refuses the caller. */
const isOutage = (error: ModelError): boolean =>
  isOf(error, AuthenticationError, 'AuthenticationError') ||
  (isOf(error, InvalidRequestError, 'InvalidRequestError') && REFUSED_ALWAYS.includes(error.status)) ||
  (isOf(error, RateLimitError, 'RateLimitError') && !error.isRetryable) ||
  (isOf(error, ConnectionError, 'ConnectionError') && error.costUsd === 0) ||
  (!isA(error.cause, ModelError) && neverOpened(error.cause));

/**
 * Watches the calls of an experiment for a model that is out of reach. It is, if the calls of three questions in a row
 * failed because of that, or of ten once it has answered. Several samples of one question count once.
 */
export const outageWatch = () => {
  const models = new Map<string, Watched>();
  return {
    /**
     * Notes a call that was made, with its error if it failed. Returns the number of questions that failed in a row if the
     * model is now out of reach.
     */
    note(model: string, question: string, error: ModelError | undefined): number | undefined {
      const watched = models.get(model) ?? { hasAnswered: false, failed: new Set() };
      models.set(model, watched);
      if (error === undefined) watched.hasAnswered = true;
      if (error === undefined || !isOutage(error)) {
        watched.failed.clear();
        return undefined;
      }
      watched.failed.add(question);
      const limit = watched.hasAnswered ? QUESTIONS_AFTER_ANSWER : QUESTIONS_BEFORE_ANSWER;
      return watched.failed.size >= limit ? watched.failed.size : undefined;
    },
  };
};
