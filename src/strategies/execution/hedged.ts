import { defer, EMPTY } from 'rxjs';
import type { Call, Execution, Schedule } from '../../domain/execution.ts';
import { internal } from '../../domain/internal.ts';
import { oneOf } from '../../options.ts';
import { firstAnswer } from '../stopping/first-answer.ts';
import { type HedgeOptions, refuseHedge } from './hedging/hedge-options.ts';
import { type HedgePolicy, hedgePolicy } from './hedging/hedge-policy.ts';
import { hedgedCall } from './hedging/hedged-call.ts';
import { stagger } from './hedging/stagger.ts';

/** Options of {@link hedged}. */
export interface HedgedOptions extends HedgeOptions {
  /** How many calls may be made besides the first. Default 2. */
  readonly maxHedges?: number;
  /** Who is asked when a call is late: the next model, if possible of another provider, or the same. Default `next`. */
  readonly to?: 'next' | 'same';
}

/**
 * Asks the first model, and the next one as well when an answer is slow in coming or the call fails.
 * The first answer wins and the rest is aborted. Costs one call when the first model is quick, at most
 * `1 + maxHedges`.
 *
 * ```text
 * a    ^---------------!       slow: aborted
 * b    ------^---4             asked after the delay; its answer is taken
 * c                            never asked
 * ```
 *
 * The delay is fixed, or follows each model's recent latencies: `delay: { percentile: 95 }`, at the price of a hedge
 * for one call in twenty, and no more (`maxExtraRatio`). What is learned and what may be spent lives as long as
 * the execution: make it once, and use it for all predictions.
 *
 * With `to: 'same'` a late call is made again at its own model, and a model that fails is followed by the next one:
 * at most `maxHedges` of either.
 *
 * @throws {ConfigError} listing every fault of the options.
 *
 * @example
 * ```ts
 * const ensemble = createEnsemble({
 *   models: [
 *     simulated({ id: 'slow', accuracy: 1, latencyMs: 5000 }),
 *     simulated({ id: 'backup', accuracy: 1, latencyMs: 1 }),
 *   ],
 *   execution: hedged({ hedgeDelayMs: 5 }),
 * });
 * const { outcomes } = await ensemble.predict('What is 2 + 2?');
 * outcomes.map(({ model, status }) => [model, status]); // => [['slow', 'cancelled'], ['backup', 'answered']]
 * ```
 */
export const hedged = (options: HedgedOptions = {}): Execution => {
  refuseHedge('hedged', options, { to: oneOf(['next', 'same'], '') });
  const { maxHedges = 2, to = 'next' } = options;
  const policy = hedgePolicy(options);
  return {
    name: 'hedged',
    schedule: to === 'next' ? toNext(policy, 1 + maxHedges) : toSame(policy, maxHedges),
    earlyStop: firstAnswer(),
    minResponses: () => 1,
    [internal]: { snapshot: policy.note },
  };
};

const providerOf = ({ model }: Call): string | undefined => model.provider;

const toNext =
  (policy: HedgePolicy, maxCalls: number): Schedule =>
  <Answer>(calls: readonly Call<Answer>[]) =>
    defer(() => {
      policy.enter();
      return stagger<Answer, Call<Answer>>(calls, {
        ...policy,
        maxCalls,
        providerOf,
        begin: (call, isExtra) => policy.watch(isExtra ? call.extra : call),
        late: ({ model }, isQuiet) => policy.late(model.id, isQuiet),
      });
    });

const toSame =
  (policy: HedgePolicy, maxHedges: number): Schedule =>
  <Answer>(calls: readonly Call<Answer>[]) =>
    defer(() => {
      const allowance = { hedges: maxHedges };
      return stagger<Answer, Call<Answer>>(
        calls.map((call) => hedgedCall(call, policy, () => allowance)),
        {
          ...policy,
          maxCalls: 1 + maxHedges,
          providerOf,
          begin: (call, isExtra) => (isExtra ? call.extra : call),
          late: () => EMPTY,
        },
      );
    });
