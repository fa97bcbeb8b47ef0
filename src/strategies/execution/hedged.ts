import { defer, EMPTY } from 'rxjs';
import type { Call, Execution, Schedule } from '../../domain/execution.ts';
import { internal } from '../../domain/internal.ts';
import { checked, oneOf, reading, wholeNumber } from '../../options.ts';
import { firstAnswer } from '../stopping/first-answer.ts';
import { type CompleteCall, completeCall } from './compose-call.ts';
import { delayFaults, fixedDelay, type HedgeOptions, hedgeSpecs } from './hedging/hedge-options.ts';
import { type HedgePolicy, hedgePolicy } from './hedging/hedge-policy.ts';
import { hedgedCall } from './hedging/hedged-call.ts';
import { stagger } from './hedging/stagger.ts';

/** Options of {@link hedged}. */
export interface HedgedOptions extends HedgeOptions {
  /** The maximum number of calls besides the first. Default 2, at least 0. */
  readonly maxHedges?: number;
  /** The model of a hedge: the next one, of another provider if there is one, or the same. Default `next`. */
  readonly to?: 'next' | 'same';
}

/**
 * Asks the first model, and the next one too if the first is late or its call fails. The first answer is taken, and the
 * other calls are cancelled. Costs one call if the first model is quick, at most `1 + maxHedges`.
 *
 * ```text
 * a    ^---------------!       slow: cancelled
 * b    ------^---4             asked after the delay; its answer is taken
 * c                            never asked
 * ```
 *
 * The delay is fixed or learned from each model's recent latencies. `delay: { percentile: 95 }` hedges one call in twenty,
 * and `maxExtraRatio` keeps it at that. The execution keeps its learned delays and its budget: create it once and use it for
 * all predictions.
 *
 * With `to: 'same'`, a late call is repeated with the same model, and after a failure the next model is asked: at most
 * `maxHedges` of each.
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts
 * import { createEnsemble, hedged, simulated } from 'crucible-ensemble';
 *
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
  return reading('hedged', () => {
    const { maxHedges, to, ...hedge } = checked(
      'hedged',
      options,
      { ...hedgeSpecs, maxHedges: [wholeNumber(0), 2], to: [oneOf(['next', 'same'], ''), 'next'] },
      delayFaults('hedged', options),
    );
    const policy = hedgePolicy(hedge);
    return {
      name: 'hedged',
      schedule: to === 'next' ? toNext(policy, 1 + maxHedges) : toSame(policy, maxHedges),
      earlyStop: firstAnswer(),
      minResponses: () => 1,
      [internal]: {
        snapshot: policy.snapshot,
        hedging:
          maxHedges === 0 ? undefined : { owner: 'hedged', isToNext: to === 'next', ...fixedDelay(hedge) },
      },
    };
  });
};

const providerOf = <Answer>({ model }: CompleteCall<Answer>): string | undefined => model.provider;

const toNext =
  (policy: HedgePolicy, maxCalls: number): Schedule =>
  <Answer>(calls: readonly Call<Answer>[]) =>
    defer(() => {
      policy.countCall();
      return stagger<Answer, CompleteCall<Answer>>(calls.map(completeCall), {
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
      return stagger<Answer, CompleteCall<Answer>>(
        calls.map((call, place) => hedgedCall(completeCall(call, place), policy, () => allowance)),
        {
          ...policy,
          maxCalls: 1 + maxHedges,
          providerOf,
          begin: (call, isExtra) => (isExtra ? call.extra : call),
          late: () => EMPTY,
        },
      );
    });
