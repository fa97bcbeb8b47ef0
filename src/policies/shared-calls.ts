import { Observable, Subscriber } from 'rxjs';
import type {
  AttemptListener,
  FailedAttempt,
  ModelIdentity,
  ModelInput,
  OpenAttempt,
} from '../domain/attempt.ts';
import type { Cost } from '../domain/cost.ts';
import { isDelta, type ModelDelta } from '../domain/model.ts';
import { attemptListener, type ModelRequest, withListener } from '../domain/request.ts';
import { ForwardingListener } from './forwarding-listener.ts';

/** Makes the call that the subscribers of equal requests share: any number of deltas, and one result. */
type MakeCall<Result> = (request: ModelRequest) => Observable<Result | ModelDelta>;

/**
 * Deduplicates calls in flight by key. The first subscriber starts the call, and later ones join it. It is aborted when the
 * last one leaves. The one who has been there longest pays: for the result, for a failure, and for each attempt that fails
 * meanwhile. All others owe nothing, unless they are the last to leave.
 *
 * ```text
 * call      ^-------4|
 * first     ^-------4|       pays
 * second       ^----(4|)     gets it at cost 0
 *
 * call      ^-------4|
 * first     ^----!           owes nothing
 * second       ^----4|       pays
 * ```
 *
 * Each one has its own time limit, from when it joins. When it is over, it leaves. Only the last one's time limit ends the
 * attempt in flight, after which a policy within may make another one.
 *
 * An extra call, such as a hedge, does not join a call of its own prediction, which it is to overtake.
 *
 * @param joined returns a result as those get it who do not pay.
 */
export const sharedCalls = <Result extends object>(
  joined: (result: Result) => Result,
): ((key: string, request: ModelRequest, makeCall: MakeCall<Result>) => Observable<Result | ModelDelta>) => {
  const inFlight = new Map<string, SharedCall<Result>>();
  return (key, request, makeCall) =>
    new Observable((subscriber) => {
      const running = inFlight.get(key);
      if (running !== undefined && !running.isOvertakenBy(request)) {
        running.join(subscriber, request);
        return;
      }
      // Runs before the subscribers receive the end: one that asks again at that moment gets a new call.
      const call: SharedCall<Result> = new SharedCall(joined, () => {
        if (inFlight.get(key) === call) inFlight.delete(key);
      });
      if (running === undefined) inFlight.set(key, call);
      call.join(subscriber, request);
      call.start(request, makeCall);
    });
};

/** A subscriber of a shared call, and its request. */
interface Sharer<Result> {
  readonly subscriber: Subscriber<Result | ModelDelta>;
  readonly request: ModelRequest;
}

/**
 * A call in flight for several subscribers. It is the attempt listener of its own request. To the listeners of its
 * subscribers, a call that is shared is one that does not pay: it costs nothing if it ends now.
 */
class SharedCall<Result extends object> extends ForwardingListener implements AttemptListener {
  readonly #source: Subscriber<Result | ModelDelta>;
  readonly #joined: (result: Result) => Result;
  readonly #onEnd: () => void;
  /** In the order of joining. The first one pays. */
  readonly #sharers = new Set<Sharer<Result>>();
  /** The request of the one who pays, or of the last who left. */
  #payer: ModelRequest | undefined;
  /** Whether the call is queued, or between two attempts. */
  #isWaiting = false;
  /** Whether something has been sent. */
  #isPaying = false;
  #attempt: OpenAttempt | undefined;
  #asked: ModelIdentity | undefined;
  #costSoFar: (() => Cost) | undefined;
  #input: ModelInput | undefined;
  /** The text of the attempt in flight, for those who join. */
  #written = '';

