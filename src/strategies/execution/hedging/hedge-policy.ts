import { defer, filter, type Observable, tap, timer } from 'rxjs';
import type { FirstToken } from '../../../domain/execution.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import { tokenBucket } from '../../../domain/token-bucket.ts';
import { currentClock } from '../../../time/clock.ts';
import type { CompleteCall } from '../compose-call.ts';
import { hedgeDelay } from './hedge-delay.ts';
import type { CompletedHedge } from './hedge-options.ts';

/** A step of a call: its outcome or, before it, the first piece of its answer. */
export type CallStep<Answer = unknown> = FirstToken | Outcome<Answer>;

/** When a call is late, and whether there may be a hedge: the state of a hedged execution over all its predictions. */
export interface HedgePolicy {
  readonly on: 'completion' | 'firstToken';
  /** Returns the call, as cold as before, and learns its latency. */
  readonly watch: <Answer>(
    call: CompleteCall<Answer>,
    wantsFirstToken?: boolean,
  ) => Observable<CallStep<Answer>>;
  /**
   * Emits when a call that starts now is late, if `isWanted` holds and the budget has a hedge left. The hedge is spent
   * then.
   */
  readonly late: (model: string, isWanted: () => boolean) => Observable<unknown>;
  /** Counts a call that may be hedged, which earns part of a hedge. */
  readonly countCall: () => void;
  /** Whether the next model may be asked after a failure: not if too many fallbacks have failed. */
  readonly mayFallBack: () => boolean;
  readonly fallbackFailed: () => void;
  /** Takes a snapshot of what was learned and spent, and returns a function that restores it. */
  readonly snapshot: () => () => void;
}

/**
 * The failed fallbacks for each call. With the default budget of hedges and without retries, an outage is amplified by
 * at most 15 %.
 */
const FAILED_FALLBACKS_PER_CALL = 0.1;

/** The hedges, and the failed fallbacks, that are saved up, so that a long calm does not pay for a storm. */
const CAPACITY = 10;

/** Makes the state that the hedges of an execution share: the learned delays and the budget. */
export const hedgePolicy = (options: CompletedHedge): HedgePolicy => {
  const { on } = options;
  const { msFor, learn, lateRatio, snapshot } = hedgeDelay(options);
  const ratio = options.maxExtraRatio ?? lateRatio;
  // Without a ratio, neither is limited. With one, hedges are earned first, and some fallbacks may fail from the start.
  const capacity = ratio === undefined ? Number.POSITIVE_INFINITY : CAPACITY;
  const hedges = tokenBucket({ capacity, level: ratio === undefined ? capacity : 0 });
  const fallbacks = tokenBucket({ capacity });
  return {
    on,
    watch: <Answer>(call: CompleteCall<Answer>, wantsFirstToken = false) => {
      const step$: Observable<CallStep<Answer>> =
        wantsFirstToken || on === 'firstToken' ? call.withFirstToken$ : call;
      if (learn === undefined) return step$;
      return defer(() => {
        const clock = currentClock();
        const startedAtMs = clock();
        let isLearned = false;
        const learnOnce = (isCensored: boolean): void => {
          if (isLearned) return;
          isLearned = true;
          learn(call.model.id, clock() - startedAtMs, isCensored);
        };
        return step$.pipe(
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
    countCall() {
      hedges.earn(ratio ?? 0);
      fallbacks.earn(FAILED_FALLBACKS_PER_CALL);
    },
    mayFallBack: fallbacks.holdsOne,
    fallbackFailed: fallbacks.spend,
    snapshot() {
      const restores = [snapshot(), hedges.snapshot(), fallbacks.snapshot()];
      return () => {
        for (const restore of restores) restore();
      };
    },
  };
};
