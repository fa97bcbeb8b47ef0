import { type Observable, type Observer, Subscriber } from 'rxjs';
import type { AbortCause } from '../domain/abort-reason.ts';
import type { StopRule } from '../domain/execution.ts';
import { isA } from '../domain/foreign.ts';
import { CancelledError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { Tally } from '../domain/tally.ts';
import { namesOf } from '../domain/teardown.ts';
import type { Voter } from '../domain/voter.ts';
import { Election } from '../strategies/voting/election.ts';
import type { Closed } from './closing.ts';
import { SlimSubscriber } from './slim-subscriber.ts';

/** How an election ends. Has no state of its own: it receives the context of each election. */
export interface Conclusion<Context, Answer, Result> {
  /** Receives the tally after each outcome. Without it, a tally is only taken when a stop rule needs one. */
  tallied?(context: Context, tally: Tally<Answer>): void;
  /** Receives why calls that are in flight are cancelled now, before they are. */
  ends?(context: Context, cause: AbortCause): void;
  /**
   * Returns what is left to do between the votes and the result, with one value, or `undefined` if nothing is, as nearly
   * always. The calls in flight are cancelled by then.
   */
  closing?(
    context: Context,
    election: Election<Answer>,
    tally: Tally<Answer>,
  ): Observable<Closed<Answer>> | undefined;
  /** Makes the result of the final tally. */
  conclude(context: Context, tally: Tally<Answer>, closed?: Closed<Answer>): Result;
  /** Receives that cancelling the calls in flight failed, which does not change the result. */
  warn?(context: Context, warning: string): void;
  /** Makes the error that is received instead. */
  explain(context: Context, error: unknown): unknown;
}

/** Receives the result of an election, such as a Subscriber. */
export type ResultReceiver<Result> = Pick<Subscriber<Result>, 'next' | 'error' | 'complete' | 'add'>;

/** An election: its voter, its stop rule, its conclusion and the receiver of its result. */
export interface ElectionOf<Context, Answer, Result> {
  readonly voter: Voter;
  /** The ids of the models that will have an outcome; `undefined` if unknown. */
  readonly panel: readonly string[] | undefined;
  /** The request that is voted on. */
  readonly query?: ModelRequest;
  readonly stopRule: StopRule | undefined;
  readonly receiver: ResultReceiver<Result>;
  readonly conclusion: Conclusion<Context, Answer, Result>;
  readonly context: Context;
}

/**
 * Returns the subscriber of the outcomes of one election, to be subscribed to their source. `undefined` if the voter
 * cannot begin; then the receiver has received the error.
 *
 * It is `vote`, `stopWhen` and `last` in one: every prediction goes through it, and the three operators cost several
 * times as much.
 */
export const holdElection = <Context, Answer, Result>(
  parts: ElectionOf<Context, Answer, Result>,
): Subscriber<Outcome<Answer>> | undefined => {
  let election: Election<Answer>;
  try {
    election = new Election(parts.voter, parts.panel, parts.query);
  } catch (error) {
    parts.receiver.error(parts.conclusion.explain(parts.context, error));
    return undefined;
  }
  const held = new HeldElection(election, parts);
  parts.receiver.add(held);
  return held;
};

/** A class, because every prediction makes one: closures cost twice as much. */
class HeldElection<Context, Answer, Result> extends SlimSubscriber<Outcome<Answer>> {
  readonly #election: Election<Answer>;
  readonly #stopRule: StopRule | undefined;
  readonly #receiver: ResultReceiver<Result>;
  readonly #conclusion: Conclusion<Context, Answer, Result>;
  readonly #context: Context;

  constructor(
    election: Election<Answer>,
    { stopRule, receiver, conclusion, context }: ElectionOf<Context, Answer, Result>,
  ) {
    super();
    this.#election = election;
    this.#stopRule = stopRule;
    this.#receiver = receiver;
    this.#conclusion = conclusion;
    this.#context = context;
  }

  override next(outcome: Outcome<Answer>): void {
    if (this.closed) return;
    const stopRule = this.#stopRule;
    const conclusion = this.#conclusion;
    try {
      this.#election.add(outcome);
      if (stopRule === undefined && conclusion.tallied === undefined) return;
      const tally = this.#election.tally();
      conclusion.tallied?.(this.#context, tally);
      if (!this.closed && stopRule?.(tally)) this.#announce(tally, 'stopped-early');
    } catch (error) {
      this.#fail(error);
    }
  }

  override error(error: unknown): void {
    if (!this.closed) this.#fail(error);
  }

  override complete(): void {
    if (this.closed) return;
    try {
      this.#announce(this.#election.tally(), 'overtaken');
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A schedule or a signal may throw when it is torn down. That must not cost the result, nor reach who cancels. */
  override unsubscribe(): void {
    try {
      super.unsubscribe();
    } catch (error) {
      this.#conclusion.warn?.(
        this.#context,
        `cancelling the calls threw ${namesOf(error)}: check the teardown of the schedule, and the signal`,
      );
    }
  }

  /** Cancels the calls in flight first, so that nothing is in flight when the result arrives. */
  #announce(tally: Tally<Answer>, cause: AbortCause): void {
    const receiver = this.#receiver;
    const conclusion = this.#conclusion;
    const context = this.#context;
    conclusion.ends?.(context, cause);
    this.unsubscribe();
    const closing = conclusion.closing?.(context, this.#election, tally);
    if (closing === undefined) {
      receiver.next(conclusion.conclude(context, tally));
      receiver.complete();
    } else {
      // Is added first, because the receiver may unsubscribe while the first call begins.
      const closed: Subscriber<Closed<Answer>> = new Subscriber(this.#whenClosed(() => closed.unsubscribe()));
      receiver.add(closed);
      closing.subscribe(closed);
    }
  }

  #whenClosed(cancel: () => void): Observer<Closed<Answer>> {
    const receiver = this.#receiver;
    const error = (fault: unknown): void => {
      cancel();
      receiver.error(this.#conclusion.explain(this.#context, fault));
    };
    return {
      next: (closed) => {
        let result: Result;
        try {
          result = this.#conclusion.conclude(this.#context, closed.tally, closed);
        } catch (fault) {
          error(fault);
          return;
        }
        receiver.next(result);
        receiver.complete();
      },
      error,
      complete: () => undefined,
    };
  }

  #fail(error: unknown): void {
    // A signal has its own reason.
    if (!isA(error, CancelledError)) this.#conclusion.ends?.(this.#context, 'source-ended');
    this.unsubscribe();
    this.#receiver.error(this.#conclusion.explain(this.#context, error));
  }
}