  constructor(joined: (result: Result) => Result, onEnd: () => void) {
    super();
    this.#joined = joined;
    this.#onEnd = onEnd;
    this.#source = new Subscriber<Result | ModelDelta>({
      next: (output) => this.#receive(output),
      error: (error: unknown) => this.#end(({ subscriber }) => subscriber.error(error)),
      complete: () => this.#end(({ subscriber }) => subscriber.complete()),
    });
  }

  /** Whether a request is an extra one of a prediction that shares this call. */
  isOvertakenBy(request: ModelRequest): boolean {
    const { isExtra, prediction } = attemptListener(request) ?? {};
    if (isExtra !== true) return false;
    for (const sharer of this.#sharers) {
      if (attemptListener(sharer.request)?.prediction === prediction) return true;
    }
    return false;
  }

  join(subscriber: Subscriber<Result | ModelDelta>, request: ModelRequest): void {
    const sharer = { subscriber, request };
    this.#sharers.add(sharer);
    this.#payer ??= request;
    subscriber.add(() => this.#leave(sharer));
    const listener = attemptListener(request);
    listener?.attemptPays(false);
    if (this.#isWaiting) listener?.attemptWaits(true);
    if (this.#sharers.size === 2) this.#tellPayer();
    if (this.#written !== '') subscriber.next({ delta: this.#written });
  }

  start(request: ModelRequest, makeCall: MakeCall<Result>): void {
    makeCall(withListener(request, this, () => this.#payer ?? request)).subscribe(this.#source);
  }

  /** The most that one of the subscribers has. */
  remainingMs(): number {
    let mostMs = Number.NEGATIVE_INFINITY;
    for (const { request } of this.#sharers) {
      mostMs = Math.max(mostMs, attemptListener(request)?.remainingMs() ?? Number.POSITIVE_INFINITY);
    }
    return mostMs;
  }

  attemptWaits(isWaiting: boolean): void {
    this.#tellAll(isWaiting);
  }

  attemptPays(isPaying: boolean): void {
    this.#isPaying = isPaying;
    this.#tellPayer();
  }

  attemptFailed(attempt: FailedAttempt): void {
    this.outer?.attemptPays(this.#isPaying);
    this.outer?.attemptFailed(attempt);
    this.#tellAll(true);
    this.#written = '';
    this.#costSoFar = undefined;
    this.#input = undefined;
    this.#tellPayer();
  }

  attemptStarted(model: ModelIdentity, attempt?: OpenAttempt): void {
    this.#asked = model;
    this.#isPaying = true;
    this.#attempt = attempt && this.#sole(attempt);
    this.outer?.attemptStarted(model, this.#attempt);
    this.#tellAll(false);
    this.#tellPayer();
  }

  attemptSends(input: ModelInput): void {
    this.#input = input;
    this.outer?.attemptSends(input);
  }

  attemptCosts(costSoFar: () => Cost): void {
    this.#costSoFar = costSoFar;
    this.outer?.attemptCosts(costSoFar);
  }

  protected get outer(): AttemptListener | undefined {
    return this.#payer && attemptListener(this.#payer);
  }

  /** Only a call that is not shared owes something if it is cancelled now. */
  #tellPayer(): void {
    this.outer?.attemptPays(this.#sharers.size <= 1 && this.#isPaying);
  }

  #tellAll(isWaiting: boolean): void {
    this.#isWaiting = isWaiting;
    for (const { request } of this.#sharers) attemptListener(request)?.attemptWaits(isWaiting);
  }

  /** An attempt that no caller can end while it is shared. */
  #sole(attempt: OpenAttempt): OpenAttempt {
    const sharers = this.#sharers;
    return {
      get closed() {
        return attempt.closed || sharers.size > 1;
      },
      error: (error) => attempt.error(error),
    };
  }

  /** Tells the next one who pays what was sent. It is too late to refuse it. */
  #tellInput(): void {
    if (this.#input === undefined) return;
    try {
      this.outer?.attemptSends(this.#input);
    } catch {
      // It is charged in full, beyond what is reserved.
    }
  }

  #leave(sharer: Sharer<Result>): void {
    if (!this.#sharers.delete(sharer)) return;
    const [first] = this.#sharers;
    if (first === undefined) {
      this.#onEnd();
      this.#source.unsubscribe();
      return;
    }
    if (this.#payer === sharer.request) {
      this.#payer = first.request;
      if (this.#asked !== undefined) this.outer?.attemptStarted(this.#asked, this.#attempt);
      this.#tellInput();
      if (this.#costSoFar !== undefined) this.outer?.attemptCosts(this.#costSoFar);
    }
    this.#tellPayer();
  }

  #receive(output: Result | ModelDelta): void {
    if (isDelta(output)) {
      this.#written += output.delta;
      for (const { subscriber } of this.#sharers) subscriber.next(output);
      return;
    }
    let result = output;
    this.#end(({ subscriber }) => {
      subscriber.next(result);
      subscriber.complete();
      result = this.#free(output);
    });
  }

  /** A result as those get it who do not pay. A value that cannot be read is no result, and costs nothing. */
  #free(result: Result): Result {
    try {
      return this.#joined(result);
    } catch {
      return result;
    }
  }

  /** Delivers the end, first to the one who pays, and then to all others, who still wait. */
  #end(deliver: (sharer: Sharer<Result>) => void): void {
    this.#onEnd();
    const sharers = [...this.#sharers];
    this.#sharers.clear();
    this.outer?.attemptPays(this.#isPaying);
    for (const sharer of sharers) deliver(sharer);
  }
}
