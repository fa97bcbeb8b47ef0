import type { AttemptListener, FailedAttempt, ModelIdentity } from '../domain/attempt.ts';
import { type Cost, costOf, costOfFailure, estimatedCost, sumOf } from '../domain/cost.ts';
import {
  MalformedResponseError,
  type ModelError,
  TimeoutError,
  toModelError,
  UnusableResponseError,
} from '../domain/errors.ts';
import type { FirstToken } from '../domain/execution.ts';
import { internal } from '../domain/internal.ts';
import {
  type DirectCall,
  isDelta,
  type Model,
  type ModelDelta,
  type ModelResponse,
  subscribing,
} from '../domain/model.ts';
import type { Attempt, Cancelled, Outcome } from '../domain/outcome.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { Watch } from '../telemetry/watch.ts';
import type { Clock } from '../time/clock.ts';
import type { Expiring, SharedTimeout } from '../time/shared-timeout.ts';
import type { Ledger } from './account.ts';
import type { Reader } from './reader.ts';
import { SlimSubscriber } from './slim-subscriber.ts';

/** Who is told what became of a call: exactly one outcome, and that it was the only one. */
export interface OutcomeListener<Answer> {
  next(outcome: Outcome<Answer>): void;
  complete(): void;
}

/** The attempts that failed before the one that is out; when that one began, and whether it has. */
interface Attempts {
  readonly failed: Attempt[];
  startedAtMs: number;
  isOut: boolean;
}

/** What a call has streamed so far. */
interface Written {
  readonly firstTokenMs: number;
  text: string;
}

/**
 * A call that was started, from its model's answer to its outcome.
 *
 * One object that observes, expires and is unsubscribed, because there is one for every call: as `timeout`,
 * `take`, `map`, `catchError` and `finalize` it costs five times as much, as closures half as much again.
 */
