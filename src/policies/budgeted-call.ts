import { Observable, Subscriber } from 'rxjs';
import type { AttemptListener, FailedAttempt, ModelIdentity } from '../domain/attempt.ts';
import { callContained } from '../domain/contained-call.ts';
import { type Cost, costOf, costOfFailure, estimatedCost, priced } from '../domain/cost.ts';
import {
  BudgetExceededError,
  MalformedResponseError,
  ProviderError,
  toModelError,
  UnusableResponseError,
} from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { internal } from '../domain/internal.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { attemptListener, type ModelRequest, warnOf, withListener } from '../domain/request.ts';
import { formatCost } from '../rendering/amounts.ts';
import type { CapLedger, Settle } from './cap-ledger.ts';
import { reservedIn, reserveNow } from './reserved-in.ts';

/** How a budget counts its calls. */
export interface BudgetTerms {
  readonly pricing: Pricing;
  readonly onUnknownPrice: 'refuse' | 'allow';
  readonly serverErrors: 'most' | 'free';
  readonly cancelledCalls: 'most' | 'estimate';
}

/** A call within its caps, with a request that limits its output. */
interface BudgetedCall {
  readonly model: Model;
  readonly request: ModelRequest & { readonly maxOutputTokens: number };
  readonly caps: readonly CapLedger[];
  readonly terms: BudgetTerms;
}

/**
 * Makes a call within its caps: reserves the most that it may cost, and settles the reservation when it has ended. Policies
 * within the call report their attempts, so that each of them is reserved and settled for itself.
 */
export const budgetedCall = (call: BudgetedCall): Observable<ModelResponse | ModelDelta> =>
  new Observable((subscriber) => {
    const { model, request, caps, terms } = call;
    const { costUsd: worstUsd, warning } = mostOf(call, model);
    if (worstUsd === undefined && terms.onUnknownPrice === 'refuse') {
      const reason = warning === undefined ? UNKNOWN_PRICE : `its price is unknown, because ${warning}`;
      subscriber.error(new BudgetExceededError(model.id, reason));
      return;
    }
    const source = new Subscriber<ModelResponse | ModelDelta>({
      next(output) {
        if (isDelta(output)) {
          attempts.wrote(output.delta);
          subscriber.next(output);
          return;
        }
        // A call ends with its first response.
        source.unsubscribe();
        attempts.answered(output);
        subscriber.next(output);
        subscriber.complete();
      },
      error(error: unknown) {
        let failure = error;
        try {
          failure = attempts.broke(error);
        } finally {
          // Settles what is still reserved.
          subscriber.error(failure);
        }
      },
      complete() {
        attempts.broke(new MalformedResponseError(model.id, 'ended without a response'));
        subscriber.complete();
      },
    });
    const attempts = new BudgetedAttempts(call, worstUsd ?? 0, {
      isOver: () => subscriber.closed,
      refuse(error) {
        source.unsubscribe();
        subscriber.error(error);
      },
    });
    subscriber.add(() => {
      source.unsubscribe();
      attempts.cancelled();
    });
    attempts.attemptWaits(true);
    const turn = new Subscriber<Settle>({
      next(settle) {
        attempts.begin(settle);
        callContained(model, withListener(request, attempts), source);
      },
      error: (error: unknown) => subscriber.error(error),
      complete() {},
    });
    subscriber.add(turn);
    reservedIn(caps, worstUsd ?? 0, model.id).subscribe(turn);
  });

const UNKNOWN_PRICE = `no price is known for this model: set "pricing", or onUnknownPrice: 'allow'`;

/** The most that a call of a model may cost. */
const mostOf = ({ request, terms: { pricing } }: BudgetedCall, model: ModelIdentity): Cost =>
  priced(model, pricing, 'estimated', () => ({
    inputTokens: mostTokens(request),
    outputTokens: request.maxOutputTokens,
  }));

/** The tokens that frame a message in the prompt of a chat. */
const FRAME_TOKENS = 16;

/** Returns the most tokens that a request can have: a token has at least one byte. */
const mostTokens = ({ system, messages, answerSchema }: ModelRequest): number =>
  [
    ...(system === undefined ? [] : [system]),
    ...(answerSchema === undefined ? [] : [JSON.stringify(answerSchema)]),
    ...messages.map(({ content }) => content),
  ].reduce((tokens, text) => tokens + FRAME_TOKENS + new TextEncoder().encode(text).length, 0);

/** The end of a call. */
interface CallEnd {
  readonly isOver: () => boolean;
  /** Ends the call before its next attempt is sent. */
  readonly refuse: (error: BudgetExceededError) => void;
}

/**
 * The attempts of one call within a budget: what is reserved for the attempt in flight, and what it cost. Stands between
 * the policies within the budget and the listener of the call.
 */
class BudgetedAttempts implements AttemptListener {
  readonly #call: BudgetedCall;
  readonly #outer: AttemptListener | undefined;
  readonly #refuse: (error: BudgetExceededError) => void;
  readonly #isOver: () => boolean;
  /** The model that the attempt in flight calls, and the most that it may cost. */
  #asked: ModelIdentity;
  #mostUsd: number;
  /** Absent while nothing is reserved: before the call, and between two attempts. */
  #settle: Settle | undefined;
  #isWaiting = true;
  #written = '';

