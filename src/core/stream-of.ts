import {
  catchError,
  defer,
  from,
  fromEvent,
  ignoreElements,
  map,
  NEVER,
  Observable,
  of,
  takeUntil,
  takeWhile,
  tap,
} from 'rxjs';
import { type AbortCause, abortReason } from '../domain/abort-reason.ts';
import { ConfigError } from '../domain/errors.ts';
import { isA, returned } from '../domain/foreign.ts';
import { CancelledError, NoPredictionError, UserCodeError, withOutcomes } from '../domain/no-prediction.ts';
import { inPanelOrder, type Outcome } from '../domain/outcome.ts';
import { plainFaults } from '../domain/plain-faults.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { StreamEvent, Unnumbered } from '../domain/stream-event.ts';
import type { Tally } from '../domain/tally.ts';
import { guarded } from '../engine/stop-rule.ts';
import { type Check, refuse } from '../options.ts';
import { currentClock } from '../time/clock.ts';
import { callOf } from './call.ts';
import type { CoreOverrides, Scalar } from './core-ensemble.ts';
import { countVotes } from './count-votes.ts';
import { lastReleased, whenOver } from './last-released.ts';
import { orAbsent, withMethods } from './or-absent.ts';
import { predictionOf } from './prediction-of.ts';
import type { Settings } from './settings.ts';

/** The events of one prediction, the last of which has it: calls in, counts out, until the stop rule or the deadline. */
export const streamOf = <Answer extends Scalar>(
  settings: Settings<Answer>,
  query: string,
  overrides?: CoreOverrides,
  wantsDeltas?: boolean,
): Observable<StreamEvent<Answer>> =>
  new Observable((subscriber) => {
    const { models, ids, execution, voter, minResponses, deadlineMs, system } = settings;
    const { signal, context } = { ...overrides };
    refuse([
      ...plainFaults('predict', overrides ?? {}, checks),
      ...plainFaults('predict', { query }, { query: aQuery }),
    ]);
    const request: ModelRequest = {
      prompt: query,
      messages: [{ role: 'user', content: query }],
      ...(system && { system }),
      ...(wantsDeltas && { wantsDeltas }),
      ...(context !== undefined && { context }),
    };
    const clock = currentClock();
    const startedAtMs = clock();
    const started: (() => Outcome<Answer>)[] = [];
    const account = (): Outcome<Answer>[] => inPanelOrder(started.map((outcomeNow) => outcomeNow()));
    const warnings: string[] = [];
    const rules = settings.stopRules.map((rule) => guarded(rule, minResponses, warnings));
    let endedBy: AbortCause | undefined;
    let sequence = 0;
    const emit = (event: Unnumbered<StreamEvent<Answer>>): void => {
      subscriber.next({ sequence, ...event } as StreamEvent<Answer>);
      sequence += 1;
    };
    const calls = models.map((model, index) =>
      callOf(model, index, {
        settings,
        request,
        clock,
        started,
        remainingMs: () => startedAtMs + deadlineMs - clock(),
        abortReason: () =>
          endedBy === undefined && signal?.aborted
            ? signal.reason
            : abortReason(endedBy ?? (subscriber.closed ? 'caller-left' : 'overtaken')),
        emit,
      }),
    );
    const deadline$ = whenOver(deadlineMs, () => {
      endedBy = 'deadline';
    });
    const goesOn = (tally: Tally<Answer>): boolean => {
      emitEvents(tally, emit);
      if (tally.outcome === undefined || !rules.some((rule) => rule(tally))) return true;
      endedBy = 'stopped-early';
      return false;
    };
    const prediction$ = defer(() => from(returned(execution.schedule(calls)))).pipe(
      takeUntil(abortOf(signal)),
      takeUntil(deadline$),
      countVotes<Answer>(voter, ids, request),
      takeWhile(goesOn, true),
      tap({
        complete: () => {
          endedBy ??= 'overtaken';
        },
      }),
      lastReleased(),
      tap((tally) => {
        const latencyMs = clock() - startedAtMs;
        const ended = { settings, query, outcomes: account(), warnings, endedBy, latencyMs };
        emit({ type: 'complete', prediction: predictionOf(tally, ended) });
      }),
      catchError((error: unknown) =>
        defer(() => {
          throw explained(error, account());
        }),
      ),
    );
    prediction$.pipe(ignoreElements()).subscribe(subscriber);
  });

const checks: Readonly<Record<keyof CoreOverrides, Check>> = {
  signal: orAbsent(withMethods('an AbortSignal', 'addEventListener', 'removeEventListener')),
  context: (): undefined => {},
};

const aQuery: Check = (query) =>
  typeof query === 'string' && query.trim() !== ''
    ? undefined
    : 'a text that is not empty (crucible-ensemble reads messages, files and tools)';

/** Errors when a signal aborts. */
const abortOf = (signal: AbortSignal | undefined): Observable<never> =>
  signal === undefined
    ? NEVER
    : defer((): Observable<unknown> => (signal.aborted ? of(0) : fromEvent(signal, 'abort'))).pipe(
        map(() => {
          throw new CancelledError({ cause: signal.reason });
        }),
      );

const emitEvents = <Answer>(
  { outcome, consensus, votes, leader }: Tally<Answer>,
  emit: (event: Unnumbered<StreamEvent<Answer>>) => void,
): void => {
  if (outcome === undefined) return;
  const { model } = outcome;
  if (outcome.status === 'failed') emit({ type: 'failure', model, error: outcome.error });
  if ('response' in outcome) emit({ type: 'response', model, response: outcome.response });
  if (outcome.status === 'answered') emit({ type: 'consensus', consensus, votes, leader });
};

const explained = (error: unknown, outcomes: readonly Outcome[]): NoPredictionError | ConfigError => {
  if (isA(error, ConfigError)) return error;
  return withOutcomes(
    isA(error, NoPredictionError) ? error : new UserCodeError('the schedule or the signal', { cause: error }),
    outcomes,
  );
};
