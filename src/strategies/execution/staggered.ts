import {
  concatMap,
  defer,
  from,
  map,
  mergeAll,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  race,
  skip,
  take,
  tap,
  timer,
} from 'rxjs';
import { delayMs, faultsOf, refuse } from '../../options.ts';
import type { Outcome } from '../../outcome.ts';

/**
 * A schedule that starts the next call a while after the last was started, or at once for each call
 * that fails or abstains. Calls already out go on; ending them is the stop rule's part.
 *
 * ```text
 * a    ^------------4
 * b    ---^--x              started at the delay; fails
 * c    ------^-----4        started at b's failure
 * ```
 *
 * @throws {ConfigError} for a delay that timers cannot wait for.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1, latencyMs: 5 })),
 *   execution: { schedule: staggered(1000), stopWhen: firstAnswer(), minResponses: () => 1 },
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['model-1']
 * ```
 */
export const staggered = (
  gapMs: number,
): (<Answer>(calls: readonly Observable<Outcome<Answer>>[]) => Observable<Outcome<Answer>>) => {
  refuse(faultsOf('staggered', { gapMs }, { gapMs: delayMs }));
  return <Answer>(calls: readonly Observable<Outcome<Answer>>[]) =>
    defer(() => {
      // Replayed, since a call may fail within its own subscription, before anybody waits for that.
      const setback$ = new ReplaySubject<void>();
      let answeredFor = 0;
      const gap = () =>
        race(
          setback$.pipe(
            skip(answeredFor),
            // Before it is counted: a call started here may fail at once, which is for the next gap.
            take(1),
            tap(() => {
              answeredFor += 1;
            }),
          ),
          timer(gapMs),
        );
      return from(calls).pipe(
        concatMap((call, index) => (index === 0 ? of(call) : gap().pipe(map(() => call)))),
        mergeAll(),
        // On completion, so that the election hears of the setback first and may still end.
        mergeMap((outcome) =>
          of(outcome).pipe(tap({ complete: () => outcome.status !== 'answered' && setback$.next() })),
        ),
      );
    });
};
