import { readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { isNormalization } from '../normalizers/normalizers.ts';
import {
  aModel,
  hasMethods,
  limitMs,
  ofType,
  oneOf,
  properName,
  type Specs,
  shown,
  suchThat,
  wholeNumber,
  withFix,
} from '../options.ts';
import type { EnsemblePolicies } from '../policies/short-forms.ts';
import { executions, strategies } from '../strategies/named-strategies.ts';
import { adaptive } from '../strategies/stopping/adaptive.ts';
import { decided } from '../strategies/stopping/decided.ts';
import { firstAnswer } from '../strategies/stopping/first-answer.ts';
import { never } from '../strategies/stopping/never.ts';
import { abortSignal } from './abort-with.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';

/** Factories. Given instead of what they make, `majority` for `majority()`, they would fail late and without a hint. */
const uncalled: readonly unknown[] = [
  ...Object.values(strategies),
  ...Object.values(executions),
  adaptive,
  decided,
  firstAnswer,
  never,
];

/** A factory that was given itself. */
const callIt = (value: unknown): string | undefined =>
  uncalled.includes(value) ? `call it: ${readSafely(value, 'name')}()` : undefined;

const isCallable = (value: unknown): boolean => typeof value === 'function' && !uncalled.includes(value);

const isVoter = (value: unknown): boolean => hasMethods(value, 'init', 'add', 'tally');

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

/** Accepts a voter. */
export const voter = suchThat('a voter, such as majority()', isVoter);

/** Accepts a stop rule. */
export const stopRule = suchThat('a stop rule, such as decided()', isCallable);

/** The maximum number of bytes of a request by default: the limit of OpenAI. */
export const MAX_REQUEST_BYTES = 50_000_000;

/** The options that can be set for one prediction as well, with their defaults. */
export const predictionSpecs = {
  models: suchThat(
    'an array of models, or a function of the query',
    (value) => Array.isArray(value) || typeof value === 'function',
    (value) => (typeof value === 'string' ? aModel.fix?.(value) : undefined),
  ),
  execution: withFix(
    oneOf(
      Object.keys(executions),
      'or { schedule, earlyStop }, such as parallel() or { schedule: yours }',
      isExecution,
    ),
    (value) => {
      if (Object.hasOwn(strategies, String(value)) || isVoter(value))
        return 'that is a strategy: set "strategy"';
      return typeof value === 'function' ? (callIt(value) ?? 'wrap it: { schedule: yours }') : undefined;
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
  normalization: isNormalization,
  check: ofType('function'),
  grouping: suchThat(
    'a grouping, such as byContent() of crucible-ensemble/grouping, a function of the votes, or false',
    (value) => value === false || isCallable(value) || hasMethods(value, 'init', 'add', 'groups'),
  ),
  decide: suchThat(
    'a decider, such as judge({ model }) of crucible-ensemble/deciders, a function of the tally, or false',
    (value) => value === false || isCallable(value) || hasMethods(value, 'decide'),
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
    (value) => (typeof value === 'function' ? 'wrap it: { priceOf: yours, countTokens }' : undefined),
  ),
  acceptUnfinished: [ofType('boolean'), false],
  debug: [ofType('boolean'), false],
  telemetryMetadata: ofType('object'),
  earlyStop: withFix(
    oneOf(
      ['decided'],
      'a share from 0 to 1, a stop rule such as decided(), or false',
      (value) =>
        value === false || (typeof value === 'number' && value >= 0 && value <= 1) || isCallable(value),
    ),
    (value) => (value === true ? "did you mean 'decided'?" : callIt(value)),
  ),
} as const satisfies Specs<Omit<PredictOverrides, 'signal' | 'context'>>;

const isPolicy = (value: unknown): boolean => isObject(value) || isCallable(value);

const isSwitch = (value: unknown): boolean => isPolicy(value) || typeof value === 'boolean';

const turnOn = (value: unknown): string | undefined =>
  typeof value === 'string' ? 'to use its defaults, give true' : undefined;

/** The short forms of the policies. Each policy checks the options that it is given. */
const policySpecs = {
  retry: suchThat('true, options of retry, or a policy', isSwitch, (value) =>
    typeof value === 'number' ? `did you mean { maxAttempts: ${value} }?` : turnOn(value),
  ),
  circuitBreaker: suchThat('true, options of circuitBreaker, or a policy', isSwitch, turnOn),
  concurrency: suchThat(
    'a number of calls, options of concurrency, or a policy',
    (value) => isPolicy(value) || typeof value === 'number',
    (value) => (value === true ? 'give the number, such as 4' : undefined),
  ),
  rateLimit: suchThat(
    'a number of calls in a minute, true, options of rateLimit, or a policy',
    (value) => isSwitch(value) || typeof value === 'number',
  ),
  cache: suchThat('true, options of cache, or a policy', isSwitch, turnOn),
  budget: suchThat('options of budget, or a policy', isPolicy, (value) =>
    typeof value === 'number' ? `did you mean { perPredictionUsd: ${value} }?` : undefined,
  ),
} as const satisfies Specs<EnsemblePolicies>;

/** The names of the options that can be overridden. */
export const overridableNames = Object.keys(predictionSpecs) as (keyof typeof predictionSpecs)[];

/** The names of the options that are policies. */
export const policyNames = Object.keys(policySpecs) as (keyof EnsemblePolicies)[];

/** All options of an ensemble. */
export const ensembleSpecs = {
  name: [properName, 'ensemble'],
  ...predictionSpecs,
  ...policySpecs,
} as const satisfies Specs<EnsembleOptions>;

/** All overrides of one prediction. */
export const overrideSpecs = {
  ...predictionSpecs,
  signal: abortSignal,
  context: () => undefined,
} as const satisfies Specs<PredictOverrides>;

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
