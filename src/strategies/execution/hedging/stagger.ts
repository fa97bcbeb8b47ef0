import {
  concatMap,
  defer,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  range,
  skip,
  take,
  takeUntil,
  tap,
} from 'rxjs';
import { CircuitOpenError } from '../../../domain/errors.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import type { CallStep, HedgePolicy } from './hedge-policy.ts';

/** When the next of several calls starts. */
export interface Staggering<Answer, Seat> extends Pick<HedgePolicy, 'mayFallBack' | 'fallbackFailed'> {
  readonly maxCalls: number;
  /**
   * The provider of a call. Calls to a provider that has already been asked come last. Without it, the order is that
   * of the calls.
   */
  readonly providerOf?: (call: Seat) => string | undefined;
  /** Starts a call. An extra call is one that is only made because an earlier call is late or has failed. */
  readonly begin: (call: Seat, isExtra: boolean) => Observable<CallStep<Answer>>;
  /** Emits when the call that starts now is late and `isQuiet` holds, so that the next call starts. */
  readonly late: (call: Seat, isQuiet: () => boolean) => Observable<unknown>;
}

type Start = 'first' | 'hedge' | 'fallback' | 'further';

export const isOutcome = <Answer>(step: CallStep<Answer>): step is Outcome<Answer> =>
  step.status !== 'writing';

/** An open circuit sends nothing, so the model asked instead is not an extra call. */
const wasSent = (outcome: Outcome): boolean =>
  !(outcome.status === 'failed' && outcome.error instanceof CircuitOpenError);

/** Takes a call out of the queue: the first to a provider that has not been asked, else the first. */
const takeNext = <Seat>(
  queue: Seat[],
  asked: Set<string>,
  providerOf: (call: Seat) => string | undefined,
): Seat => {
  const isElsewhere = (call: Seat) => !asked.has(providerOf(call) ?? '');
  const [next] = queue.splice(Math.max(0, queue.findIndex(isElsewhere)), 1) as [Seat];
  const provider = providerOf(next);
  if (provider !== undefined) asked.add(provider);
  return next;
};

/**
 * Starts one call after the other: when the last one is late, after each one that fails or abstains, and if no call is
 * in flight although an answer was not enough.
 */
export const stagger = <Answer, Seat>(
  calls: readonly Seat[],
  {
    maxCalls,
    providerOf = () => undefined,
    begin,
    late,
    mayFallBack,
    fallbackFailed,
  }: Staggering<Answer, Seat>,
): Observable<Outcome<Answer>> =>
  defer(() => {
    const queue = [...calls];
    const asked = new Set<string>();
    // Replayed, because a call may fail while it is being subscribed, before the next gap waits for that.
    const next$ = new ReplaySubject<Start>();
    const isOver$ = next$.pipe(ignoreElements(), endWith(true));
    let followed = 0;
    let inFlight = 0;
    let writing = 0;
    let isLate$: Observable<Start> = EMPTY;

    const gap = (): Observable<Start> =>
      merge(
        next$.pipe(
          skip(followed),
          // Counted before the call starts: it may fail at once, which is for the next gap.
          take(1),
          tap(() => {
            followed += 1;
          }),
        ),
        isLate$.pipe(takeUntil(isOver$)),
      ).pipe(take(1));

    const settle = (outcome: Outcome, start: Start): void => {
      if (outcome.status === 'answered') {
        if (inFlight === 0) next$.next('further');
        return;
      }
      if (start === 'fallback') fallbackFailed();
      if (mayFallBack()) next$.next(wasSent(outcome) ? 'fallback' : 'further');
      else if (inFlight === 0) next$.complete();
    };

    const run = (start: Start): Observable<Outcome<Answer>> => {
      const call = takeNext(queue, asked, providerOf);
      let isWriting = 0;
      let isSettled = false;
      inFlight += 1;
      const end = (): void => {
        isSettled = true;
        inFlight -= 1;
        writing -= isWriting;
      };
      isLate$ = late(call, () => writing === 0).pipe(map(() => 'hedge'));
      return begin(call, start === 'hedge' || start === 'fallback').pipe(
        tap({
          next({ status }) {
            if (status !== 'writing') {
              end();
              return;
            }
            isWriting = 1;
            writing += 1;
          },
          complete() {
            if (isSettled) return;
            // A caller's own Observable may end without an outcome.
            end();
            if (inFlight === 0) next$.next('further');
          },
        }),
        filter(isOutcome),
        // After the outcome has been delivered, so that the stop rule may end the vote before the next call.
        mergeMap((outcome) => of(outcome).pipe(tap({ complete: () => settle(outcome, start) }))),
      );
    };

    return range(0, Math.min(queue.length, maxCalls)).pipe(
      concatMap((index) => (index === 0 ? of<Start>('first') : gap())),
      mergeMap(run),
    );
  });
