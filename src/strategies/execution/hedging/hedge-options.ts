import { between, type Check, delayMs, faultsOf, oneOf, refuse, wholeNumber } from '../../../options.ts';

/** How a hedge delay is learned from what is heard of each model. */
export interface LearnedDelay {
  /** The share of a model's calls that are quicker than the delay, in percent. Default 95. */
  readonly percentile?: number;
  /** The calls that are heard of a model before its delay is learned; until then it is `hedgeDelayMs`. Default 50. */
  readonly warmUpCalls?: number;
  /** The shortest delay, in milliseconds. Default 10. */
  readonly minMs?: number;
  /** After so many more calls, a call counts half. Default 300. */
  readonly halfLifeCalls?: number;
}

/** When a call is late, and what may be done about it. */
export interface HedgeOptions {
  /** How long a call is given before it is late, in milliseconds. Default 1000. */
  readonly hedgeDelayMs?: number;
  /** Learns the delay of each model instead, from its recent calls. */
  readonly delay?: LearnedDelay;
  /**
   * The hedges that there may be for each call, 0..1, as a budget over all predictions. Default: no limit; with
   * a learned `delay`, the share of the calls that are above its percentile.
   */
  readonly maxExtraRatio?: number;
  /** What has to come in time: the whole answer, or its first piece where the model streams. Default `completion`. */
  readonly on?: 'completion' | 'firstToken';
  /** The most hedges at a time. */
  readonly maxHedges?: number;
}

const learnedChecks: Readonly<Record<keyof LearnedDelay, Check>> = {
  percentile: between(1, 99.9),
  warmUpCalls: wholeNumber(1),
  minMs: delayMs,
  halfLifeCalls: wholeNumber(1),
};

const hedgeChecks: Readonly<Record<keyof HedgeOptions, Check>> = {
  hedgeDelayMs: delayMs,
  delay: oneOf([], '{ percentile: 95 } or the like', (value) => typeof value === 'object' && value !== null),
  maxExtraRatio: between(0, 1),
  on: oneOf(['completion', 'firstToken'], ''),
  maxHedges: wholeNumber(0),
};

/** @throws {ConfigError} listing every fault of the options, of which there may be more than those of a hedge. */
export const refuseHedge = (
  owner: string,
  options: HedgeOptions,
  more: Readonly<Record<string, Check>> = {},
): void => {
  const { delay } = options ?? {};
  refuse([
    ...faultsOf(owner, options, { ...hedgeChecks, ...more }),
    ...(typeof delay === 'object' && delay !== null ? faultsOf(`${owner}: delay`, delay, learnedChecks) : []),
  ]);
};
