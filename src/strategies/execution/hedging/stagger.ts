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
import type { HedgePolicy, Said } from './hedge-policy.ts';

/** When the next of several calls starts. */
export interface Staggering<Answer, Seat> extends Pick<HedgePolicy, 'mayFallBack' | 'fallbackFailed'> {
  readonly maxCalls: number;
  /** Whom to ask rather late than soon: a provider that has been asked already. Without it, the order is that of the calls. */
  readonly providerOf?: (call: Seat) => string | undefined;
  /** Starts a call, which is an extra one where it would not be made if those before it were well. */
  readonly begin: (call: Seat, isExtra: boolean) => Observable<Said<Answer>>;
  /** Emits when the call that starts now is late and `isQuiet` holds, so that another one is to start. */
  readonly late: (call: Seat, isQuiet: () => boolean) => Observable<unknown>;
}

type Start = 'first' | 'hedge' | 'fallback' | 'further';

export const isOutcome = <Answer>(said: Said<Answer>): said is Outcome<Answer> => said.status !== 'writing';

/** Who is asked in place of an open circuit is no call on top of another. */
const wasSent = (outcome: Outcome): boolean =>
  !(outcome.status === 'failed' && outcome.error instanceof CircuitOpenError);

/** Takes the first call out of a line whose provider has not been asked yet, or the first of all. */
const takeNext = <Seat>(
  line: Seat[],
  asked: Set<string>,
  providerOf: (call: Seat) => string | undefined,
): Seat => {
  const isElsewhere = (call: Seat) => !asked.has(providerOf(call) ?? '');
  const [next] = line.splice(Math.max(0, line.findIndex(isElsewhere)), 1) as [Seat];
  const provider = providerOf(next);
  if (provider !== undefined) asked.add(provider);
  return next;
};

/**
 * Starts one call after the other: when the last one is late, for each one that fails or abstains, and where
 * nothing is out and nobody has had enough.
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
    const line = [...calls];
    const asked = new Set<string>();
    // Replayed, since a call may fail within its own subscription, before anybody waits for that.
    const next$ = new ReplaySubject<Start>();
    const isOver$ = next$.pipe(ignoreElements(), endWith(true));
    let followed = 0;
    let out = 0;
    let writing = 0;
    let isLate$: Observable<Start> = EMPTY;

    const gap = (): Observable<Start> =>
      merge(
        next$.pipe(
          skip(followed),
          // Before it is counted: a call started here may fail at once, which is for the next gap.
          take(1),
          tap(() => {
            followed += 1;
          }),
        ),
        isLate$.pipe(takeUntil(isOver$)),
      ).pipe(take(1));

    const settle = (outcome: Outcome, start: Start): void => {
      if (outcome.status === 'answered') {
        if (out === 0) next$.next('further');
        return;
      }
      if (start === 'fallback') fallbackFailed();
      if (mayFallBack()) next$.next(wasSent(outcome) ? 'fallback' : 'further');
      else if (out === 0) next$.complete();
    };

    const run = (start: Start): Observable<Outcome<Answer>> => {
      const call = takeNext(line, asked, providerOf);
      let isWriting = 0;
      out += 1;
      isLate$ = late(call, () => writing === 0).pipe(map(() => 'hedge'));
      return begin(call, start === 'hedge' || start === 'fallback').pipe(
        tap(({ status }) => {
          if (status === 'writing') isWriting = 1;
          else out -= 1;
          writing += status === 'writing' ? 1 : -isWriting;
        }),
        filter(isOutcome),
        // On completion, so that the election hears of the setback first and may still end.
        mergeMap((outcome) => of(outcome).pipe(tap({ complete: () => settle(outcome, start) }))),
      );
    };

    return range(0, Math.min(line.length, maxCalls)).pipe(
      concatMap((index) => (index === 0 ? of<Start>('first') : gap())),
      mergeMap(run),
    );
  });
