import { concatMap, defer, from, merge, type Observable, of, Subject } from 'rxjs';
import {
  ConfigError,
  CrucibleError,
  JournalWriteError,
  type ModelError,
  ReplayMissError,
} from '../../domain/errors.ts';
import { asPromise, isA } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import type { Model, ModelDelta } from '../../domain/model.ts';
import { UserCodeError } from '../../domain/no-prediction.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { abortReasonOf, attemptListener, type ModelRequest } from '../../domain/request.ts';
import { Ledger } from '../../engine/account.ts';
import { call } from '../../engine/call.ts';
import { createReader } from '../../engine/reader.ts';
import { sharedCalls } from '../../policies/shared-calls.ts';
import { currentClock } from '../../time/clock.ts';
import { createSharedTimeout } from '../../time/shared-timeout.ts';
import { callText, earlierCallText } from './call-text.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { sha256 } from './journal-digest.ts';
import { type RecordedOutcome, toRecorded, toUnrecordable } from './journaled-entry.ts';

/** Options of recorded calls. */
export interface JournaledCallOptions {
  /** Records calls. Default: none. */
  readonly journal?: Journal | undefined;
  /** What to do if a call is not recorded: call the model, or fail. */
  readonly onMiss: 'call' | 'error';
  /** Timeout of a call, in milliseconds. */
  readonly timeoutMs: number;
}

/** A call that has ended; `isPaid` if it was paid for before. */
export interface Recording {
  readonly entry: RecordedOutcome;
  readonly isPaid: boolean;
  /** The error of a call that was made and failed. A recorded error has no class and no cause. */
  readonly error?: ModelError;
}

/**
 * A call, as a cold Observable of its deltas, if they are wanted, and of one recording; `text` is its `callText`.
 */
export type JournaledCall = (
  model: Model,
  request: ModelRequest,
  text?: string,
) => Observable<Recording | ModelDelta>;

const reader = createReader({ normalize: (text) => text, pricing: undefined, acceptUnfinished: true });

/**
 * Makes calls that the journal has no answer for, and records them before their result is emitted. Equal calls in
 * flight are one call. Errors only if the journal fails; a failed call is a recording.
 */
export const journaledCalls = ({ journal, onMiss, timeoutMs }: JournaledCallOptions): JournaledCall => {
  const share = sharedCalls<Recording>(asPaid);
  const timeout = createSharedTimeout(timeoutMs);

  const get = async (key: string): Promise<JournalEntry | undefined> => {
    try {
      return (await asPromise(() => journal?.get(key))) ?? undefined;
    } catch (error) {
      throw isA(error, CrucibleError) ? error : new UserCodeError('the journal', { cause: error });
    }
  };
  /** A call of a model of one's own costs nothing, or has another cause: it is made again with its settings. */
  const getEarlier = async (model: Model, request: ModelRequest): Promise<JournalEntry | undefined> => {
    const text = earlierCallText(model, request);
    const isUsed = journal !== undefined && (onMiss === 'error' || model.provider !== undefined);
    return isUsed && text !== undefined ? get(await sha256(text)) : undefined;
  };
  const append = async (entry: JournalEntry): Promise<void> => {
    try {
      await asPromise(() => journal?.append(entry));
    } catch (error) {
      if (isA(error, CrucibleError)) throw error;
      throw new JournalWriteError('the journal', 'its append failed', { cause: error });
    }
  };

  /** Appends the entry of a call, or the failure that counts instead if the journal refuses it. */
  const record = async (key: string, outcome: Outcome): Promise<RecordedOutcome> => {
    const entry = toRecorded(outcome) as RecordedOutcome;
    try {
      await append({ key, ...entry });
      return entry;
    } catch (error) {
      if (!isA(error, ConfigError)) throw error;
      const refused = toUnrecordable({ ...entry, costUsd: outcome.costUsd }, error.faults.join('; '));
      await append({ key, ...refused });
      return refused;
    }
  };

  const live = (model: Model, request: ModelRequest, key: string): Observable<Recording | ModelDelta> =>
    defer(() => {
      attemptListener(request)?.attemptPays(true);
      // This call has attempts of its own, which are not reported to the caller's listener.
      const { [internal]: _, ...asked } = request;
      const deltas$ = asked.wantsDeltas === true ? new Subject<ModelDelta>() : undefined;
      const ended$ = call(model, 0, {
        request: asked,
        clock: currentClock(),
        reader,
        pricing: undefined,
        timeout,
        onDelta: deltas$ && ((_model, delta) => deltas$.next(delta)),
        notifier: undefined,
        get abortReason() {
          return abortReasonOf(request);
        },
        ledger: new Ledger(1),
      }).pipe(
        concatMap(async (outcome): Promise<Recording> => {
          deltas$?.complete();
          const entry = await record(key, outcome);
          return outcome.status === 'failed'
            ? { entry, isPaid: false, error: outcome.error }
            : { entry, isPaid: false };
        }),
      );
      return deltas$ === undefined ? ended$ : merge(deltas$, ended$);
    });

  const found = async (
    model: Model,
    request: ModelRequest,
    text: string,
  ): Promise<{ key: string; recording?: Recording }> => {
    const key = journal === undefined ? '' : await sha256(text);
    const entry = (await get(key)) ?? (await getEarlier(model, request));
    // A failed call is made again, unless calls are not allowed.
    if (entry !== undefined && (entry.status === 'answered' || onMiss === 'error')) {
      return { key, recording: { entry, isPaid: true } };
    }
    return onMiss === 'call' ? { key } : { key, recording: missedRecording(model) };
  };

  return (model, request, text = callText(model, request)) =>
    share(
      // A call that wants deltas cannot join one that emits none.
      `${request.wantsDeltas === true}${text}`,
      request,
      (shared) =>
        defer(() => from(found(model, request, text))).pipe(
          concatMap(({ key, recording }) =>
            recording === undefined ? live(model, shared, key) : of(recording),
          ),
        ),
    );
};

const asPaid = (recording: Recording): Recording => ({ ...recording, isPaid: true });

const missedRecording = ({ id }: Model): Recording => {
  const { name, message, isRetryable } = new ReplayMissError(
    id,
    "no answer to this request is recorded; make the call with runExperiment, or with onMiss: 'call'",
  );
  return {
    entry: { model: id, status: 'failed', latencyMs: 0, error: { name, message, isRetryable, costUsd: 0 } },
    isPaid: true,
  };
};
