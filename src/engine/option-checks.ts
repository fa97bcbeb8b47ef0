import { isObject } from '../domain/is-object.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import { asWritten, isNormalization, normalizerOf } from '../normalizers/normalizers.ts';
import { type Check, properName, type Specs, suchThat } from '../options.ts';
import { type EnsemblePolicies, toPolicyChain } from '../policies/short-forms.ts';
import { executions, strategies } from '../strategies/named-strategies.ts';
import { adaptive } from '../strategies/stopping/adaptive.ts';
import { decided } from '../strategies/stopping/decided.ts';
import { firstAnswer } from '../strategies/stopping/first-answer.ts';
import { never } from '../strategies/stopping/never.ts';
import { closing } from './closing.ts';
import { deciding } from './deciding.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';
import type { Forms, PredictionValues } from './forms.ts';
import { grouped } from './grouped.ts';
import { mismatchOf } from './mismatch.ts';
import { overridableNames, overrideSpecsOf, predictionSpecsWith } from './option-specs.ts';
import { roleCallOf } from './role-call.ts';
import { conversations } from './to-request.ts';

/** Factories. Given instead of what they make, `majority` for `majority()`, they would fail late and without a hint. */
const factories: readonly unknown[] = [
  ...Object.values(strategies),
  ...Object.values(executions),
  adaptive,
  decided,
  firstAnswer,
  never,
];

const isCallable = (value: unknown): boolean => typeof value === 'function' && !factories.includes(value);

/** Accepts a stop rule. */
export const stopRule = suchThat('a stop rule, such as decided()', isCallable);

const stopRules = { decided };

/** The options that can be set for one prediction as well, with their defaults. */
export const predictionSpecs = {
  ...predictionSpecsWith({ executions, strategies, stopRules, factories }),
  normalization: isNormalization,
};

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

/** All options of an ensemble. */
export const ensembleSpecs = {
  name: [properName, 'ensemble'],
  ...predictionSpecs,
  ...policySpecs,
} as const satisfies Specs<EnsembleOptions>;

/** All overrides of one prediction. */
export const overrideSpecs = overrideSpecsOf(predictionSpecs) satisfies Specs<PredictOverrides>;

/** How an ensemble with these options reads answers. */
export const normalizationIn = ({
  normalization,
  grouping,
}: Pick<EnsembleOptions, 'normalization' | 'grouping'>): Normalizer =>
  normalizerOf(normalization ?? (grouping ? asWritten : undefined));

/** Returns what a name stands for. Another value stays as it is. */
const meant = <Value>(names: Readonly<Record<string, () => Value>>, given: unknown): Value =>
  typeof given === 'string' && Object.hasOwn(names, given)
    ? (names[given] as () => Value)()
    : (given as Value);

/** Adds to a value the code that it needs. What is not valid stays as it is, for the checks to refuse. */
const ifValid = <Value extends object, Whole>(
  check: Check,
  given: Value | false | undefined,
  whole: (value: Value) => Whole,
): Whole | false | undefined =>
  given && check(given) === undefined ? whole(given) : (given as false | undefined);

/** Options that are values, names or short forms. */
export const namedForms: Forms = {
  closing,
  roleCalls: (run, ended$) => roleCallOf(run, () => undefined, ended$),
  ensembleSpecs,
  overrideSpecs,
  // Read by name, because options may be getters or inherited.
  valuesOf: (options): PredictionValues => ({
    ...Object.fromEntries(overridableNames.map((name) => [name, options[name]])),
    execution: meant(executions, options.execution),
    strategy: meant(strategies, options.strategy),
    normalization: normalizationIn(options),
    grouping: ifValid(predictionSpecs.grouping, options.grouping, grouped),
    decide: ifValid(predictionSpecs.decide, options.decide, deciding),
    earlyStop: meant<Exclude<EnsembleOptions['earlyStop'], 'decided'>>(stopRules, options.earlyStop),
  }),
  queries: conversations,
  policiesOf: toPolicyChain,
  mismatchOf,
};
