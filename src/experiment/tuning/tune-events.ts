import { map, Observable } from 'rxjs';
import { inSlices } from '../../time/in-slices.ts';
import { type Tuned, tuning } from './tune.ts';
import type { TuneAdvice, TuneOptions } from './tune-options.ts';

/** What {@link tune$} emits: the share of the work that is done, from 0 to 1, and in the end the result. */
export type TuneEvent =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'complete'; readonly tuned: Tuned };

/**
 * As {@link tune}, in slices of some milliseconds, between which other code may run: for a server, or a page that shows the
 * progress. It emits the progress after each slice, then the same result as `tune`, and completes.
 *
 * ```text
 * tune$(options)   --p--p--p--p--C|
 * unsubscribe      --p--p--!          ends at the next pause
 * ```
 *
 * Costs no calls. Nothing happens before it is subscribed. Takes as long as `tune`. To use another core instead, call `tune` in a
 * worker: ballots and results can be posted to it.
 *
 * @throws {ConfigError} as an error of the Observable, with the same faults as `tune`.
 *
 * @example
 * ```ts
 * import { lastValueFrom } from 'rxjs';
 * import { tune$ } from 'crucible-ensemble/experiment';
 *
 * const ballots = Array.from({ length: 30 }, (_, index) => {
 *   const right = `${index % 3}`;
 *   return {
 *     id: `${index}`,
 *     rightKeys: new Set([right]),
 *     votes: new Map([
 *       ['careful', { key: right }],
 *       ['hasty', { key: '0' }],
 *     ]),
 *   };
 * });
 * const event = await lastValueFrom(tune$({ ballots, aim: { maximize: 'accuracy' } }));
 * event.type === 'complete' && event.tuned.panel.members; // => ['careful']
 * ```
 */
export const tune$ = (options: TuneOptions): Observable<TuneEvent> => tuningInSlices(options);

/** As {@link tune$}, with what to do about faults. */
export const tuningInSlices = (options: TuneOptions, advice?: TuneAdvice): Observable<TuneEvent> =>
  new Observable((subscriber) =>
    inSlices(
      () => tuning(options, advice),
      (share) => subscriber.next({ type: 'progress', share }),
    )
      .pipe(map((tuned): TuneEvent => ({ type: 'complete', tuned })))
      .subscribe(subscriber),
  );
