import { defer, filter, type Observable, tap, timer } from 'rxjs';
import type { Call, FirstToken } from '../../../domain/execution.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import { type TokenBucket, tokenBucket } from '../../../domain/token-bucket.ts';
import { currentClock } from '../../../time/clock.ts';
import { hedgeDelay } from './hedge-delay.ts';
import type { HedgeOptions } from './hedge-options.ts';

/** What is heard of a call: its outcome, and before it the first piece of its answer where that is asked for. */
export type Said<Answer = unknown> = FirstToken | Outcome<Answer>;

/** When a call is late, and what may be done about it: the state of a hedged execution, over all its predictions. */
export interface HedgePolicy {
  readonly on: 'completion' | 'firstToken';
  /** The call, as cold as before: what comes of it is learned. */
  readonly watch: <Answer>(call: Call<Answer>, wantsFirstToken?: boolean) => Observable<Said<Answer>>;
  /** Emits where a call that starts now is late, `isWanted` holds, and the budget has a hedge left; then it is spent. */
  readonly late: (model: string, isWanted: () => boolean) => Observable<unknown>;
  /** Enters a call that may be hedged, which earns its share of a hedge. */
  readonly enter: () => void;
  /** Whether a call that failed may be followed by another model: not where too many of those have failed as well. */
  readonly mayFallBack: () => boolean;
  readonly fallbackFailed: () => void;
  /** Notes what was learned and spent, and yields what puts that back. */
  readonly note: () => () => void;
}

/**
 * For each call, so many fallbacks may fail: with the default budget of hedges and without retries, an outage is
 * amplified by 15 % at the most.
 */
const FAILED_FALLBACKS_PER_CALL = 0.1;

/** How many hedges, and failed fallbacks, can be saved up, so that a long calm does not pay for a storm. */
const CAPACITY = 10;

const bucketOf = (level: number): TokenBucket => tokenBucket({ capacity: CAPACITY, level });

/** A bucket that is never empty. */
const unlimited = (): TokenBucket =>
  tokenBucket({ capacity: Number.POSITIVE_INFINITY, level: Number.POSITIVE_INFINITY });

/** Makes the state that hedges have in common: what was learned, and what may be spent. */
export const hedgePolicy = (options: HedgeOptions): HedgePolicy => {
  const { on = 'completion', delay } = options;
  const { msFor, learn, note } = hedgeDelay(options);
  const extraRatio = options.maxExtraRatio ?? (delay && 1 - (delay.percentile ?? 95) / 100);
  const [hedges, fallbacks] =
    extraRatio === undefined ? [unlimited(), unlimited()] : [bucketOf(0), bucketOf(CAPACITY)];
  return {
    on,
    watch: <Answer>(call: Call<Answer>, wantsFirstToken = false) => {
      const said$: Observable<Said<Answer>> =
        wantsFirstToken || on === 'firstToken' ? call.withFirstToken$ : call;
      if (learn === undefined) return said$;
      return defer(() => {
        const clock = currentClock();
        const startedAtMs = clock();
        let isKnown = false;
        const learnOnce = (wasGivenUp: boolean): void => {
          if (isKnown) return;
          isKnown = true;
          learn(call.model.id, clock() - startedAtMs, wasGivenUp);
        };
        return said$.pipe(
          tap({
            next: ({ status }) => {
              if (status !== 'writing' || on === 'firstToken') learnOnce(status === 'failed');
            },
            unsubscribe: () => learnOnce(true),
          }),
        );
      });
    },
    late: (model, isWanted) =>
      defer(() => timer(msFor(model))).pipe(filter(() => isWanted() && hedges.spend())),
    enter() {
      hedges.earn(extraRatio ?? 0);
      fallbacks.earn(FAILED_FALLBACKS_PER_CALL);
    },
    mayFallBack: fallbacks.holdsOne,
    fallbackFailed: fallbacks.spend,
    note() {
      const notes = [note(), hedges.snapshot(), fallbacks.snapshot()];
      return () => {
        for (const putBack of notes) putBack();
      };
    },
  };
};