export class StartedCall<Answer>
  extends SlimSubscriber<ModelResponse | ModelDelta>
  implements AttemptListener, Expiring
{
  readonly index: number;
  readonly isExtra: boolean;
  hasExpired = false;
  /** What became of it; absent while it is out. */
  outcome: Outcome<Answer> | undefined;
  readonly startedAtMs: number;
  before: Expiring | undefined;
  after: Expiring | undefined;
  readonly #model: Model;
  readonly #context: CallContext<Answer>;
  /** Its place in the ledger. */
  readonly #number: number;
  readonly #outcomes: OutcomeListener<Answer>;
  readonly #onFirstToken: ((firstToken: FirstToken) => void) | undefined;
  /** Who is asked in the attempt that is out. */
  #asked: ModelIdentity;
  #attempts: Attempts | undefined;
  /** Whether nothing has been sent: it has not begun yet, or a policy holds it back. */
  #isWaiting = true;
  #written: Written | undefined;

  constructor(
    model: Model,
    index: number,
    context: CallContext<Answer>,
    outcomes: OutcomeListener<Answer>,
    isExtra = false,
    onFirstToken?: (firstToken: FirstToken) => void,
  ) {
    super();
    this.index = index;
    this.isExtra = isExtra;
    this.#model = model;
    this.#context = context;
    this.startedAtMs = context.clock();
    this.#asked = model;
    this.#number = context.ledger.enter(this);
    this.#outcomes = outcomes;
    this.#onFirstToken = onFirstToken;
  }

  ask(): void {
    const { deadline, watch } = this.#context;
    if (watch === undefined) this.#subscribe();
    else {
      watch.callStarted(this.#number, 1, this.#model);
      watch.within(this.#number, () => this.#subscribe());
    }
    if (this.outcome === undefined) deadline.begin(this);
  }

  override next(response: ModelResponse | ModelDelta): void {
    if (this.outcome !== undefined) return;
    if (!this.#isOut) this.attemptStarted(this.#asked);
    const latencyMs = this.#context.clock() - this.startedAtMs;
    if (isDelta(response)) {
      if (this.#written === undefined) {
        this.#written = { firstTokenMs: latencyMs, text: '' };
        this.#onFirstToken?.({ status: 'writing', latencyMs });
      }
      this.#written.text += response.delta;
      this.#context.onDelta?.(this.#model.id, response.delta, this.#number);
      return;
    }
    const { read, request } = this.#context;
    this.#settle(read(response, this.#model, this.index, latencyMs, request, this.#asked));
  }

  override error(error: unknown): void {
    if (this.outcome !== undefined) return;
    // Between two attempts only a time limit around them can end the call: no attempt has failed then.
    if (!this.#isOut && !(error instanceof TimeoutError)) this.attemptStarted(this.#asked);
    this.#fail(toModelError(this.#model.id, error));
  }

  override complete(): void {
    if (this.outcome !== undefined) return;
    this.error(new MalformedResponseError(this.#model.id, 'ended without an answer'));
  }

  expire(): void {
    this.hasExpired = !this.#isWaiting;
    this.#fail(new TimeoutError(this.#model.id, this.#context.deadline.timeoutMs));
  }

  override unsubscribe(): void {
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
      latencyMs: this.#context.clock() - this.startedAtMs,
      ...this.#costSoFar(),
    };
  }

  #costSoFar(): Cost {
    const { request, pricing } = this.#context;
    return this.#isWaiting
      ? { costUsd: 0, costSource: 'reported' }
      : estimatedCost(this.#asked, request, this.#written?.text ?? '', pricing);
  }

  #costOfAttempt(failure: ModelError): Cost {
    const { request, pricing } = this.#context;
    return failure instanceof UnusableResponseError
      ? costOf(this.#asked, request, failure.response, pricing)
      : (costOfFailure(failure) ?? this.#costSoFar());
  }

  #fail(error: ModelError): void {
    // Nobody is billed for a request of another call that this one waited for.
    const costs = this.#isWaiting ? undefined : costOfFailure(error);
    this.#settle({ ...this.#untilNow(), ...costs, status: 'failed', error });
  }

  #request(): ModelRequest {
    const { request, samples = 1 } = this.#context;
    if (this.#onFirstToken === undefined && samples === 1) return { ...request, [internal]: this };
    return {
      ...request,
      [internal]: this,
      ...(samples > 1 && { sample: this.index % samples }),
      ...(this.#onFirstToken !== undefined && { wantsDeltas: true }),
    };
  }

  #subscribe(): void {
    // Whoever was told that it starts may have given it up.
    if (this.outcome !== undefined) return;
    this.#isWaiting = false;
    try {
      const request = this.#request();
      const direct = (this.#model.call as DirectCall)[subscribing];
      if (direct === undefined) this.#model.call(request).subscribe(this);
      else direct(request, this);
    } catch (error) {
      this.error(error);
    }
  }

  get prediction(): object {
    return this.#context.ledger;
  }

  get acceptsUnfinished(): boolean {
    return this.#context.acceptsUnfinished === true;
  }

  remainingMs(): number {
    const { clock, deadline, endsAtMs = Number.POSITIVE_INFINITY } = this.#context;
    return Math.min(this.startedAtMs + deadline.timeoutMs, endsAtMs) - clock();
  }

  attemptStarted(model: ModelIdentity): void {
    if (this.outcome !== undefined) return;
    this.#asked = model;
    if (this.#attempts === undefined || this.#attempts.isOut) return;
    this.#attempts.isOut = true;
    this.#isWaiting = true;
    this.#attempts.startedAtMs = this.#context.clock();
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
    const cost = this.#costOfAttempt(failure);
    const attempt = { model: model.id, error: failure, latencyMs, nextInMs, ...cost };
    watch?.attemptFailed(this.#number, this.#attempt, model, attempt);
    if (this.#written !== undefined) this.#written.text = '';
    this.#attempts ??= { failed: [], startedAtMs: 0, isOut: false };
    this.#attempts.isOut = false;
    this.#attempts.failed.push(attempt);
  }

  /** Which attempt is out, from 1. */
  get #attempt(): number {
    return 1 + (this.#attempts?.failed.length ?? 0);
  }

  /** Whether an attempt is out; between two of them none is, and nothing is paid for. */
  get #isOut(): boolean {
    return this.#attempts?.isOut ?? true;
  }

  get #attemptStartedAtMs(): number {
    return this.#attempts?.startedAtMs ?? this.startedAtMs;
  }

  /** An outcome of the last attempt, with what the whole call took and cost. */
  #accounted<Kind extends Outcome<Answer>>(outcome: Kind): Kind {
    if (this.#written === undefined && this.#attempts === undefined) return outcome;
    const failed = this.#attempts?.failed;
    return {
      ...outcome,
      ...(this.#written !== undefined && { firstTokenMs: this.#written.firstTokenMs }),
      ...(failed !== undefined && {
        ...sumOf(this.#isOut ? [...failed, outcome] : failed),
        attempts: failed,
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
    const waitedMs = this.#attemptStartedAtMs - this.startedAtMs;
    const firstTokenMs = (this.#written?.firstTokenMs ?? Number.NEGATIVE_INFINITY) - waitedMs;
    watch.callEnded(this.#number, this.#attempt, this.#asked, {
      ...settled,
      latencyMs: settled.latencyMs - waitedMs,
      ...(firstTokenMs >= 0 && { firstTokenMs }),
    });
  }

  #letGo(): void {
    this.#context.deadline.end(this);
    super.unsubscribe();
  }
}

/** What the calls of one prediction have in common. */
export interface CallContext<Answer> {
  readonly request: ModelRequest;
  readonly clock: Clock;
  readonly read: Reader<Answer>;
  readonly pricing: Pricing | undefined;
  readonly deadline: SharedTimeout;
  /** When the prediction has to be made, on its clock; never, where left out. */
  readonly endsAtMs?: number;
  /** Told of every piece of an answer while it is being written, where somebody watches. */
  readonly onDelta?: ((model: string, text: string, call: number) => void) | undefined;
  /** Tells what happens to those who listen; absent where nobody does. */
  readonly watch: Watch | undefined;
  /** Whether a response that is unfinished or empty is read as well. Default: no. */
  readonly acceptsUnfinished?: boolean;
  /** How often each model is asked, in calls one after the other; once, where left out. */
  readonly samples?: number;
  /** Every call that was started, in the order of starting: the prediction's account. */
  readonly ledger: Ledger<Answer>;
}
