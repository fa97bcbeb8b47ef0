import { CrucibleError } from './errors.ts';
import { faultOf, readSafely, textOf } from './foreign.ts';
import { internal } from './internal.ts';
import { missingVotes, shortReason } from './missing-votes.ts';
import type { Outcome } from './outcome.ts';
import { plainName } from './quoting.ts';
import type { Tally } from './tally.ts';
import type { Voter } from './voter.ts';

/** Sets a property that a program can read but `inspect`, a spread and `JSON.stringify` leave out. */
const hide = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: false, configurable: true });
};

/** The outcomes that can be read. The constructors of errors accept any value. */
const listOf = (outcomes: readonly Outcome[]): readonly Outcome[] => {
  try {
    return outcomes.filter(
      (outcome) => outcome.status !== 'failed' || typeof outcome.error.message === 'string',
    );
  } catch {
    return [];
  }
};

/** Why votes are missing, to continue from a message. The constructors of errors accept any value. */
const reasonsOf = (outcomes: readonly Outcome[]): string => {
  try {
    const reasons = missingVotes(listOf(outcomes));
    return reasons && ` (${reasons})`;
  } catch {
    return '';
  }
};

/** An answer that came close to passing the check. */
export interface NearestMiss {
  readonly model: string;
  /** The text of its answer. */
  readonly text: string;
  /** Why it did not pass. */
  readonly reason: string;
  /** The share of the check that it passed, from 0 to 1. */
  readonly passed: number;
}

const countOf = (votes: object): number => {
  try {
    return Object.keys(votes).length;
  } catch {
    return 0;
  }
};

/** There is no prediction. `outcomes` has every call that was started, with its cost. */
export abstract class NoPredictionError extends CrucibleError {
  /** The outcome of every call; not enumerable, so that answers are not logged. */
  declare readonly outcomes: readonly Outcome[];
  /**
   * The answer that passed the largest share of the `check`, if checks say how much passed, as `unitTests` does. Not enumerable, so
   * that answers are not logged.
   */
  declare readonly nearestMiss?: NearestMiss;

  constructor(message: string, outcomes: readonly Outcome[] = [], options?: ErrorOptions) {
    super(message, options);
    hide(this, 'outcomes', outcomes);
  }
}

/** Gives an error the account of the calls, and returns it. */
export const withOutcomes = <Kind extends NoPredictionError>(
  error: Kind,
  outcomes: readonly Outcome[],
): Kind => {
  hide(error, 'outcomes', outcomes);
  return error;
};

/** The caller's `AbortSignal` ended the prediction. Every call in flight was cancelled. */
export class CancelledError extends NoPredictionError {
  override readonly name = 'CancelledError';

  constructor(options?: ErrorOptions) {
    super('the prediction was cancelled', [], options);
  }
}

/** A function of the caller, such as a voter or a schedule, threw or returned an invalid value. `cause` is the error. */
export class UserCodeError extends NoPredictionError {
  override readonly name = 'UserCodeError';

  constructor(what: string, options: { readonly cause: unknown }) {
    const cause = readSafely(options, 'cause');
    super(`${textOf(what)} ${faultOf(cause)}`, [], { cause });
  }
}

/** One of many queries cannot be asked, for example a conversation with faults. `cause` is the `ConfigError`. */
export class InvalidQueryError extends NoPredictionError {
  override readonly name = 'InvalidQueryError';

  constructor(options: { readonly cause: unknown }) {
    const cause = readSafely(options, 'cause');
    super(textOf(readSafely(cause, 'message')), [], { cause });
  }
}

/** Every call failed. `cause` is the first failure. */
export class AllModelsFailedError extends NoPredictionError {
  override readonly name = 'AllModelsFailedError';
  override readonly isRetryable: boolean;

  constructor(outcomes: readonly Outcome[]) {
    const failures = listOf(outcomes).filter((outcome) => outcome.status === 'failed');
    super(`all models failed: ${failures.map(({ error }) => error.message).join('; ')}`, outcomes, {
      cause: failures[0]?.error,
    });
    this.isRetryable = failures.some(({ error }) => error.isRetryable);
  }
}

/** There were fewer votes than `minResponses`. */
export class InsufficientResponsesError extends NoPredictionError {
  override readonly name = 'InsufficientResponsesError';
  override readonly isRetryable: boolean;
  /** The number of votes. */
  readonly received: number;
  /** The value of `minResponses`. */
  readonly required: number;

  constructor(
    received: number,
    required: number,
    outcomes: readonly Outcome[],
    isCutOff = false,
    nearestMiss?: NearestMiss,
  ) {
    const when = isCutOff ? ' by the deadline' : '';
    const miss = nearestMiss
      ? `; the nearest miss is that of ${plainName(nearestMiss.model)}: ${shortReason(nearestMiss.reason)}`
      : '';
    super(
      `${textOf(received)} of at least ${textOf(required)} votes were cast${when}${reasonsOf(outcomes)}${miss}`,
      outcomes,
    );
    if (nearestMiss) hide(this, 'nearestMiss', nearestMiss);
    this.received = received;
    this.required = required;
    this.isRetryable =
      isCutOff ||
      listOf(outcomes).some((outcome) => outcome.status === 'failed' && outcome.error.isRetryable);
  }
}

/** There were enough votes, but the voting strategy found no winner. */
export class NoConsensusError extends NoPredictionError {
  override readonly name = 'NoConsensusError';
  /** The votes per answer; not enumerable, so that answers are not logged. */
  declare readonly votes: Readonly<Record<string, number>>;

  /** @param why what else explains it, in words, such as why a decider had no verdict either. */
  constructor(
    strategy: string,
    votes: Readonly<Record<string, number>>,
    outcomes: readonly Outcome[],
    why?: string,
  ) {
    const count = countOf(votes);
    const answers = `${count} answer${count === 1 ? '' : 's'}`;
    super(
      `${textOf(strategy)} found no winner among ${answers}${reasonsOf(outcomes)}${why === undefined ? '' : `; ${why}`}`,
      outcomes,
    );
    hide(this, 'votes', votes);
  }
}

/** What else a tally without a prediction is judged by. */
interface Requirements {
  readonly voter: Voter;
  readonly minResponses: number;
  /** Whether the deadline ended the vote. */
  readonly isCutOff: boolean;
  /** Why a decider had no verdict either, in words. */
  readonly undecided?: string | undefined;
  /** Finds the answer that came closest to passing a check; absent without checks. */
  readonly nearestMissIn?: (outcomes: readonly Outcome[]) => NearestMiss | undefined;
}

/**
 * Returns the answer of a final tally.
 *
 * @throws {AllModelsFailedError} if no call succeeded, {@link InsufficientResponsesError} if too few voted,
 * {@link NoConsensusError} if the votes have no winner.
 */
export const winnerOf = <Answer>(
  tally: Tally<Answer>,
  outcomes: readonly Outcome[],
  { voter, minResponses, isCutOff, undecided, nearestMissIn }: Requirements,
): Answer => {
  const { successes, failures, abstentions, leader } = tally;
  if (successes === 0 && failures > 0 && abstentions === 0) throw new AllModelsFailedError(outcomes);
  if (successes < minResponses || successes === 0)
    throw new InsufficientResponsesError(
      successes,
      Math.max(minResponses, 1),
      outcomes,
      isCutOff,
      nearestMissIn?.(outcomes),
    );
  if (leader !== undefined) return leader;
  const { votes } = tally;
  const why = [voter[internal]?.hintOf?.(votes, outcomes), undecided].filter(Boolean).join('; ');
  throw new NoConsensusError(voter.name, votes, outcomes, why || undefined);
};
