import type { Call, Execution } from '../../domain/execution.ts';
import { internal } from '../../domain/internal.ts';
import { type HedgeOptions, refuseHedge } from './hedging/hedge-options.ts';
import { hedgePolicy } from './hedging/hedge-policy.ts';
import { hedgedCall } from './hedging/hedged-call.ts';

/** Options of {@link hedgeEach}. */
export interface HedgeEachOptions extends HedgeOptions {
  /** How often each call may be made again. Default 1. */
  readonly maxHedges?: number;
}

/**
 * Any execution, with each of its calls made again where it is late: a panel whose slow member does not hold up the
 * election. The first answer of a member is its vote, and its other calls are aborted. Schedule, stop rule
 * and name stay those of the execution.
 *
 * ```text
 * a      ^---4
 * b      ^---------------!     late: asked again
 * b      ---------^---4        its vote
 * ```
 *
 * Each call that is made is in the account, and a member has one vote however often it was asked. A failure is not
 * repeated: that is for `retry`. Costs a call more for each one that is late, within `maxExtraRatio`. What is
 * learned and what may be spent is shared by all executions that come out of one `hedgeEach(...)`.
 *
 * @throws {ConfigError} listing every fault of the options.
 *
 * @example
 * ```ts
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
  refuseHedge('hedgeEach', options);
  const { maxHedges = 1 } = options;
  const policy = hedgePolicy(options);
  const makeAllowance = () => ({ hedges: maxHedges });
  return (execution) => ({
    ...execution,
    schedule: <Answer>(calls: readonly Call<Answer>[]) =>
      execution.schedule(calls.map((call) => hedgedCall(call, policy, makeAllowance))),
    [internal]: {
      snapshot: () => {
        const restores = [policy.note(), execution[internal]?.snapshot()];
        return () => {
          for (const restore of restores) restore?.();
        };
      },
    },
  });
};
