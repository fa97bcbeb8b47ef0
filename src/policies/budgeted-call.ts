import { Subscriber } from 'rxjs';
import { AbortReason } from '../domain/abort-reason.ts';
import type {
  AttemptListener,
  FailedAttempt,
  ModelIdentity,
  ModelInput,
  OpenAttempt,
} from '../domain/attempt.ts';
import { callContained } from '../domain/contained-call.ts';
import { type Cost, costOf, costOfFailure, estimatedCost, priced } from '../domain/cost.ts';
import {
  BudgetExceededError,
  isReadable,
  MalformedResponseError,
  ModelError,
  ProviderError,
  toModelError,
  UnusableResponseError,
} from '../domain/errors.ts';
import { isA, readSafely } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { internal } from '../domain/internal.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { mostTokens } from '../domain/most-tokens.ts';
import type { Pricing } from '../domain/pricing.ts';
import {
  abortReasonOf,
  attemptListener,
  type ModelRequest,
  warnOf,
  withListener,
} from '../domain/request.ts';
import { formatUsd } from '../rendering/amounts.ts';
import type { CapLedger, Settle } from './cap-ledger.ts';
import { ForwardingListener } from './forwarding-listener.ts';
import { reserveAtOnce, reservedIn, reserveNow } from './reserved-in.ts';

/** How a budget counts its calls. */
export interface BudgetTerms {
  readonly pricing: Pricing;
  readonly onUnknownPrice: 'refuse' | 'allow';
  readonly serverErrors: 'most' | 'free';
  readonly cancelledCalls: 'most' | 'estimate';
}

/** The input tokens of a model's last call in addition to those of its request. The next call reserves them at once. */
export interface AddedInput {
  tokens: number;
}

/** A call within its caps, with a request that limits its output. */
interface BudgetedCall {
  readonly model: Model;
  readonly request: ModelRequest & { readonly maxOutputTokens: number };
  readonly caps: readonly CapLedger[];
  /** What the last call of the model sent in addition to its request. */
  readonly added: AddedInput;
  readonly terms: BudgetTerms;
}

/**
 * Makes a call within its caps: reserves the most that it may cost, and settles the reservation when it has ended. Policies
 * within the call report their attempts, so that each of them is reserved and settled for itself.
 */
export const beginBudgetedCall = (
  call: BudgetedCall,
  subscriber: Subscriber<ModelResponse | ModelDelta>,
): void => {
  const { model, request, caps, terms } = call;
  const inputTokens = expectedTokens(call);
  const { costUsd: worstUsd, warning } = mostOf(call, model, inputTokens);
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
  const attempts = new BudgetedAttempts(
    call,
    { inputTokens, usd: worstUsd ?? 0 },
    {
      isOver: () => subscriber.closed,
      refuse(error) {
        source.unsubscribe();
        subscriber.error(error);
      },
    },
  );
  subscriber.add(() => {
    source.unsubscribe();
    attempts.cancelled();
  });
  const begin = (settle: Settle): void => {
    attempts.begin(settle);
    callContained(model, withListener(request, attempts), source);
  };
  const atOnce = subscriber.closed ? undefined : reserveAtOnce(caps, worstUsd ?? 0);
  if (atOnce !== undefined) {
    begin(atOnce);
    return;
  }
  attempts.attemptWaits(true);
  const turn = new Subscriber<Settle>({
    next: begin,
    error: (error: unknown) => subscriber.error(error),
    complete() {},
  });
  subscriber.add(turn);
  reservedIn(caps, worstUsd ?? 0, model.id).subscribe(turn);
};

const UNKNOWN_PRICE = `no price is known for this model: set "pricing", or onUnknownPrice: 'allow'`;

/** The most that a call of a model with this many input tokens may cost. */
const mostOf = (
  { request, terms: { pricing } }: BudgetedCall,
  model: ModelIdentity,
  inputTokens: number,
): Cost =>
  priced(model, pricing, 'estimated', () => ({ inputTokens, outputTokens: request.maxOutputTokens }));

/** Returns the input tokens to reserve: those of the request, with what the last call added if that can still fit. */
const expectedTokens = (call: BudgetedCall): number => {
  const { model, request, added, caps } = call;
  const tokens = mostTokens(request);
  if (added.tokens === 0) return tokens;
  const { costUsd = 0 } = mostOf(call, model, tokens + added.tokens);
  return caps.some((cap) => cap.fits(costUsd) === 'never') ? tokens : tokens + added.tokens;
};

