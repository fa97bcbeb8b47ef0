import { isObject } from '../../../domain/is-object.ts';
import {
  between,
  type Completed,
  delayMs,
  faultsOf,
  oneOf,
  type Specs,
  suchThat,
  wholeNumber,
} from '../../../options.ts';

/** How the hedge delay of each model is learned from its recent calls. */
export interface LearnedDelay {
  /** The percentage of a model's calls that end before the delay. Default 95, range 1..99.9. */
  readonly percentile?: number;
  /** The answers of a model before its delay is learned; until then it is `hedgeDelayMs`. Default 50, at least 1. */
  readonly warmUpCalls?: number;
  /** The shortest delay, in milliseconds. Default 10, range 0..2³¹ − 1. */
  readonly minMs?: number;
  /** The number of later calls after which a call counts half. Default 300, at least 1. */
  readonly halfLifeCalls?: number;
}

/** When a call is late, and how many hedges there may be. */
export interface HedgeOptions {
  /** The time after which a call is late, in milliseconds. Default 1000, range 0..2³¹ − 1. */
  readonly hedgeDelayMs?: number;
  /** Learns the delay of each model from its recent calls instead. */
  readonly delay?: LearnedDelay;
  /**
   * The hedges for each call, as a budget over all predictions. Default: no limit; with a learned `delay`, the ratio
   * of calls above its percentile. Range 0..1.
   */
  readonly maxExtraRatio?: number;
  /**
   * The event that must happen before the delay: the whole answer or, if the model streams, its first piece. Default
   * `completion`.
   */
  readonly on?: 'completion' | 'firstToken';
  /** The maximum number of hedges at a time. */
  readonly maxHedges?: number;
}

/** The specification of {@link LearnedDelay}. */
export const learnedSpecs = {
  percentile: [between(1, 99.9), 95],
  warmUpCalls: [wholeNumber(1), 50],
  minMs: [delayMs, 10],
  halfLifeCalls: [wholeNumber(1), 300],
} as const satisfies Specs<LearnedDelay>;

/** The specification of {@link HedgeOptions}. */
export const hedgeSpecs = {
  hedgeDelayMs: [delayMs, 1000],
  delay: suchThat('an object, such as { percentile: 95 }', isObject),
  maxExtraRatio: between(0, 1),
  on: [oneOf(['completion', 'firstToken'], ''), 'completion'],
} as const satisfies Specs<Omit<HedgeOptions, 'maxHedges'>>;

/** The options that all hedges have, with their defaults. */
export type CompletedHedge = Completed<Omit<HedgeOptions, 'maxHedges'>, typeof hedgeSpecs>;

/** Returns the faults of the options of a learned delay. */
export const delayFaults = (owner: string, options: HedgeOptions | undefined): readonly string[] =>
  isObject(options?.delay) ? faultsOf(`${owner}.delay`, options.delay, learnedSpecs) : [];

/** Returns the delay of every hedge, unless it is learned. */
export const fixedDelay = ({
  delay,
  hedgeDelayMs,
}: Pick<CompletedHedge, 'delay' | 'hedgeDelayMs'>): { readonly delayMs?: number } =>
  delay === undefined ? { delayMs: hedgeDelayMs } : {};
