import { type Observer, Subscriber, type Unsubscribable } from 'rxjs';
import type { Asked, AttemptListener, FailedAttempt } from '../domain/attempt.ts';
import { type Cost, costOfFailure, estimatedCost, sumOf } from '../domain/cost.ts';
import { MalformedResponseError, type ModelError, TimeoutError, toModelError } from '../domain/errors.ts';
import type { FirstToken } from '../domain/execution.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import type { Attempt, Cancelled, Outcome } from '../domain/outcome.ts';
import type { Pricing } from '../domain/pricing.ts';
import { attempts, type ModelRequest } from '../domain/request.ts';
import type { Watch } from '../telemetry/watch.ts';
import type { Clock } from '../time/clock.ts';
import type { Deadline, Wait } from '../time/deadline.ts';
import type { Reader } from './reader.ts';

/**
 * A call that was started, from its model's answer to its outcome.
 *
 * One object that observes, expires and is unsubscribed, because there is one for every call: as `timeout`,
 * `take`, `map`, `catchError` and `finalize` it costs five times as much, as closures half as much again.
 */
export class StartedCall<Answer>
  implements Observer<ModelResponse | ModelDelta>, Unsubscribable, AttemptListener
{
  readonly index: number;
  readonly isExtra: boolean;
  hasExpired = false;
  /** What became of it; absent while it is out. */
  outcome: Outcome<Answer> | undefined;
  readonly #model: Model;
  readonly #context: CallContext<Answer>;
  readonly #startedAtMs: number;
  /** Its place in the ledger. */
  readonly #number: number;
  readonly #outcomes: Subscriber<Outcome<Answer>>;
  readonly #response: Subscriber<ModelResponse | ModelDelta>;
  readonly #onFirstToken: ((firstToken: FirstToken) => void) | undefined;
  #wait: Wait | undefined;
  /** The attempts that failed before the one that is out; when that one began, and who is asked in it. */
  #attempts: Attempt[] | undefined;
  #attemptStartedAtMs: number;
  #asked: Asked;
  /** Whether an attempt is out; between two of them none is, and nothing is paid for. */
  #isOut = true;
  /** Whether nothing has been sent: it has not begun yet, or a policy holds it back. */
  #isWaiting = true;
  #firstTokenMs: number | undefined;
  /** What it has streamed so far. */
  #written = '';

  constructor(
    model: Model,
    index: number,
    context: CallContext<Answer>,
    outcomes: Subscriber<Outcome<Answer>>,
    isExtra: boolean,
    onFirstToken: ((firstToken: FirstToken) => void) | undefined,
  ) {
    this.index = index;
    this.isExtra = isExtra;
    this.#model = model;
    this.#context = context;
    this.#startedAtMs = context.clock();
    this.#attemptStartedAtMs = this.#startedAtMs;
    this.#asked = model;
    this.#number = context.ledger.push(this) - 1;
    this.#outcomes = outcomes;
    this.#onFirstToken = onFirstToken;
    this.#response = new Subscriber(this);
  }

  ask(): void {
    const { deadline, watch } = this.#context;
    if (watch === undefined) this.#subscribe();
    else {
      watch.callStarted(this.#number, 1, this.#model);
      watch.within(this.#number, () => this.#subscribe());
    }
    if (this.outcome === undefined) this.#wait = deadline.begin(this.#startedAtMs, this);
  }

  next(response: ModelResponse | ModelDelta): void {
    if (this.outcome !== undefined) return;
    if (!this.#isOut) this.attemptStarted(this.#asked);
    const latencyMs = this.#context.clock() - this.#startedAtMs;
    if (isDelta(response)) {
      if (this.#firstTokenMs === undefined) {
        this.#firstTokenMs = latencyMs;
        this.#onFirstToken?.({ status: 'writing', latencyMs });
      }
      this.#written += response.delta;
      this.#context.onDelta?.(this.#model.id, response.delta, this.#number);
      return;
    }
    const { read, request } = this.#context;
    this.#settle(read(response, this.#model, this.index, latencyMs, request, this.#asked));
  }

  error(error: unknown): void {
    if (this.outcome !== undefined) return;
    // Between two attempts only a time limit around them can end the call: no attempt has failed then.
    if (!this.#isOut && !(error instanceof TimeoutError)) this.attemptStarted(this.#asked);
    this.#fail(toModelError(this.#model.id, error));
  }

  complete(): void {
    this.error(new MalformedResponseError(this.#model.id, 'ended without an answer'));
  }

  expire(): void {
    this.hasExpired = !this.#isWaiting;
    this.#fail(new TimeoutError(this.#model.id, this.#context.deadline.timeoutMs));
  }

  unsubscribe(): void {
    if (this.outcome === undefined) {
      const cancelled = this.#untilNow();
      this.outcome = this.#accounted(cancelled);
      if (this.#context.watch !== undefined) this.#tell(cancelled);
    }
    this.#letGo();
  }

  /** What the call leaves in the account if it is ended now. */
  whenCancelled(): Cancelled {
    return this.#accounted(this.#untilNow());
  }

  #untilNow(): Cancelled {
    return {
      status: 'cancelled',
      model: this.#model.id,
      index: this.index,
      latencyMs: this.#context.clock() - this.#startedAtMs,
      ...this.#costSoFar(),
    };
  }

  #costSoFar(): Cost {
    const { request, pricing } = this.#context;
    return this.#isWaiting
      ? { costUsd: 0, costSource: 'reported' }
      : estimatedCost(this.#asked, request, this.#written, pricing);
  }

  #fail(error: ModelError): void {
    // Nobody is billed for a request of another call that this one waited for.
    const costs = this.#isWaiting ? undefined : costOfFailure(error);
    this.#settle({ ...this.#untilNow(), ...costs, status: 'failed', error });
  }

  #request(): ModelRequest {
    const { request } = this.#context;
    return this.#onFirstToken === undefined
      ? { ...request, [attempts]: this }
      : { ...request, [attempts]: this, wantsDeltas: true };
  }

  #subscribe(): void {
    // Whoever was told that it starts may have given it up.
    if (this.outcome !== undefined) return;
    this.#isWaiting = false;
    try {
      this.#model.call(this.#request()).subscribe(this.#response);
    } catch (error) {
      this.error(error);
    }
  }

  get prediction(): object {
    return this.#context.ledger;
  }

  remainingMs(): number {
    const { clock, deadline, endsAtMs = Number.POSITIVE_INFINITY } = this.#context;
    return Math.min(this.#startedAtMs + deadline.timeoutMs, endsAtMs) - clock();
  }

  attemptStarted(model: Asked): void {
    if (this.outcome !== undefined) return;
    this.#asked = model;
    if (this.#isOut) return;
    this.#isOut = true;
    this.#isWaiting = true;
    this.#attemptStartedAtMs = this.#context.clock();
    this.#context.watch?.callStarted(this.#number, this.#attempt, model);
    this.#isWaiting = false;
  }

  attemptWaits(isWaiting: boolean): void {
    this.#isWaiting = isWaiting;
  }

  attemptFailed({ error, nextInMs }: FailedAttempt): void {
    if (this.outcome !== undefined) return;
    if (!this.#isOut) this.attemptStarted(this.#asked);
    const { watch, clock } = this.#context;
    const model = this.#asked;
    const latencyMs = clock() - this.#attemptStartedAtMs;
    const failure = toModelError(model.id, error);
    const cost = costOfFailure(failure) ?? this.#costSoFar();
    const attempt = { model: model.id, error: failure, latencyMs, nextInMs, ...cost };
    watch?.attemptFailed(this.#number, this.#attempt, model, attempt);
    this.#isOut = false;
    this.#written = '';
    this.#attempts ??= [];
    this.#attempts.push(attempt);
  }

  /** Which attempt is out, from 1. */
  get #attempt(): number {
    return 1 + (this.#attempts?.length ?? 0);
  }

  /** An outcome of the last attempt, with what the whole call took and cost. */
  #accounted<Kind extends Outcome<Answer>>(outcome: Kind): Kind {
    if (this.#firstTokenMs === undefined && this.#attempts === undefined) return outcome;
    return {
      ...outcome,
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: this.#firstTokenMs }),
      ...(this.#attempts !== undefined && {
        ...sumOf(this.#isOut ? [...this.#attempts, outcome] : this.#attempts),
        attempts: this.#attempts,
      }),
    };
  }

  #settle(settled: Outcome<Answer>): void {
    const outcome = this.#accounted(settled);
    this.outcome = outcome;
    if (this.#context.watch !== undefined) this.#tell(settled);
    this.#letGo();
    this.#outcomes.next(outcome);
    this.#outcomes.complete();
  }

  /** Tells the listeners of the last attempt, with what it took and cost alone. */
  #tell(settled: Outcome<Answer>): void {
    const { watch } = this.#context;
    if (watch === undefined || !this.#isOut) return;
    const waitedMs = this.#attemptStartedAtMs - this.#startedAtMs;
    const firstTokenMs = (this.#firstTokenMs ?? Number.NEGATIVE_INFINITY) - waitedMs;
    watch.callEnded(this.#number, this.#attempt, this.#asked, {
      ...settled,
      latencyMs: settled.latencyMs - waitedMs,
      ...(firstTokenMs >= 0 && { firstTokenMs }),
    });
  }

  #letGo(): void {
    if (this.#wait !== undefined) this.#context.deadline.end(this.#wait);
    this.#response.unsubscribe();
  }
}

/** What the calls of one prediction have in common. */
export interface CallContext<Answer> {
  readonly request: ModelRequest;
  readonly clock: Clock;
  readonly read: Reader<Answer>;
  readonly pricing: Pricing | undefined;
  readonly deadline: Deadline;
  /** When the prediction has to be made, on its clock; never, where left out. */
  readonly endsAtMs?: number;
  /** Told of every piece of an answer while it is being written, where somebody watches. */
  readonly onDelta?: ((model: string, text: string, call: number) => void) | undefined;
  /** Tells what happens to those who listen; absent where nobody does. */
  readonly watch: Watch | undefined;
  /** Every call that was started, in the order of starting: the prediction's account. */
  readonly ledger: StartedCall<Answer>[];
}
