import { ConfigError } from '../domain/errors.ts';
import { guarding, isA } from '../domain/foreign.ts';
import { given as definedOnly } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { aModel, layered } from '../options.ts';
import { type BudgetOptions, budget } from './budget.ts';
import { type CacheOptions, cache } from './cache.ts';
import { type CircuitBreakerOptions, circuitBreaker } from './circuit-breaker.ts';
import { type ConcurrencyOptions, concurrency } from './concurrency.ts';
import { type RateLimitOptions, rateLimit } from './rate-limit.ts';
import { type RetryOptions, retry } from './retry.ts';
import { retryBudget } from './retry-budget.ts';
import { ledgerOf } from './spending-cap.ts';

/** A function from model to model. Every factory of `crucible-ensemble/policies` returns one, except `fallback`. */
export type Policy = (model: Model) => Model;

/** A policy as an option of an ensemble: `true` for its defaults, its options, or a policy made elsewhere. */
export type PolicyOption<Options> = boolean | Options | Policy;

/** The policies of an ensemble in short form. They keep their state as long as the ensemble exists. */
export interface EnsemblePolicies {
  /** Repeats failed calls, within one budget for the whole ensemble. Default: off. */
  readonly retry?: PolicyOption<RetryOptions>;
  /** Stops calling a model after too many failures; each model has its own circuit. Default: off. */
  readonly circuitBreaker?: PolicyOption<CircuitBreakerOptions>;
  /** The maximum number of calls in flight to one provider. Default: unlimited. */
  readonly concurrency?: number | ConcurrencyOptions | Policy;
  /** The maximum number of calls to one provider in a minute; `true` for the limit that it reports. Default: unlimited. */
  readonly rateLimit?: number | PolicyOption<RateLimitOptions>;
  /** Calls a model only once for each request; one store for all models. Default: off. */
  readonly cache?: PolicyOption<CacheOptions>;
  /** Refuses calls that could exceed a limit in USD; `pricing` is that of the ensemble. Default: off. */
  readonly budget?: (Omit<BudgetOptions, 'pricing'> & Partial<Pick<BudgetOptions, 'pricing'>>) | Policy;
}

/** The policies of an ensemble as one policy, and the faults of their options. */
export interface PolicyChain {
  readonly faults: readonly string[];
  readonly apply: Policy;
  /** Returns the faults of models that the policies cannot be applied to. */
  readonly faultsOf: (models: readonly Model[]) => readonly string[];
}

/** A policy that the caller wrote: its fault is one of the configuration. */
const asPolicy =
  (name: string, policy: Policy): Policy =>
  (model) =>
    guarding(
      () => policy(model),
      (fault) => {
        throw new ConfigError([`createEnsemble: the policy "${name}" ${fault}, for the model "${model.id}"`]);
      },
      aModel,
    );

/** Makes a policy for each provider, and one at the beginning to find faults. A model without a provider has its own. */
const perProvider =
  <Options>(make: (options: Options) => Policy) =>
  (options: Options): Policy => {
    make(options);
    const policies = new Map<string, Policy>();
    return (model) => {
      const provider = model.provider ?? model.id;
      const policy = policies.get(provider) ?? make(options);
      policies.set(provider, policy);
      return policy(model);
    };
  };

/** Given instead of what they return, they would be taken for policies. */
const factories: Readonly<Record<keyof EnsemblePolicies, unknown>> = {
  budget,
  cache,
  circuitBreaker,
  concurrency,
  rateLimit,
  retry,
};

/**
 * Combines the policies of an ensemble, innermost first. Decorates each model once, so that a panel that is chosen for
 * each query finds its state again.
 */
export const toPolicyChain = (given: EnsemblePolicies & { readonly pricing?: Pricing }): PolicyChain => {
  const { pricing } = given;
  const faults: string[] = [];
  /** Makes a policy, or none if it is off or its options have faults. */
  const policyOf = <Options extends object>(
    name: keyof EnsemblePolicies,
    make: (options: Options) => Policy,
    ofNumber?: string,
  ): Policy[] => {
    const short: unknown = given[name];
    if (short === factories[name]) {
      faults.push(
        `createEnsemble: option "${name}" must be options of ${name}, or a policy, but got the function ${name} itself; call it: ${name}(…)`,
      );
      return [];
    }
    if (typeof short === 'function') return [asPolicy(name, short as Policy)];
    const options =
      short === true && name !== 'concurrency'
        ? {}
        : typeof short === 'number' && ofNumber
          ? { [ofNumber]: short }
          : short;
    if (!isObject(options)) return [];
    try {
      return [make(options as Options)];
    } catch (error) {
      if (isA(error, ConfigError)) faults.push(...error.faults);
      else faults.push(`createEnsemble: option "${name}" cannot be read; give it as plain data`);
      return [];
    }
  };
  const policies = [
    ...policyOf<BudgetOptions>('budget', (options) =>
      // A cap in the place of options is no longer one once it is copied.
      budget(
        ledgerOf(options) === undefined
          ? (layered<Partial<BudgetOptions>>(definedOnly({ pricing }), options) as BudgetOptions)
          : options,
      ),
    ),
    ...policyOf('rateLimit', perProvider<RateLimitOptions>(rateLimit), 'requestsPerMinute'),
    ...policyOf('concurrency', perProvider<ConcurrencyOptions>(concurrency), 'maxConcurrent'),
    ...policyOf('circuitBreaker', circuitBreaker),
    ...policyOf<RetryOptions>('retry', (options) =>
      retry(layered<RetryOptions>({ budget: retryBudget() }, options)),
    ),
    ...policyOf('cache', cache),
  ];
  if (policies.length === 0) return { faults, apply: (model) => model, faultsOf: () => [] };
  const decorated = new WeakMap<Model, Model>();
  const apply = (model: Model): Model => {
    const made = decorated.get(model) ?? policies.reduce((inner, policy) => policy(inner), model);
    decorated.set(model, made);
    return made;
  };
  return {
    faults,
    apply,
    faultsOf: (models) =>
      models.flatMap((model) => {
        try {
          apply(model);
          return [];
        } catch (error) {
          if (error instanceof ConfigError) return error.faults;
          throw error;
        }
      }),
  };
};