/** What is reserved for an attempt. */
interface Most {
  readonly inputTokens: number;
  readonly usd: number;
}

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
class BudgetedAttempts extends ForwardingListener implements AttemptListener {
  readonly #call: BudgetedCall;
  protected readonly outer: AttemptListener | undefined;
  readonly #refuse: (error: BudgetExceededError) => void;
  readonly #isOver: () => boolean;
  /** The model that the attempt in flight calls, and the most that it may cost. */
  #asked: ModelIdentity;
  #mostUsd: number;
  #mostInputTokens: number;
  /** The cost of the attempt in flight, if it consists of several calls. */
  #costOfParts: (() => Cost) | undefined;
  /** Absent while nothing is reserved: before the call, and between two attempts. */
  #settle: Settle | undefined;
  #isWaiting = true;
  /** Whether the attempt in flight pays for its request. */
  #isPaying = true;
  #written = '';

  constructor(call: BudgetedCall, most: Most, { refuse, isOver }: CallEnd) {
    super();
    this.#call = call;
    this.outer = attemptListener(call.request);
    this.#asked = call.model;
    this.#mostUsd = most.usd;
    this.#mostInputTokens = most.inputTokens;
    this.#refuse = refuse;
    this.#isOver = isOver;
  }

  remainingMs(): number {
    return this.outer?.remainingMs() ?? Number.POSITIVE_INFINITY;
  }

  attemptWaits(isWaiting: boolean): void {
    this.#isWaiting = isWaiting;
    this.outer?.attemptWaits(isWaiting);
  }

  attemptPays(isPaying: boolean): void {
    this.#isPaying = isPaying;
    this.outer?.attemptPays(isPaying);
  }

  attemptFailed(attempt: FailedAttempt): void {
    const error = this.broke(attempt.error);
    this.outer?.attemptFailed({ ...attempt, error });
  }