  constructor(call: BudgetedCall, mostUsd: number, { refuse, isOver }: CallEnd) {
    this.#call = call;
    this.#outer = attemptListener(call.request);
    this.#asked = call.model;
    this.#mostUsd = mostUsd;
    this.#refuse = refuse;
    this.#isOver = isOver;
  }

  get prediction(): object {
    return this.#outer?.prediction ?? this;
  }

  get isExtra(): boolean {
    return this.#outer?.isExtra ?? false;
  }

  get hasExpired(): boolean {
    return this.#outer?.hasExpired ?? false;
  }

  get acceptsUnfinished(): boolean {
    return this.#outer?.acceptsUnfinished ?? false;
  }

  remainingMs(): number {
    return this.#outer?.remainingMs() ?? Number.POSITIVE_INFINITY;
  }

  attemptWaits(isWaiting: boolean): void {
    this.#isWaiting = isWaiting;
    this.#outer?.attemptWaits(isWaiting);
  }

  attemptFailed(attempt: FailedAttempt): void {
    const error = this.broke(attempt.error);
    this.#outer?.attemptFailed({ ...attempt, error });
  }

  attemptStarted(model: ModelIdentity): void {
    this.#isWaiting = false;
    this.#outer?.attemptStarted(model);
    // A cache may go on with the call for others, after its own caller has left.
    if (!this.#isOver()) this.#reserveFor(model);
  }

  /** The first attempt begins. */
  begin(settle: Settle): void {
    this.#settle = settle;
    this.attemptWaits(false);
  }

  wrote(delta: string): void {
    if (this.#call.terms.cancelledCalls === 'estimate') this.#written += delta;
  }

  answered(response: ModelResponse): void {
    this.#charge(costOf(this.#asked, this.#call.request, response, this.#call.terms.pricing));
  }

  /** Settles an attempt that failed. Returns its error. */
  broke(error: unknown): unknown {
    const failure = this.#billed(error);
    if (this.#isWaiting) this.#end(0);
    else if (isA(failure, UnusableResponseError)) this.answered(failure.response);
    else this.#charge(costOfFailure(toModelError(this.#call.model.id, failure)));
    return failure;
  }

  /** Settles a call that was cancelled; has no effect on one that has ended. */
  cancelled(): void {
    if (this.#settle === undefined) return;
    const { request, terms } = this.#call;
    const isEstimated = terms.cancelledCalls === 'estimate' && !this.hasExpired;
    if (this.#isWaiting) this.#end(0);
    else if (!isEstimated) this.#end(this.#mostUsd);
    else {
      this.#end(estimatedCost(this.#asked, request, this.#written, terms.pricing).costUsd ?? this.#mostUsd);
    }
  }

  /** Says that the provider does not bill its own failure, if the user says so. The ledger of the prediction agrees then. */
  #billed(error: unknown): unknown {
    if (this.#call.terms.serverErrors !== 'free' || !isA(error, ProviderError)) return error;
    const {
      model,
      message,
      costUsd,
      status = 500,
      cause,
      isRetryable,
      code,
      retryAfterMs,
      requestId,
    } = error;
    if (costUsd !== undefined || status < 500) return error;
    const reason = message.startsWith(`${model}: `) ? message.slice(model.length + 2) : message;
    return new ProviderError(model, reason, {
      isRetryable,
      costUsd: 0,
      ...given({ status: error.status, code, retryAfterMs, requestId, cause }),
      ...(error[internal] !== undefined && { [internal]: error[internal] }),
    });
  }

  /** Only a reported cost is sure to be all that is billed. Any other is charged with the most. */
  #charge(cost: Cost | undefined): void {
    const { costUsd = 0, costSource } = cost ?? {};
    if (this.#mostUsd > 0 && costUsd > this.#mostUsd) {
      warnOf(
        this.#call.request,
        `cost ${formatCost(costUsd)}, more than the ${formatCost(this.#mostUsd)} that the budget had reserved: check that the model obeys maxOutputTokens, and the pricing`,
      );
    }
    this.#end(costSource === 'reported' ? costUsd : Math.max(this.#mostUsd, costUsd));
  }

  #end(costUsd: number): void {
    this.#settle?.(costUsd);
    this.#settle = undefined;
    this.#written = '';
  }

  /** Reserves the most that the next attempt may cost. It cannot wait, because its policy calls the model now. */
  #reserveFor(model: ModelIdentity): void {
    const mostUsd = mostOf(this.#call, model).costUsd ?? this.#mostUsd;
    this.#asked = model;
    if (this.#settle !== undefined && mostUsd === this.#mostUsd) return;
    // Nothing has been sent for this reservation.
    this.#end(0);
    this.#mostUsd = mostUsd;
    const reserved = reserveNow(this.#call.caps, mostUsd, model.id);
    if (typeof reserved === 'function') this.#settle = reserved;
    else this.#refuse(reserved);
  }
}
