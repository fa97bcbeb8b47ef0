import { CrucibleError } from './errors.ts';
import type { Outcome } from './outcome.ts';

/** A property that is there for the program, but not for `inspect`, spreading or `JSON.stringify`. */
const hide = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: false, configurable: true });
};

/** No prediction is possible. `outcomes` has every call that was made, with what it cost. */
export abstract class NoPredictionError extends CrucibleError {
  /** What became of every call; not enumerable, so that answers do not end up in logs. */
  declare readonly outcomes: readonly Outcome[];

  constructor(message: string, outcomes: readonly Outcome[] = [], options?: ErrorOptions) {
    super(message, options);
    hide(this, 'outcomes', outcomes);
  }
}

/** Gives an error the account of its calls, before it is thrown, and returns it. */
export const withOutcomes = <E extends NoPredictionError>(error: E, outcomes: readonly Outcome[]): E => {
  hide(error, 'outcomes', outcomes);
  return error;
};

/** The caller's `AbortSignal` ended the prediction; every call still out was aborted. */
export class CancelledError extends NoPredictionError {
  override readonly name = 'CancelledError';

  constructor(options?: ErrorOptions) {
    super('the prediction was cancelled', [], options);
  }
}

/** A voter or a schedule of the caller's own threw; `cause` is what it threw. */
export class UserCodeError extends NoPredictionError {
  override readonly name = 'UserCodeError';

  constructor(what: string, { cause }: { readonly cause: unknown }) {
    super(`${what} threw ${cause instanceof Error ? cause.name : 'a value'}`, [], { cause });
  }
}

/** Every call failed; `cause` is the first failure. */
export class AllModelsFailedError extends NoPredictionError {
  override readonly name = 'AllModelsFailedError';
  override readonly isRetryable: boolean;

  constructor(outcomes: readonly Outcome[]) {
    const failures = outcomes.filter((outcome) => outcome.status === 'failed');
    super(`all models failed: ${failures.map(({ error }) => error.message).join('; ')}`, outcomes, {
      cause: failures[0]?.error,
    });
    this.isRetryable = failures.some(({ error }) => error.isRetryable);
  }
}

/** Fewer votes were cast than `minResponses` asks for. */
export class InsufficientResponsesError extends NoPredictionError {
  override readonly name = 'InsufficientResponsesError';
  override readonly isRetryable: boolean;
  /** How many votes were cast. */
  readonly received: number;
  /** How many `minResponses` asks for. */
  readonly required: number;

  constructor(received: number, required: number, outcomes: readonly Outcome[], isCutOff = false) {
    const missing = outcomes.filter(({ status }) => status !== 'answered');
    const reasons = missing.map((outcome) => `${outcome.model} ${outcome.status}`).join(', ');
    const when = isCutOff ? ' by the deadline' : '';
    super(
      `${received} of at least ${required} votes were cast${when}${reasons && ` (${reasons})`}`,
      outcomes,
    );
    this.received = received;
    this.required = required;
    this.isRetryable =
      isCutOff || missing.some((outcome) => outcome.status === 'failed' && outcome.error.isRetryable);
  }
}

/** Enough votes were cast, and the voting strategy found no winner in them. */
export class NoConsensusError extends NoPredictionError {
  override readonly name = 'NoConsensusError';
  /** Votes per answer; not enumerable, so that answers do not end up in logs. */
  declare readonly votes: Readonly<Record<string, number>>;

  constructor(strategy: string, votes: Readonly<Record<string, number>>, outcomes: readonly Outcome[]) {
    super(`${strategy} found no winner among ${Object.keys(votes).length} answers`, outcomes);
    hide(this, 'votes', votes);
  }
}