  attemptStarted(model: ModelIdentity, attempt?: OpenAttempt): void {
    this.#isWaiting = false;
    this.outer?.attemptStarted(model, attempt);
    // A cache may continue with the call for others, after its own caller has left.
    if (!this.#isOver()) this.#reserveFor(model);
  }

  attemptSends(input: ModelInput): void {
    this.outer?.attemptSends(input);
    if (this.#isOver()) return;
    const { added, request } = this.#call;
    const tokens = mostTokens(input);
    added.tokens = Math.max(0, tokens - mostTokens(request));
    if (tokens > this.#mostInputTokens) this.#raiseTo(tokens);
  }

  attemptCosts(costSoFar: () => Cost): void {
    this.#costOfParts = costSoFar;
    this.outer?.attemptCosts(costSoFar);
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
    const cost = costOf(this.#asked, this.#call.request, response, this.#call.terms.pricing);
    this.#charge(cost, readSafely(response, 'usage'));
  }

  /** Settles an attempt that failed. Returns its error. */
  broke(error: unknown): unknown {
    const failure = this.#billed(error);
    if (this.#isFree) this.#end(0);
    else if (isA(failure, UnusableResponseError)) this.answered(failure.response);
    else this.#charge(costOfFailure(toModelError(this.#call.model.id, failure)) ?? this.#costOfParts?.());
    return failure;
  }

  /** Settles a call that was cancelled; has no effect on one that has ended. */
  cancelled(): void {
    if (this.#settle === undefined) return;
    const { request, terms } = this.#call;
    const isEstimated = terms.cancelledCalls === 'estimate' && !this.#hasTimedOut;
    if (this.#isFree) this.#end(0);
    else if (this.#costOfParts !== undefined) this.#settleWith(this.#costOfParts(), isEstimated);
    else if (!isEstimated) this.#end(this.#mostUsd);
    else this.#settleWith(estimatedCost(this.#asked, request, this.#written, terms.pricing), true);
  }

  get #isFree(): boolean {
    return this.#isWaiting || !this.#isPaying;
  }

  /** Whether a time limit ends the call: that of the ensemble, or a `timeout` around the budget. */
  get #hasTimedOut(): boolean {
    const reason = abortReasonOf(this.#call.request);
    return this.hasExpired || (isA(reason, AbortReason) && reason.cause === 'timeout');
  }

  /** Says that the provider does not bill its own failure, if the user says so. The ledger of the prediction agrees then. */
  #billed(error: unknown): unknown {
    return this.#call.terms.serverErrors === 'free' && isServerFailure(error) ? withoutCost(error) : error;
  }

  /** Only a reported cost is sure to be all that is billed. Any other is charged with the most. */
  #charge(cost: Cost | undefined, usage?: unknown): void {
    const { costUsd = 0 } = cost ?? {};
    if (this.#mostUsd > 0 && costUsd > this.#mostUsd) {
      warnOf(
        this.#call.request,
        `cost ${formatUsd(costUsd)}, more than the ${formatUsd(this.#mostUsd)} that the budget had reserved: ${this.#reasonOf(usage)}`,
      );
    }
    this.#settleWith(cost, false);
  }

  /** The likeliest reason why a call cost more than was reserved. */
  #reasonOf(usage: unknown): string {
    const inputTokens = Number(readSafely(usage, 'inputTokens'));
    if (this.#costOfParts !== undefined)
      return 'it is an ensemble, which makes several calls: give the budget to that ensemble, or to its models';
    if (inputTokens > this.#mostInputTokens)
      return `it read ${inputTokens} tokens, but was sent at most ${this.#mostInputTokens}: what adds to the request must report it with attemptSends`;
    return 'check that the model obeys maxOutputTokens, and the pricing';
  }

  /** Settles with a cost that is sure, or with an estimate if one is enough; else with the most, or what is known beyond it. */
  #settleWith(cost: Cost | undefined, isEstimateEnough: boolean): void {
    const { costUsd = 0, costSource } = cost ?? {};
    const isEnough = costSource === 'reported' || (isEstimateEnough && costSource === 'estimated');
    this.#end(isEnough ? costUsd : Math.max(this.#mostUsd, costUsd));
  }

  #end(costUsd: number): void {
    this.#settle?.(costUsd);
    this.#settle = undefined;
    this.#written = '';
    this.#costOfParts = undefined;
  }

  /** Reserves the most that the next attempt may cost. It cannot wait, because its policy calls the model now. */
  #reserveFor(model: ModelIdentity): void {
    const mostUsd = mostOf(this.#call, model, this.#mostInputTokens).costUsd ?? this.#mostUsd;
    this.#asked = model;
    if (this.#settle !== undefined && mostUsd === this.#mostUsd) return;
    // Nothing has been sent for this reservation.
    this.#end(0);
    this.#mostUsd = mostUsd;
    const reserved = reserveNow(this.#call.caps, mostUsd, model.id);
    if (typeof reserved === 'function') this.#settle = reserved;
    else this.#refuse(reserved);
  }

  /**
   * Raises the reservation to an input that is longer than that of the request.
   *
   * @throws {BudgetExceededError} if too little is left now. The reservation stays until the attempt fails with it.
   */
  #raiseTo(inputTokens: number): void {
    const { caps } = this.#call;
    const mostUsd = mostOf(this.#call, this.#asked, inputTokens).costUsd ?? this.#mostUsd;
    const isReserved = this.#settle !== undefined;
    this.#settle?.(0);
    const raised = reserveNow(caps, mostUsd, this.#asked.id);
    const isRaised = typeof raised === 'function';
    // What was given back a moment ago still fits.
    const settle = isRaised || !isReserved ? raised : reserveNow(caps, this.#mostUsd, this.#asked.id);
    this.#settle = typeof settle === 'function' ? settle : undefined;
    if (!isRaised) throw raised;
    this.#mostInputTokens = inputTokens;
    this.#mostUsd = mostUsd;
  }
}

/** How many errors within each other are looked at: a fallback in a fallback has a cause of a cause. */
const MOST_CAUSES = 10;

/** Whether a call failed with a 5xx of unknown cost. That of a `fallback` has the error of its last member as its cause. */
const isServerFailure = (error: unknown, depth = 0): error is ModelError => {
  if (!isA(error, ModelError) || !isReadable(error) || depth > MOST_CAUSES) return false;
  if (error.costUsd !== undefined) return false;
  if (isA(error, ProviderError)) return (error.status ?? 500) >= 500;
  return error.name === 'ModelError' && isServerFailure(error.cause, depth + 1);
};

const withoutCost = (error: ModelError): ModelError => {
  const { model, message, status, code, retryAfterMs, requestId, isRetryable, cause } = error;
  const reason = message.startsWith(`${model}: `) ? message.slice(model.length + 2) : message;
  const Kind = isA(error, ProviderError) ? ProviderError : ModelError;
  return new Kind(model, reason, {
    isRetryable,
    costUsd: 0,
    ...given({ status, code, retryAfterMs, requestId, cause }),
    ...(error[internal] !== undefined && { [internal]: error[internal] }),
  });
};
