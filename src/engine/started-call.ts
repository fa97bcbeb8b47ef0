import { type AbortCause, abortReason } from '../domain/abort-reason.ts';
import type { AttemptListener, ModelIdentity } from '../domain/attempt.ts';
import { subscribeModel } from '../domain/call-model.ts';
import type { CallRole } from '../domain/call-role.ts';
import { type Cost, costOf, costOfFailure, estimatedCost, sumOf } from '../domain/cost.ts';
import {
  MalformedResponseError,
  type ModelError,
  TimeoutError,
  type TimeoutProgress,
  toModelError,
} from '../domain/errors.ts';
import type { FirstToken } from '../domain/execution.ts';
import { isA, nameOf } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { internal } from '../domain/internal.ts';
import { isPromise } from '../domain/is-promise.ts';
import {
  type DirectCall,
  deltaText,
  isDelta,
  type Model,
  type ModelDelta,
  type ModelResponse,
  subscribing,
} from '../domain/model.ts';
import type { CallAccount, Cancelled, Outcome } from '../domain/outcome.ts';
import type { ModelRequest, RequestingCall } from '../domain/request.ts';
import { tornDown } from '../domain/teardown.ts';
import type { PredictionNotifier } from '../telemetry/prediction-notifier.ts';
import type { Expiring } from '../time/shared-timeout.ts';
import { type AttemptedCall, CallAttempts, none } from './call-attempts.ts';
import type { CallContext } from './call-context.ts';
import type { Reading } from './judge.ts';
import { type CheckedCall, JudgedResponse, type Judgement, reasonOf, within } from './judged-response.ts';
import type { AnsweredCall } from './reader.ts';
import { servedBy } from './served-by.ts';
import { SlimSubscriber } from './slim-subscriber.ts';

/** Receives the one outcome of a call, and then its completion. */
export interface OutcomeListener<Answer> {
  next(outcome: Outcome<Answer>): void;
  complete(): void;
}

/** A start of one or several calls at the same moment. */
export interface CallStart<Answer> {
  readonly context: CallContext<Answer>;
  readonly outcomes: OutcomeListener<Answer>;
  /** The moment, on the clock of the context. */
  readonly startedAtMs: number;
  /** Whether the call comes on top of those that the prediction needs, such as a hedge. */
  readonly isExtra?: boolean;
  readonly onFirstToken?: ((firstToken: FirstToken) => void) | undefined;
}

/** The text that a call has streamed so far. */
interface Streamed {
  readonly firstTokenMs: number;
  text: string;
}

/**
 * A call in flight: observes its model, enforces the timeout and settles with one outcome.
 *
 * It is the subscriber, the entry in the ledger and the waiter of the timeout in one object, because every call makes
 * one. The same as `timeout`, `take`, `map`, `catchError` and `finalize` costs five times as much.
 */
