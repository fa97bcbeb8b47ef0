import type { Call, Execution } from '../../domain/execution.ts';
import { internal } from '../../domain/internal.ts';
import { accepting, checked, hasMethods, reading, suchThat, wholeNumber } from '../../options.ts';
import { completeCall } from './compose-call.ts';
import { delayFaults, fixedDelay, type HedgeOptions, hedgeSpecs } from './hedging/hedge-options.ts';
import { hedgePolicy } from './hedging/hedge-policy.ts';
import { hedgedCall } from './hedging/hedged-call.ts';

/** Options of {@link hedgeEach}. */
export interface HedgeEachOptions extends HedgeOptions {
  /** How often each call may be repeated. Default 1, at least 0. */
  readonly maxHedges?: number;
}

/**
 * Hedges every call of an execution: a member that is late is asked again, so that one slow call does not delay the
 * prediction. The first answer of a member is its vote, and its other calls are cancelled. The schedule, the stop rule
 * and the name stay those of the execution.
 *
 * ```text
 * a      ^---4
 * b      ^---------------!     late: asked again
 * b      ---------^---4        its vote
 * ```
 *
 * Each call has an outcome in the prediction; each member has one vote. A failed call is not repeated: use `retry`.
 * Costs one more call for each late one, within `maxExtraRatio`. All executions that one `hedgeEach(...)` makes share
 * the learned delays and the budget.
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, hedgeEach, parallel } from 'crucible-ensemble';
 *
 * const late = new Set(['b']);
 * const models = ['a', 'b', 'c'].map((id) =>
 *   defineModel(id, async () => {
 *     if (late.delete(id)) await new Promise(() => {});
 *     return '4';
 *   }),
 * );
 * const ensemble = createEnsemble({ models, execution: hedgeEach({ hedgeDelayMs: 5 })(parallel()) });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.votes; // => { 4: 3 }
 * metadata.cancelled; // => 1
 * ```
 */
export const hedgeEach = (options: HedgeEachOptions = {}): ((execution: Execution) => Execution) => {
  return reading('hedgeEach', () => {
    const { maxHedges, ...given } = checked(
      'hedgeEach',
      options,
      { ...hedgeSpecs, maxHedges: [wholeNumber(0), 1] },
      delayFaults('hedgeEach', options),
    );
    const policy = hedgePolicy(given);
    const makeAllowance = () => ({ hedges: maxHedges });
    const hedge = (execution: Execution): Execution => ({
      ...execution,
      schedule: <Answer>(calls: readonly Call<Answer>[]) =>
        execution.schedule(
          calls.map((call, place) => hedgedCall(completeCall(call, place), policy, makeAllowance)),
        ),
      [internal]: {
        hedging: maxHedges === 0 ? undefined : { owner: 'hedgeEach', isToNext: false, ...fixedDelay(given) },
        snapshot: () => {
          const restores = [policy.snapshot(), execution[internal]?.snapshot()];
          return () => {
            for (const restore of restores) restore?.();
          };
        },
      },
    });
    return accepting('hedgeEach', anExecution, hedge);
  });
};

const anExecution = suchThat('an execution, such as parallel()', (value) => hasMethods(value, 'schedule'));
