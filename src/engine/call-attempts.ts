import type { AbortCause } from '../domain/abort-reason.ts';
import type { AttemptListener, FailedAttempt, ModelIdentity, OpenAttempt } from '../domain/attempt.ts';
import { type Cost, costOf, costOfFailure, unknownCost } from '../domain/cost.ts';
import { type ModelError, type TimeoutError, toModelError, UnusableResponseError } from '../domain/errors.ts';
import type { Attempt, Outcome } from '../domain/outcome.ts';
import type { Expiring } from '../time/shared-timeout.ts';
import type { CallContext } from './call-context.ts';

/** The part of a call in flight that its attempts need. */
export interface AttemptedCall {
  readonly model: ModelIdentity;
  readonly index: number;
  readonly context: CallContext<unknown>;
  /** Its place in the ledger. */
  readonly number: number;
  readonly startedAtMs: number;
  readonly isExtra: boolean;
  readonly hasExpired: boolean;
  readonly outcome: Outcome | undefined;
  /** Whether nothing has been sent: the call has not begun yet, or a policy holds the attempt back. */
  isWaiting: boolean;
  /** Whether the attempt costs nothing if it ends now. */
  readonly isFree: boolean;
  costSoFar(): Cost;
  /** Drops the text that the failed attempt has streamed, which the next one does not continue. */
  dropText(): void;
}

/** What nearly all calls have of each kind, and therefore share. */
export const none: readonly never[] = [];

/** The attempts of one call. Made when a policy asks for it, because most calls have no policy. */
export class CallAttempts implements AttemptListener {
  /** The model that is called in the attempt in flight. */
  model: ModelIdentity;
  /** Whether an attempt is in flight; between two attempts none is, and nothing is paid for. */
  isInFlight = true;
  startedAtMs: number;
  /** Since when the time limit runs; `undefined` while the attempt is queued, and between two attempts. */
  waitsSinceMs: number | undefined;
  /** Whether the attempt in flight pays for its request. */
  isPaying = true;
  failed: readonly Attempt[] = none;
  /** The cost of the attempt in flight, if it consists of several calls. */
  costOfParts: (() => Cost) | undefined;
  /** Why a policy cancelled the attempt in flight. */
  abortCause: AbortCause | undefined;
  /** The warnings of policies, for the outcome. */
  warnings: readonly string[] = none;
  readonly #call: AttemptedCall & Expiring;
  /** The attempts that policies have begun, the innermost last. */
  #open: readonly OpenAttempt[] = none;

  constructor(call: AttemptedCall & Expiring) {
    this.#call = call;
    this.model = call.model;
    this.startedAtMs = call.startedAtMs;
    this.waitsSinceMs = call.startedAtMs;
  }

  /** The number of the attempt in flight, from 1. */
  get number(): number {
    return 1 + this.failed.length;
  }

  get prediction(): object {
    return this.#call.context.ledger;
  }

  get isExtra(): boolean {
    return this.#call.isExtra;
  }

  get hasExpired(): boolean {
    return this.#call.hasExpired;
  }

  get acceptsUnfinished(): boolean {
    return this.#call.context.acceptUnfinished === true;
  }

  remainingMs(): number {
    const { clock, endsAtMs = Number.POSITIVE_INFINITY } = this.#call.context;
    return endsAtMs - clock();
  }

  attemptStarted(model: ModelIdentity, attempt?: OpenAttempt): void {
    const call = this.#call;
    if (call.outcome !== undefined) return;
    this.model = model;
    if (attempt !== undefined) this.#open = [...this.#open.filter(({ closed }) => !closed), attempt];
    if (this.isInFlight) return;
    this.isInFlight = true;
    this.abortCause = undefined;
    this.startedAtMs = call.context.clock();
    // A listener may unsubscribe the call now, while this attempt has sent nothing.
    call.isWaiting = true;
    call.context.notifier?.callStarted(call.number, this.number, model);
    this.attemptWaits(false);
  }

  /** Whether a policy has begun the attempt, and may make another one. */
  get isRepeated(): boolean {
    return this.#open.length > 0;
  }

  /** Ends the attempt in flight. Returns `false` if no policy has begun it. */
  expire(error: TimeoutError): boolean {
    const attempt = this.#open.findLast(({ closed }) => !closed);
    if (attempt === undefined) return false;
    this.waitsSinceMs = undefined;
    this.abortCause = 'timeout';
    attempt.error(error);
    return true;
  }

  /** Begins the next attempt for a policy that did not say so. */
  resume(): void {
    if (!this.isInFlight) this.attemptStarted(this.model);
  }

  attemptWaits(isWaiting: boolean): void {
    const call = this.#call;
    call.isWaiting = isWaiting;
    if (call.outcome !== undefined) return;
    if (isWaiting || !this.isInFlight) this.#stopTime();
    else if (this.waitsSinceMs === undefined) {
      this.waitsSinceMs = call.context.clock();
      call.context.timeout.begin(call);
    }
  }

  warn(warning: string): void {
    if (!this.warnings.includes(warning)) this.warnings = [...this.warnings, warning];
  }

  attemptPays(isPaying: boolean): void {
    this.isPaying = isPaying;
  }

  #stopTime(): void {
    this.waitsSinceMs = undefined;
    this.#call.context.timeout.end(this.#call);
  }

  attemptSends(): void {
    // The costs of calls are estimated by the request of the prediction.
  }

  attemptCosts(costSoFar: () => Cost): void {
    this.costOfParts = costSoFar;
  }

  attemptFailed({ error, nextInMs }: FailedAttempt): void {
    const call = this.#call;
    if (call.outcome !== undefined) return;
    this.resume();
    const { notifier, live, clock } = call.context;
    const failure = toModelError(this.model.id, error);
    const attempt: Attempt = {
      model: this.model.id,
      error: failure,
      latencyMs: clock() - this.startedAtMs,
      nextInMs,
      ...this.#costOf(failure),
    };
    notifier?.attemptFailed(call.number, this.number, this.model, attempt);
    live?.attemptFailed(call, this.number, attempt);
    call.dropText();
    this.isInFlight = false;
    this.#stopTime();
    this.costOfParts = undefined;
    this.failed = [...this.failed, attempt];
  }

  #costOf(failure: ModelError): Cost {
    const { request, pricing } = this.#call.context;
    // It failed before it was sent, or with the request of another call, which pays for it.
    if (this.#call.isFree) return { costUsd: 0, costSource: 'reported' };
    try {
      return failure instanceof UnusableResponseError
        ? costOf(this.model, request, failure.response, pricing)
        : (costOfFailure(failure) ?? this.#call.costSoFar());
    } catch {
      return { ...unknownCost, warning: 'the response of the attempt cannot be read' };
    }
  }
}