export class StartedCall<Answer>
  extends SlimSubscriber<ModelResponse | ModelDelta>
  implements AttemptedCall, AnsweredCall, CheckedCall<Answer>, Expiring, RequestingCall
{
  readonly model: Model;
  readonly index: number;
  readonly number: number;
  isWaiting = true;
  hasExpired = false;
  /** Absent while the call is in flight. */
  outcome: Outcome<Answer> | undefined;
  before: Expiring | undefined;
  after: Expiring | undefined;
  readonly #start: CallStart<Answer>;
  #attempts: CallAttempts | undefined;
  #streamed: Streamed | undefined;
  /** The last response that was judged, for the policies around the model or while a check runs. */
  #judged: JudgedResponse<Answer> | undefined;
  /** Whether the response of the call has arrived and its check runs. */
  #isRead = false;

  /** @param index the place of the model in the panel. */
  constructor(model: Model, index: number, start: CallStart<Answer>) {
    super();
    this.model = model;
    this.index = index;
    this.number = start.context.ledger.enter(this);
    this.#start = start;
  }

  start(): void {
    const { timeout, notifier, live } = this.context;
    live?.callStarted(this);
    if (notifier === undefined) this.#subscribe();
    else this.#subscribeWithin(notifier);
    if (
      this.outcome === undefined &&
      !this.#isRead &&
      (this.#attempts === undefined || this.#attempts.waitsSinceMs !== undefined)
    )
      timeout.begin(this);
  }

  get context(): CallContext<Answer> {
    return this.#start.context;
  }

  get startedAtMs(): number {
    return this.#start.startedAtMs;
  }

  get isExtra(): boolean {
    return this.#start.isExtra === true;
  }

  /** Since when the time limit runs. */
  get waitsSinceMs(): number {
    return this.#attempts?.waitsSinceMs ?? this.startedAtMs;
  }

  get isFree(): boolean {
    return this.isWaiting || this.#attempts?.isPaying === false;
  }

  /** The time since the start of the call. */
  get latencyMs(): number {
    return this.context.clock() - this.startedAtMs;
  }

  get request(): ModelRequest {
    return this.context.request;
  }

  get asked(): ModelIdentity {
    return this.#attempts?.model ?? this.model;
  }

  get role(): CallRole | undefined {
    return this.context.role;
  }

  get isRepeated(): boolean {
    return this.#attempts?.isRepeated === true;
  }

  get normalization(): unknown {
    // Of an ensemble that takes the place of a model, the members are read in the same way.
    const { normalization, request } = this.context;
    return normalization ?? request[internal]?.normalization;
  }

  get rule(): string {
    return this.context.reader.judge.rule;
  }

  reasonAgainst(response: object): string | undefined | Promise<string | undefined> {
    const reading = this.#judge(response as ModelResponse);
    return isPromise(reading) ? reading.then(reasonOf) : reasonOf(reading);
  }

  get isDebugged(): boolean {
    return this.context.isDebugged === true;
  }

  /** The call as policies know it. */
  get attempts(): AttemptListener {
    this.#attempts ??= new CallAttempts(this);
    return this.#attempts;
  }

  override next(output: ModelResponse | ModelDelta): void {
    if (this.outcome !== undefined || this.#isRead) return;
    this.#attempts?.resume();
    try {
      if (isDelta(output)) this.#addDelta(output);
      else this.#read(output);
    } catch (cause) {
      // A model may emit anything, such as a Proxy that throws when it is read.
      if (this.outcome !== undefined) throw cause;
      this.error(new MalformedResponseError(this.model.id, 'emitted a value that cannot be read', { cause }));
    }
  }

  override error(error: unknown): void {
    if (this.outcome !== undefined || this.#isRead) return;
    // Between two attempts only a time limit around them can end the call, and then no attempt has failed.
    if (!isA(error, TimeoutError)) this.#attempts?.resume();
    this.#fail(toModelError(this.model.id, error));
  }

  override complete(): void {
    if (this.outcome !== undefined || this.#isRead) return;
    this.error(new MalformedResponseError(this.model.id, 'ended without an answer'));
  }

  expire(): void {
    this.hasExpired = true;
    const error = new TimeoutError(this.model.id, this.context.timeout.timeoutMs, this.#progress());
    if (this.#attempts?.expire(error) !== true) this.#fail(error);
  }

  override unsubscribe(): void {
    if (this.outcome === undefined) {
      if (this.context.isRunning === true) this.abortCause = 'overtaken';
      const cancelled = this.#cancelledNow();
      this.outcome = this.#wholeCall(cancelled);
      this.#notify(cancelled);
      this.context.live?.callEnded(this, this.outcome);
    }
    this.#release();
  }

  /** The outcome of the call if it is cancelled now. */
  whenCancelled(): Cancelled {
    return this.#wholeCall(this.#cancelledNow());
  }

  costSoFar(): Cost {
    const { request, pricing } = this.context;
    if (this.isFree) return { costUsd: 0, costSource: 'reported' };
    // The response is there, and its check runs.
    const checked = this.#judged?.pending;
    if (checked !== undefined) return costOf(this.asked, request, checked, pricing);
    return (
      this.#attempts?.costOfParts?.() ??
      estimatedCost(this.asked, request, this.#streamed?.text ?? '', pricing)
    );
  }

  dropText(): void {
    if (this.#streamed !== undefined) this.#streamed.text = '';
  }

  get abortReason(): unknown {
    const cause = this.#attempts?.abortCause ?? causeOf(this.outcome);
    return cause === undefined ? this.context.abortReason : abortReason(cause);
  }

  set abortCause(cause: AbortCause | undefined) {
    (this.attempts as CallAttempts).abortCause = cause;
  }

  warn(warning: string): void {
    const { outcome } = this;
    if (outcome === undefined) (this.attempts as CallAttempts).warn(warning);
    else if (!outcome.warning?.includes(warning)) this.outcome = withWarnings(outcome, [warning]);
  }

  #read(response: ModelResponse): void {
    const { reader } = this.context;
    // Most calls have neither a policy nor a check, and need no memory of what was said.
    const reading =
      this.#judged === undefined && !reader.judge.mayWait
        ? reader.judge(response, this.request)
        : this.#judge(response);
    if (isPromise(reading)) void this.#readLater(response, reading);
    else this.#settle(reader.read(response, this, reading));
  }

  async #readLater(response: ModelResponse, reading: PromiseLike<Judgement<Answer>>): Promise<void> {
    this.#isRead = true;
    const found = await reading;
    if (this.outcome === undefined) this.#settle(this.context.reader.read(response, this, found));
  }

  #judge(response: ModelResponse): Judgement<Answer> | Promise<Judgement<Answer>> {
    this.#judged ??= new JudgedResponse(this.context.reader.judge, this);
    return this.#judged.judge(response);
  }

  bounded(reading: Promise<Reading<Answer>>): Promise<Reading<Answer>> {
    const { timeout } = this.context;
    // The model has answered, so that the time limit of the attempt is over.
    timeout.end(this);
    return within(timeout.timeoutMs, reading, this);
  }

  #subscribeWithin(notifier: PredictionNotifier): void {
    notifier.callStarted(this.number, 1, this.model);
    notifier.within(this.number, () => this.#subscribe());
  }

  #subscribe(): void {
    // A listener may have unsubscribed the call when it was notified of the start.
    if (this.outcome !== undefined) return;
    this.isWaiting = false;
    try {
      const request = this.#ownRequest();
      const direct = (this.model.call as DirectCall)[subscribing];
      if (direct === undefined) subscribeModel(this.model, request, this);
      else direct(request, this);
    } catch (error) {
      // A model that answers at once is torn down while it is subscribed.
      if (this.outcome === undefined) this.error(error);
      else this.warn(tornDown(error));
    }
  }

  #ownRequest(): ModelRequest {
    const { request, samples = 1 } = this.context;
    const wantsDeltas = this.#start.onFirstToken !== undefined;
    if (!wantsDeltas && samples === 1) return { ...request, [internal]: this };
    return {
      ...request,
      [internal]: this,
      ...(samples > 1 && { sample: this.index % samples }),
      ...(wantsDeltas && { wantsDeltas }),
    };
  }

  /** How far the attempt in flight has come. */
  #progress(): TimeoutProgress {
    const { startedAtMs, waitsSinceMs } = this;
    const queuedMs = waitsSinceMs - (this.#attempts?.startedAtMs ?? startedAtMs);
    const firstTokenMs =
      this.#streamed === undefined || this.#streamed.text === ''
        ? undefined
        : Math.max(0, startedAtMs + this.#streamed.firstTokenMs - waitsSinceMs);
    return { queuedMs, firstTokenMs, option: 'timeoutMs' };
  }

  /** Reasoning and the arguments of tools are billed as the answer is, so they count in estimates. */
  #addDelta(output: ModelDelta): void {
    const delta = deltaText(output);
    if (this.#streamed === undefined) {
      const { latencyMs } = this;
      this.#streamed = { firstTokenMs: latencyMs, text: '' };
      this.#start.onFirstToken?.({ status: 'writing', latencyMs });
    }
    this.#streamed.text += delta;
    this.context.onDelta?.(this.model.id, output, this.number);
  }

  #cancelledNow(): Cancelled {
    return { status: 'cancelled', ...this.#accountNow(this.costSoFar()) };
  }

  #accountNow(cost: Cost): CallAccount {
    return { model: this.model.id, index: this.index, latencyMs: this.latencyMs, ...cost };
  }

  #fail(error: ModelError): void {
    // A call that waited for the request of another call is not billed for it.
    const cost = (this.isFree ? undefined : costOfFailure(error)) ?? this.costSoFar();
    this.#settle({ status: 'failed', ...this.#accountNow(cost), error });
  }

  #settle(settled: Outcome<Answer>): void {
    const outcome = this.#wholeCall(settled);
    this.outcome = outcome;
    this.#notify(settled);
    this.#release();
    // Not `outcome`, which a warning replaces.
    this.context.live?.callEnded(this, this.outcome);
    const { outcomes } = this.#start;
    outcomes.next(this.outcome);
    outcomes.complete();
  }

  /** Completes the outcome of the last attempt with the time and cost of the whole call. */
  #wholeCall<Kind extends Outcome<Answer>>(outcome: Kind): Kind {
    const { failed = none, warnings = none } = this.#attempts ?? {};
    const server = servedBy(this.asked, outcome);
    const { role } = this.context;
    const isAsIs = failed.length === 0 && warnings.length === 0 && this.#streamed === undefined;
    if (isAsIs && role === undefined)
      return server === undefined ? outcome : { ...outcome, servedBy: server };
    return {
      ...withWarnings(outcome, warnings),
      ...given({ role, servedBy: server, firstTokenMs: this.#streamed?.firstTokenMs }),
      ...(failed.length > 0 && {
        ...sumOf(this.#attempts?.isInFlight === false ? failed : [...failed, outcome]),
        attempts: failed,
      }),
    };
  }

  /** Notifies the listeners of the end of the last attempt, with its own time and cost. */
  #notify(settled: Outcome<Answer>): void {
    const { notifier } = this.context;
    if (notifier === undefined || this.#attempts?.isInFlight === false) return;
    const waitedMs = (this.#attempts?.startedAtMs ?? this.startedAtMs) - this.startedAtMs;
    const firstTokenMs = (this.#streamed?.firstTokenMs ?? Number.NEGATIVE_INFINITY) - waitedMs;
    try {
      notifier.callEnded(this.number, this.#attempts?.number ?? 1, this.asked, {
        ...settled,
        latencyMs: settled.latencyMs - waitedMs,
        ...(firstTokenMs >= 0 && { firstTokenMs }),
      });
    } catch (error) {
      this.warn(`no event reports its end, because reading its response threw ${nameOf(error)}`);
    }
  }

  #release(): void {
    this.context.timeout.end(this);
    try {
      this.#judged?.end();
      super.unsubscribe();
    } catch (error) {
      // It must not keep the outcome from the prediction, nor other calls in flight.
      this.warn(tornDown(error));
    }
  }
}

/** Why a call is cancelled that has ended by itself; `undefined` if something else ended it. */
const causeOf = (outcome: Outcome | undefined): AbortCause | undefined => {
  if (outcome === undefined || outcome.status === 'cancelled') return undefined;
  if (outcome.status !== 'failed') return 'answered';
  return isA(outcome.error, TimeoutError) ? 'timeout' : 'source-ended';
};

const withWarnings = <Kind extends Outcome>(outcome: Kind, warnings: readonly string[]): Kind => {
  if (warnings.length === 0) return outcome;
  return { ...outcome, warning: [outcome.warning ?? [], warnings].flat().join('; ') };
};
