/** Who is asked in an attempt. */
export interface ModelIdentity {
  /** Names the model in votes, weights, costs and errors; unique within a panel. */
  readonly id: string;
  /** What the price of a call is looked up by: the provider, and the model's name there. */
  readonly provider?: string;
  readonly modelId?: string;
}

/** A try within a call that was not its last, as a policy tells of it. */
export interface FailedAttempt {
  /** The error of the attempt; `UnusableResponseError` if its response was passed over. */
  readonly error: unknown;
  /** How long until the next attempt, in milliseconds. */
  readonly nextInMs: number;
}

/** The call that a request is made for, as policies know it: it keeps the account of its attempts. */
export interface AttemptListener {
  /** The same for all calls of one prediction, and for them alone. */
  readonly prediction: object;
  /** Whether the call is made on top of those that the prediction needs anyway, such as a hedge. */
  readonly isExtra: boolean;
  /** Whether the call was ended because what was sent had not been answered within its `timeoutMs`. */
  readonly hasExpired: boolean;
  /** Whether the ensemble counts a response that the model did not finish. */
  readonly acceptsUnfinished: boolean;
  /** How long the call and its prediction may still take, in milliseconds; it may be `Infinity`, or below 0. */
  remainingMs(): number;
  /** A policy holds the attempt back before anything is sent, or no longer does: it costs nothing so far. */
  attemptWaits(isWaiting: boolean): void;
  /** The attempt that is out has failed, and another one follows. */
  attemptFailed(attempt: FailedAttempt): void;
  /** The next attempt has begun, at this model; or, while one is out, this is who is really asked in it. */
  attemptStarted(model: ModelIdentity): void;
}
