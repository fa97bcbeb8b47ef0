import { isNormalization } from '../normalizers/normalizer-of.ts';
import { type Check, limitMs, nonEmpty, ofType, oneOf, wholeNumber } from '../options.ts';
import { executions, strategies } from '../strategies/named-strategies.ts';
import { adaptive } from '../strategies/stopping/adaptive.ts';
import { decided } from '../strategies/stopping/decided.ts';
import { firstAnswer } from '../strategies/stopping/first-answer.ts';
import { never } from '../strategies/stopping/never.ts';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A factory in place of what it makes, `majority` for `majority()`, is a slip that would show late and oddly. */
const uncalled: readonly unknown[] = [...Object.values(strategies), adaptive, decided, firstAnswer, never];

const isCallable = (value: unknown): boolean => typeof value === 'function' && !uncalled.includes(value);

const isExecution = (value: unknown): boolean =>
  isObject(value) &&
  isCallable(Reflect.get(value, 'schedule')) &&
  // Its name in 0.1: a rule that never stops would go unnoticed.
  !Reflect.has(value, 'stopWhen') &&
  ['earlyStop', 'minResponses'].every((part) => {
    const given: unknown = Reflect.get(value, part);
    return given === undefined || isCallable(given);
  });

/** What each of the options must be that can be set for one prediction as well. */
const predictionChecks: Readonly<Record<string, Check>> = {
  models: oneOf(
    [],
    'an array of models, or a function of the query',
    (value) => Array.isArray(value) || typeof value === 'function',
  ),
  execution: oneOf(Object.keys(executions), 'or { schedule, earlyStop }, such as parallel()', isExecution),
  strategy: oneOf(
    Object.keys(strategies),
    'a voter, such as majority(), or a function of the votes',
    (value) =>
      isCallable(value) ||
      (isObject(value) &&
        ['init', 'add', 'tally'].every((part) => typeof Reflect.get(value, part) === 'function')),
  ),
  normalization: isNormalization,
  timeoutMs: limitMs,
  deadlineMs: limitMs,
  minResponses: wholeNumber(1),
  samples: wholeNumber(1),
  pricing: ofType('object'),
  acceptUnfinished: ofType('boolean'),
  telemetryMetadata: ofType('object'),
  earlyStop: oneOf(
    ['decided'],
    'a share from 0 to 1, a stop rule such as decided(), or false',
    (value) =>
      value === false || (typeof value === 'number' && value >= 0 && value <= 1) || isCallable(value),
  ),
};

const isPolicy = (value: unknown): boolean => isObject(value) || isCallable(value);

const isSwitch = (value: unknown): boolean => isPolicy(value) || typeof value === 'boolean';

/** What each policy must be in its short form; the options in it are checked by the policy. */
const policyChecks: Readonly<Record<string, Check>> = {
  retry: oneOf([], 'true, options of retry, or a policy', isSwitch),
  circuitBreaker: oneOf([], 'true, options of circuitBreaker, or a policy', isSwitch),
  concurrency: oneOf(
    [],
    'a number of calls, options of concurrency, or a policy',
    (value) => isPolicy(value) || typeof value === 'number',
  ),
  rateLimit: oneOf(
    [],
    'a number of calls in a minute, true, options of rateLimit, or a policy',
    (value) => isSwitch(value) || typeof value === 'number',
  ),
  cache: oneOf([], 'true, options of cache, or a policy', isSwitch),
  budget: oneOf([], 'options of budget, or a policy', isPolicy),
};

/** The same for all options of an ensemble. */
export const ensembleChecks: Readonly<Record<string, Check>> = {
  name: nonEmpty,
  ...predictionChecks,
  ...policyChecks,
};

/** The same for what can be overridden in one prediction. */
export const overrideChecks: Readonly<Record<string, Check>> = {
  ...predictionChecks,
  signal: ofType('object'),
};
