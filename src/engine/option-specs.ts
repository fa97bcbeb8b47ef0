import { readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import {
  aModel,
  type Check,
  hasMethods,
  limitMs,
  ofType,
  oneOf,
  type Specs,
  shown,
  suchThat,
  wholeNumber,
  withFix,
} from '../options.ts';
import { policyNames } from '../policies/policy-chain.ts';
import { abortSignal } from './abort-with.ts';
import type { PredictOverrides } from './ensemble-options.ts';

const isFunction = (value: unknown): boolean => typeof value === 'function';

const isVoter = (value: unknown): boolean => hasMethods(value, 'init', 'add', 'tally');

/** Whether a value is a grouping, or a function of the votes. */
export const isGrouping = (value: unknown): boolean =>
  isFunction(value) || hasMethods(value, 'init', 'add', 'groups');

/** Whether a value is a decider, or a function of the tally. */
export const isDecider = (value: unknown): boolean => isFunction(value) || hasMethods(value, 'decide');

/** Accepts a voter. */
export const voter = suchThat('a voter, such as majority()', isVoter);

/** The maximum number of bytes of a request by default: the limit of OpenAI. */
export const MAX_REQUEST_BYTES = 50_000_000;

/** What options accept by name, and the factories that are no values themselves. */
interface Names {
  readonly executions: object;
  readonly strategies: object;
  readonly stopRules: object;
  readonly factories: readonly unknown[];
}

const noNames: Names = { executions: {}, strategies: {}, stopRules: {}, factories: [] };

/** Accepts a value, or one of these names. */
const named = (names: object, otherwise: string, accepts: (value: unknown) => boolean): Check => {
  const known = Object.keys(names);
  return oneOf(known, known.length > 0 ? `or ${otherwise}` : otherwise, accepts);
};

/** The checks of the options that can be set for one prediction as well, with their defaults. */
export const predictionSpecsWith = ({ executions, strategies, stopRules, factories }: Names) => {
  /** A factory that was given itself. */
  const callIt = (value: unknown): string | undefined =>
    factories.includes(value) ? `call it: ${readSafely(value, 'name')}()` : undefined;
  const isCallable = (value: unknown): boolean => isFunction(value) && !factories.includes(value);
  const isExecution = (value: unknown): boolean =>
    isObject(value) &&
    isCallable(Reflect.get(value, 'schedule')) &&
    // Its name in 0.1: a rule that never stops would go unnoticed.
    !Reflect.has(value, 'stopWhen') &&
    ['earlyStop', 'minResponses'].every((part) => {
      const given: unknown = Reflect.get(value, part);
      return given === undefined || isCallable(given);
    }) &&
    (Reflect.get(value, 'strategy') === undefined || isVoter(Reflect.get(value, 'strategy')));
  return {
    models: suchThat(
      'an array of models, or a function of the query',
      (value) => Array.isArray(value) || isFunction(value),
      (value) => (typeof value === 'string' ? aModel.fix?.(value) : undefined),
    ),
    execution: withFix(
      named(executions, '{ schedule, earlyStop }, such as parallel() or { schedule: yours }', isExecution),
      (value) => {
        if (Object.hasOwn(strategies, String(value)) || isVoter(value))
          return 'that is a strategy: set "strategy"';
        return isFunction(value) ? (callIt(value) ?? 'wrap it: { schedule: yours }') : undefined;
      },
    ),
    strategy: withFix(
      oneOf(
        Object.keys(strategies),
        'a voter, such as majority(), or a function of the votes',
        (value) => isCallable(value) || isVoter(value),
      ),
      (value) =>
        Object.hasOwn(executions, String(value)) || isExecution(value)
          ? 'that is an execution: set "execution"'
          : callIt(value),
    ),
    normalization: suchThat('a function of the text, such as numeric', isFunction),
    check: ofType('function'),
    grouping: suchThat(
      'a grouping, such as byContent() of crucible-ensemble/grouping, a function of the votes, or false',
      (value) => value === false || (isGrouping(value) && !factories.includes(value)),
    ),
    decide: suchThat(
      'a decider, such as judge({ model }) of crucible-ensemble/deciders, a function of the tally, or false',
      (value) => value === false || (isDecider(value) && !factories.includes(value)),
      (value) => (aModel(value) === undefined ? 'did you mean judge({ model: yours })?' : undefined),
    ),
    timeoutMs: [limitMs, 60_000],
    deadlineMs: [limitMs, Number.POSITIVE_INFINITY],
    minResponses: wholeNumber(1),
    system: ofType('string'),
    settings: suchThat('settings, such as { temperature: 1 }', isObject),
    maxRequestBytes: [wholeNumber(1), MAX_REQUEST_BYTES],
    samples: [wholeNumber(1), 1],
    pricing: suchThat(
      'a pricing with priceOf and countTokens, such as genaiPrices()',
      (value) => hasMethods(value, 'priceOf', 'countTokens'),
      (value) => (isFunction(value) ? 'wrap it: { priceOf: yours, countTokens }' : undefined),
    ),
    acceptUnfinished: [ofType('boolean'), false],
    debug: [ofType('boolean'), false],
    telemetryMetadata: ofType('object'),
    earlyStop: withFix(
      oneOf(
        Object.keys(stopRules),
        'a share from 0 to 1, a stop rule such as decided(), or false',
        (value) =>
          value === false || (typeof value === 'number' && value >= 0 && value <= 1) || isCallable(value),
      ),
      (value) =>
        value === true
          ? `did you mean ${Object.keys(stopRules).map((name) => `'${name}'`)[0] ?? 'decided()'}?`
          : callIt(value),
    ),
  } as const satisfies Specs<Omit<PredictOverrides, 'signal' | 'context'>>;
};

/** The checks of values. */
export const predictionSpecs = predictionSpecsWith(noNames);

/** The names of the options that can be overridden. */
export const overridableNames = Object.keys(predictionSpecs) as (keyof typeof predictionSpecs)[];

/** The checks of all overrides of one prediction. */
export const overrideSpecsOf = <Own extends object>(specs: Own) => ({
  ...specs,
  signal: abortSignal,
  context: () => undefined,
});

/** Faults of overrides besides their values: another value in their place, such as a signal, and policies among them. */
export const overrideFaults = (owner: string, overrides: unknown): readonly string[] => {
  const isSignal = abortSignal(overrides) === undefined;
  if (!isObject(overrides) || Array.isArray(overrides) || isSignal) {
    return [
      `${owner}: expected overrides, such as { signal }, but got ${isSignal ? 'an AbortSignal; did you mean { signal: yours }?' : shown(overrides)}`,
    ];
  }
  return policyNames
    .filter((name) => Reflect.get(overrides, name) !== undefined)
    .map((name) => `${owner}: "${name}" is an option of createEnsemble, for all predictions; set it there`);
};
