import { catchError, filter, map, Observable, of, take, takeUntil, throwIfEmpty } from 'rxjs';
import { type AbortCause, abortReason } from '../domain/abort-reason.ts';
import type { AttemptListener } from '../domain/attempt.ts';
import { subscribeModel } from '../domain/call-model.ts';
import { free, reportedCost, statedCost, sumOf, unknownCost } from '../domain/cost.ts';
import { MalformedResponseError, TimeoutError, toModelError } from '../domain/errors.ts';
import type { FirstToken } from '../domain/execution.ts';
import { internal } from '../domain/internal.ts';
import { deltaText, isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import type { Attempt, Outcome } from '../domain/outcome.ts';
import type { ModelRequest } from '../domain/request.ts';
import { type StreamEvent, toDeltaEvent, type Unnumbered } from '../domain/stream-event.ts';
import { tornDown } from '../domain/teardown.ts';
import { type Reading, readingOf } from '../engine/judge.ts';
import { outcomeReader } from '../engine/reader.ts';
import { servedBy } from '../engine/served-by.ts';
import type { CompleteCall } from '../strategies/execution/compose-call.ts';
import type { Clock } from '../time/clock.ts';
import { lastReleased, whenOver } from './last-released.ts';
import { scalarKey } from './scalar-key.ts';
import type { Settings } from './settings.ts';

/** What the calls of one prediction share. */
export interface CallsOf<Answer> {
  readonly settings: Settings<Answer>;
  readonly request: ModelRequest;
  readonly clock: Clock;
  /** For each call that was started, what returns its outcome; while it is in flight, that of a cancelled call. */
  readonly started: (() => Outcome<Answer>)[];
  readonly remainingMs: () => number;
  /** Returns why a call in flight is cancelled now. */
  readonly abortReason: () => unknown;
  emit(event: Unnumbered<StreamEvent<Answer>>): void;
}

/** A call as a cold Observable of exactly one outcome, and an entry in the ledger for each subscription. */
export const callOf = <Answer>(
  model: Model,
  index: number,
  prediction: CallsOf<Answer>,
): CompleteCall<Answer> => {
  const { settings, clock, started, remainingMs, emit } = prediction;
  const { timeoutMs } = settings;
  const { id } = model;
  const outcomes = (isExtra: boolean, tellsFirstToken?: boolean): Observable<Outcome<Answer> | FirstToken> =>
    new Observable((subscriber) => {
      const startedAtMs = clock();
      let attemptAtMs = startedAtMs;
      let attempts: readonly Attempt[] = [];
      const warnings = new Set<string>();
      let firstTokenMs: number | undefined;
      let abortCause: AbortCause | undefined;
      let outcome: Outcome<Answer> | undefined;
      /** Whether another call pays for the request that this one has joined. */
      let isPaidFor = false;

      const readOutcome = outcomeReader<Answer>((_, __, response) => reportedCost(response) ?? unknownCost);
      const account = () => ({ model: id, index, latencyMs: clock() - startedAtMs });
      const whole = (last: Outcome<Answer>): Outcome<Answer> => {
        const server = servedBy(model, last);
        return {
          ...last,
          ...(server !== undefined && { servedBy: server }),
          ...(firstTokenMs !== undefined && { firstTokenMs }),
          ...(warnings.size > 0 && { warning: [last.warning ?? [], ...warnings].flat().join('; ') }),
          ...(attempts.length > 0 && { ...sumOf([...attempts, last]), attempts }),
        };
      };
      const failed = (cause: unknown) => {
        const error = toModelError(id, cause);
        // What breaks after it was sent may have been billed, but once.
        return { model: id, error, ...((isPaidFor ? free : statedCost(error)) ?? unknownCost) };
      };
      const cancelled = (): Outcome<Answer> => ({ status: 'cancelled', ...account(), ...unknownCost });
      // A warning may come after the outcome: that of a teardown that throws.
      const outcomeNow = (): Outcome<Answer> => whole(outcome ?? cancelled());
      const call = started.push(outcomeNow) - 1;
      const settle = (last: Outcome<Answer>): Outcome<Answer> => {
        outcome = last;
        const ended = outcomeNow();
        emit({ type: 'call-end', model: id, call, outcome: ended });
        return ended;
      };

      // Policies around a model report to it, so that failed attempts are paid for as well.
      const listener: AttemptListener = {
        prediction: started,
        isExtra,
        get hasExpired() {
          return abortCause === 'timeout';
        },
        acceptsUnfinished: settings.acceptUnfinished,
        remainingMs,
        attemptStarted: ignore,
        attemptWaits: ignore,
        attemptPays(isPaying) {
          isPaidFor = !isPaying;
        },
        attemptSends: ignore,
        attemptCosts: ignore,
        attemptFailed({ error, nextInMs }) {
          const attempt = { ...failed(error), latencyMs: clock() - attemptAtMs, nextInMs };
          attempts = [...attempts, attempt];
          emit({ type: 'call-retry', model: id, call, attempt: attempts.length, failed: attempt });
          attemptAtMs = clock() + nextInMs;
        },
      };
      const readingNow = (
        response: ModelResponse,
      ): (Reading<Answer> & { readonly reason?: string }) | undefined =>
        readingOf(response, request, settings, scalarKey);
      const request: ModelRequest = {
        ...prediction.request,
        ...(tellsFirstToken && { wantsDeltas: true }),
        [internal]: {
          attempts: listener,
          warn: (warning) => void warnings.add(warning),
          reasonAgainst: (response) => readingNow(response as ModelResponse)?.reason,
          get abortReason() {
            return abortCause === undefined ? prediction.abortReason() : abortReason(abortCause);
          },
        },
      };
      emit({ type: 'call-start', model: id, call, index });
      subscriber.add(() => {
        if (outcome === undefined) settle(cancelled());
      });
      const output$ = new Observable<ModelResponse | ModelDelta>((output) => {
        // A teardown that throws must not keep the outcome from the prediction.
        const guarded = (work: () => void) => (): void => {
          try {
            work();
          } catch (error) {
            if (output.closed) warnings.add(tornDown(error));
            else output.error(error);
          }
        };
        output.unsubscribe = guarded(output.unsubscribe.bind(output));
        guarded(() => subscribeModel(model, request, output))();
      });
      const timeout$ = whenOver(timeoutMs, () => {
        abortCause = 'timeout';
        throw new TimeoutError(id, timeoutMs, { firstTokenMs, option: 'timeoutMs' });
      });
      const response$ = output$.pipe(
        filter((output): output is ModelResponse => {
          if (!isDelta(output)) {
            abortCause = 'answered';
            return true;
          }
          deltaText(output);
          if (firstTokenMs === undefined) {
            firstTokenMs = clock() - startedAtMs;
            if (tellsFirstToken) subscriber.next({ status: 'writing', latencyMs: firstTokenMs });
          }
          emit(toDeltaEvent(id, output, call));
          return false;
        }),
        take(1),
        throwIfEmpty(() => new MalformedResponseError(id, 'ended without an answer')),
        takeUntil(timeout$),
      );
      const outcome$ = response$.pipe(
        map((response) => readOutcome(response, { ...account(), model, request }, readingNow(response))),
        catchError((error: unknown) => {
          abortCause ??= 'source-ended';
          return of<Outcome<Answer>>({ status: 'failed', ...account(), ...failed(error) });
        }),
        lastReleased(),
        map(settle),
      );
      outcome$.subscribe(subscriber);
    });
  const partsOf = (isExtra: boolean): CompleteCall<Answer> =>
    Object.assign(outcomes(isExtra), { model, withFirstToken$: outcomes(isExtra, true) }) as never;
  const extra = partsOf(true);
  return Object.assign(partsOf(false), { extra: Object.assign(extra, { extra }) });
};

const ignore = (): void => undefined;
