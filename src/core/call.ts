import { catchError, defer, filter, map, Observable, of, take, takeUntil, tap, throwIfEmpty } from 'rxjs';
import { type AbortCause, abortReason } from '../domain/abort-reason.ts';
import type { AttemptListener } from '../domain/attempt.ts';
import { type Cost, reportedCost, statedCost, sumOf, unknownCost } from '../domain/cost.ts';
import { MalformedResponseError, type ModelError, TimeoutError, toModelError } from '../domain/errors.ts';
import type { FirstToken } from '../domain/execution.ts';
import { internal } from '../domain/internal.ts';
import { deltaText, isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import type { Attempt, Outcome } from '../domain/outcome.ts';
import type { ModelRequest } from '../domain/request.ts';
import { type StreamEvent, toDeltaEvent, type Unnumbered } from '../domain/stream-event.ts';
import { readingOf } from '../engine/judge.ts';
import { outcomeReader } from '../engine/reader.ts';
import { servedBy } from '../engine/served-by.ts';
import { type CompleteCall, composeCall } from '../strategies/execution/compose-call.ts';
import type { Clock } from '../time/clock.ts';
import { lastReleased } from './last-released.ts';
import { scalarKey } from './scalar-key.ts';
import type { Settings } from './settings.ts';
import { whenOver } from './time-limit.ts';

/** A call that was started, as the account has it. */
export interface StartedCall<Answer> {
  /** Returns its outcome; while it is in flight, that of a cancelled call. */
  outcomeNow(): Outcome<Answer>;
}

/** What the calls of one prediction share. */
export interface CallsOf<Answer> {
  readonly settings: Settings<Answer>;
  readonly request: ModelRequest;
  readonly clock: Clock;
  /** The calls that were started. */
  readonly started: StartedCall<Answer>[];
  readonly endsAtMs: number;
  /** Returns why a call in flight is cancelled now. */
  readonly abortReason: () => unknown;
  emit(event: Unnumbered<StreamEvent<Answer>>): void;
}

/** A call as a cold Observable of exactly one outcome, and an entry in the ledger for each subscription. */
export const callOf = <Answer>(
  model: Model,
  index: number,
  prediction: CallsOf<Answer>,
  isExtra = false,
): CompleteCall<Answer> =>
  composeCall(outcomeOf(model, index, prediction, isExtra) as Observable<Outcome<Answer>>, {
    model,
    withFirstToken: () => outcomeOf(model, index, prediction, isExtra, true),
    extra: () => callOf(model, index, prediction, true),
  });

const outcomeOf = <Answer>(
  model: Model,
  index: number,
  prediction: CallsOf<Answer>,
  isExtra: boolean,
  tellsFirstToken = false,
): Observable<Outcome<Answer> | FirstToken> =>
  new Observable((subscriber) => {
    const { settings, clock, started, emit } = prediction;
    const { timeoutMs } = settings;
    const { id } = model;
    const startedAtMs = clock();
    let attemptAtMs = startedAtMs;
    let failed: readonly Attempt[] = [];
    const warnings: string[] = [];
    let firstTokenMs: number | undefined;
    let abortCause: AbortCause | undefined;
    let outcome: Outcome<Answer> | undefined;

    const readOutcome = outcomeReader<Answer>((_, __, response) => reportedCost(response) ?? unknownCost);
    const account = () => ({ model: id, index, latencyMs: clock() - startedAtMs });
    const whole = (last: Outcome<Answer>): Outcome<Answer> => {
      const server = servedBy(model, last);
      return {
        ...last,
        ...(server !== undefined && { servedBy: server }),
        ...(firstTokenMs !== undefined && { firstTokenMs }),
        ...(warnings.length > 0 && { warning: [last.warning ?? [], warnings].flat().join('; ') }),
        ...(failed.length > 0 && { ...sumOf([...failed, last]), attempts: failed }),
      };
    };
    const failure = (cause: unknown): Outcome<Answer> => {
      const error = toModelError(id, cause);
      return { status: 'failed', ...account(), ...costOf(error), error };
    };
    const cancelled = (): Outcome<Answer> => whole({ status: 'cancelled', ...account(), ...unknownCost });
    const call = started.push({ outcomeNow: () => outcome ?? cancelled() }) - 1;
    const settle = (last: Outcome<Answer>): Outcome<Answer> => {
      outcome = last;
      emit({ type: 'call-end', model: id, call, outcome });
      return outcome;
    };

    // Policies around a model report to it, so that failed attempts are paid for as well.
    const attempts: AttemptListener = {
      prediction: started,
      isExtra,
      hasExpired: false,
      acceptsUnfinished: settings.acceptUnfinished,
      remainingMs: () => prediction.endsAtMs - clock(),
      attemptStarted: ignore,
      attemptWaits: ignore,
      attemptPays: ignore,
      attemptSends: ignore,
      attemptCosts: ignore,
      attemptFailed({ error: cause, nextInMs }) {
        const error = toModelError(id, cause);
        const attempt = { model: id, error, latencyMs: clock() - attemptAtMs, nextInMs, ...costOf(error) };
        emit({ type: 'call-retry', model: id, call, attempt: failed.length + 1, failed: attempt });
        failed = [...failed, attempt];
        attemptAtMs = clock() + nextInMs;
      },
    };
    const request: ModelRequest = {
      ...prediction.request,
      ...(tellsFirstToken && { wantsDeltas: true }),
      [internal]: {
        attempts,
        warn: (warning) => {
          if (!warnings.includes(warning)) warnings.push(warning);
        },
        get abortReason() {
          return abortCause === undefined ? prediction.abortReason() : abortReason(abortCause);
        },
      },
    };
    const addDelta = (delta: ModelDelta): void => {
      deltaText(delta);
      if (firstTokenMs === undefined) {
        firstTokenMs = clock() - startedAtMs;
        if (tellsFirstToken) subscriber.next({ status: 'writing', latencyMs: firstTokenMs });
      }
      emit(toDeltaEvent(id, delta, call));
    };

    emit({ type: 'call-start', model: id, call, index });
    subscriber.add(() => {
      if (outcome === undefined) settle(cancelled());
    });
    const output$ = defer(() => model.call(request));
    const timeout$ = whenOver(timeoutMs, () => {
      abortCause = 'timeout';
      throw new TimeoutError(id, timeoutMs, { firstTokenMs, option: 'timeoutMs' });
    });
    const hasEnded = (cause: AbortCause) => (): void => {
      abortCause ??= cause;
    };
    const response$ = output$.pipe(
      filter((output): output is ModelResponse => !isDelta(output) || addDelta(output) === null),
      tap({
        next: hasEnded('answered'),
        error: hasEnded('source-ended'),
        complete: hasEnded('source-ended'),
      }),
      take(1),
      throwIfEmpty(() => new MalformedResponseError(id, 'ended without an answer')),
      takeUntil(timeout$),
    );
    const outcome$ = response$.pipe(
      map((response) =>
        readOutcome(
          response,
          { ...account(), model, request },
          readingOf(response, request, settings, scalarKey),
        ),
      ),
      catchError((error: unknown) => defer(() => of(failure(error)))),
      map(whole),
      lastReleased(),
      map(settle),
    );
    subscriber.add(outcome$.subscribe(subscriber));
  });

/** What breaks after it was sent may have been billed. */
const costOf = (error: ModelError): Cost => statedCost(error) ?? unknownCost;

const ignore = (): void => undefined;
