import { concatMap, defer, from, merge, type Observable, of, Subject } from 'rxjs';
import { ReplayMissError } from '../../domain/errors.ts';
import { internal } from '../../domain/internal.ts';
import type { Model, ModelDelta } from '../../domain/model.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { Ledger } from '../../engine/account.ts';
import { call } from '../../engine/call.ts';
import { createReader } from '../../engine/reader.ts';
import { requestText } from '../../policies/request-key.ts';
import { sharedCalls } from '../../policies/shared-calls.ts';
import { currentClock } from '../../time/clock.ts';
import { createSharedTimeout } from '../../time/shared-timeout.ts';
import type { Journal } from './journal.ts';
import { keyOfText } from './journal-key.ts';
import { type Recorded, toRecorded } from './journaled-entry.ts';

/** How calls are made and recorded. */
export interface JournaledCallOptions {
  /** Where calls are recorded. Default: nowhere. */
  readonly journal?: Journal | undefined;
  /** What a call does that is not recorded: ask the model, or fail. */
  readonly onMiss: 'call' | 'error';
  /** How long a call may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** A call that has ended, and whether it was paid for before. */
export interface Recording {
  readonly entry: Recorded;
  readonly isPaid: boolean;
}

/** A call, as a cold Observable of pieces, where they are wanted, and one recording; `text` is its `requestText`. */
export type JournaledCall = (
  model: Model,
  request: ModelRequest,
  text?: string,
) => Observable<Recording | ModelDelta>;

const read = createReader({ normalize: (text) => text, pricing: undefined, acceptUnfinished: true });

/**
 * Calls that are made only where the journal has no answer to them, and recorded before anybody is told. Equal
 * calls that are out at a time are one. Errors with what the journal errors with, and with nothing else.
 */
export const journaledCalls = ({ journal, onMiss, timeoutMs }: JournaledCallOptions): JournaledCall => {
  const share = sharedCalls<Recording | ModelDelta>(asPaid);
  const timeout = createSharedTimeout(timeoutMs);

  const live = (model: Model, request: ModelRequest, key: string): Observable<Recording | ModelDelta> =>
    defer(() => {
      // Whoever listens to the attempts of the caller's call is not told of those of this one.
      const { [internal]: _, ...asked } = request;
      const deltas$ = asked.wantsDeltas === true ? new Subject<ModelDelta>() : undefined;
      const ended$ = call(model, 0, {
        request: asked,
        clock: currentClock(),
        read,
        pricing: undefined,
        timeout,
        onDelta: deltas$ && ((_model, delta) => deltas$.next({ delta })),
        watch: undefined,
        ledger: new Ledger(1),
      }).pipe(
        concatMap(async (outcome): Promise<Recording> => {
          deltas$?.complete();
          const entry = toRecorded(outcome) as Recorded;
          await journal?.append({ key, ...entry });
          return { entry, isPaid: false };
        }),
      );
      return deltas$ === undefined ? ended$ : merge(deltas$, ended$);
    });

  const found = async (model: Model, text: string): Promise<{ key: string; recording?: Recording }> => {
    // Without a journal there is nothing to find.
    if (journal === undefined) return onMiss === 'call' ? { key: '' } : { key: '', recording: missed(model) };
    const key = await keyOfText(text);
    const entry = await journal.get(key);
    // A call that failed is worth another try, but where nothing may be asked.
    if (entry !== undefined && (entry.status === 'answered' || onMiss === 'error')) {
      return { key, recording: { entry, isPaid: true } };
    }
    return onMiss === 'call' ? { key } : { key, recording: missed(model) };
  };

  return (model, request, text = requestText(model, request)) =>
    share(
      // Who watches must not join a call that emits no deltas.
      `${request.wantsDeltas === true}${text}`,
      defer(() => from(found(model, text))).pipe(
        concatMap(({ key, recording }) =>
          recording === undefined ? live(model, request, key) : of(recording),
        ),
      ),
    );
};

const asPaid = (output: Recording | ModelDelta): Recording | ModelDelta =>
  'entry' in output ? { ...output, isPaid: true } : output;

const missed = ({ id }: Model): Recording => {
  const { name, message, isRetryable } = new ReplayMissError(id, 'no answer to this question was recorded');
  return {
    entry: { model: id, status: 'failed', latencyMs: 0, error: { name, message, isRetryable, costUsd: 0 } },
    isPaid: true,
  };
};
