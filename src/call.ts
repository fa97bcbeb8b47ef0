import { Observable, Subscriber } from 'rxjs';
import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { MalformedResponseError, ModelError, TimeoutError } from './errors.ts';
import type { Model, ModelResponse } from './model.ts';
import type { Cancelled, Failed, Outcome } from './outcome.ts';
import type { ModelRequest } from './query.ts';
import type { Reader } from './reader.ts';

/** One call that was started: what became of it, once anything has. */
export interface LedgerEntry<Answer> {
  readonly model: string;
  readonly index: number;
  readonly startedAtMs: number;
  outcome: Outcome<Answer> | undefined;
}

/** What the calls of one prediction have in common. */
export interface CallContext<Answer> {
  readonly request: ModelRequest;
  readonly clock: Clock;
  readonly read: Reader<Answer>;
  readonly timeoutMs: number;
  readonly deadline: Deadline;
  /** Every call that was started, in the order of starting: the prediction's account. */
  readonly ledger: LedgerEntry<Answer>[];
}

/** What a call that was ended early leaves in the account. */
export const cancelled = (entry: LedgerEntry<unknown>, clock: Clock): Cancelled => ({
  status: 'cancelled',
  model: entry.model,
  index: entry.index,
  latencyMs: clock() - entry.startedAtMs,
  costUsd: undefined,
  costSource: 'unknown',
});

const failure = (error: ModelError, entry: LedgerEntry<unknown>, clock: Clock): Failed => ({
  ...cancelled(entry, clock),
  status: 'failed',
  error,
});

const asModelError = (model: string, error: unknown): ModelError =>
  error instanceof ModelError
    ? error
    : new ModelError(
        model,
        error instanceof Error ? `the call failed with ${error.name}` : 'the call failed',
        {
          cause: error,
        },
      );

/**
 * One call, as a cold Observable of exactly one outcome: it never errors, ends at the first value or at
 * the deadline, and enters itself in the ledger, where it also leaves a trace when it is cancelled.
 *
 * One Observable with plain callbacks, because it is made for every call: as `timeout`, `take`, `map`,
 * `catchError` and `finalize` it costs five times as much.
 */
export const call = <Answer>(
  model: Model,
  index: number,
  context: CallContext<Answer>,
): Observable<Outcome<Answer>> =>
  new Observable((subscriber) => {
    const entry: LedgerEntry<Answer> = {
      model: model.id,
      index,
      startedAtMs: context.clock(),
      outcome: undefined,
    };
    context.ledger.push(entry);
    let endWait: (() => void) | undefined;

    const settle = (outcome: Outcome<Answer>): void => {
      if (entry.outcome !== undefined) return;
      entry.outcome = outcome;
      endWait?.();
      response.unsubscribe();
      subscriber.next(outcome);
      subscriber.complete();
    };
    const fail = (error: unknown): void => {
      if (entry.outcome === undefined) settle(failure(asModelError(model.id, error), entry, context.clock));
    };
    const response = new Subscriber<ModelResponse>({
      next: (value) => {
        if (entry.outcome === undefined)
          settle(context.read(value, entry, context.clock() - entry.startedAtMs));
      },
      error: fail,
      complete: () => fail(new MalformedResponseError(model.id, 'ended without an answer')),
    });
    subscriber.add(() => {
      entry.outcome ??= cancelled(entry, context.clock);
      endWait?.();
      response.unsubscribe();
    });

    try {
      model.call(context.request).subscribe(response);
    } catch (error) {
      fail(error);
    }
    if (entry.outcome === undefined) {
      endWait = context.deadline(entry.startedAtMs, () =>
        fail(new TimeoutError(model.id, context.timeoutMs)),
      );
    }
  });
