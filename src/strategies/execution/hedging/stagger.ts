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
  range,
  Subject,
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

/** The order of the calls: the first to each provider, and those without one; then the others. */
function* inOrder<Seat>(
  calls: readonly Seat[],
  providerOf: (call: Seat) => string | undefined,
): Generator<Seat, undefined> {
  const asked = new Set<string>();
  const others: Seat[] = [];
  for (const call of calls) {
    const provider = providerOf(call);
    if (provider !== undefined && asked.has(provider)) others.push(call);
    else {
      if (provider !== undefined) asked.add(provider);
      yield call;
    }
  }
  yield* others;
}

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
    const queue = inOrder(calls, providerOf);
    // Kept, because a call may fail while it is being subscribed, before the next gap waits for that.
    const due: Start[] = [];
    const isDue$ = new Subject<void>();
    const isOver$ = isDue$.pipe(ignoreElements(), endWith(true));
    const startNext = (start: Start): void => {
      due.push(start);
      isDue$.next();
    };
    let inFlight = 0;
    let writing = 0;
    let isLate$: Observable<Start> = EMPTY;

    const gap = (): Observable<Start> =>
      merge(
        defer(() => (due.length > 0 ? of(undefined) : isDue$)).pipe(
          take(1),
          // Taken before the call starts: it may fail at once, which is for the next gap.
          map(() => due.shift() as Start),
        ),
        isLate$.pipe(takeUntil(isOver$)),
      ).pipe(take(1));

    const settle = (outcome: Outcome, start: Start): void => {
      if (outcome.status === 'answered') {
        if (inFlight === 0) startNext('further');
        return;
      }
      if (start === 'fallback') fallbackFailed();
      if (mayFallBack()) startNext(wasSent(outcome) ? 'fallback' : 'further');
      else if (inFlight === 0) isDue$.complete();
    };

    const run = (start: Start): Observable<Outcome<Answer>> => {
      const call = queue.next().value as Seat;
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
            if (inFlight === 0) startNext('further');
          },
        }),
        filter(isOutcome),
        // After the outcome has been delivered, so that the stop rule may end the vote before the next call.
        mergeMap((outcome) => of(outcome).pipe(tap({ complete: () => settle(outcome, start) }))),
      );
    };

    return range(0, Math.min(calls.length, maxCalls)).pipe(
      concatMap((index) => (index === 0 ? of<Start>('first') : gap())),
      // Ends all gaps together: one after the other, they would end within each other.
      takeUntil(isOver$),
      mergeMap(run),
    );
  });
