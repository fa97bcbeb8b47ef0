import { ConfigError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { given as definedOnly } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Pricing } from '../domain/pricing.ts';
import { layered } from '../options.ts';
import { type BudgetOptions, budget } from './budget.ts';
import { type CacheOptions, cache } from './cache.ts';
import { type CircuitBreakerOptions, circuitBreaker } from './circuit-breaker.ts';
import { type ConcurrencyOptions, concurrency } from './concurrency.ts';
import { ownPolicy, type Policy, type PolicyChain, policyChain } from './policy-chain.ts';
import { type RateLimitOptions, rateLimit } from './rate-limit.ts';
import { type RetryOptions, retry } from './retry.ts';
import { retryBudget } from './retry-budget.ts';
import { ledgerOf } from './spending-cap.ts';

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

/** Makes the policies of an ensemble of their short forms, and combines them. */
export const toPolicyChain = (given: EnsemblePolicies & { readonly pricing?: Pricing }): PolicyChain => {
  const { pricing } = given;
  const faults: string[] = [];
  /** Makes a policy, or none if it is off or its options have faults. */
  const policyOf = <Options extends object>(
    name: keyof EnsemblePolicies,
    make: (options: Options) => Policy,
    ofNumber?: string,
  ): Policy | undefined => {
    const short: unknown = given[name];
    if (short === factories[name]) {
      faults.push(
        `createEnsemble: option "${name}" must be options of ${name}, or a policy, but got the function ${name} itself; call it: ${name}(…)`,
      );
      return undefined;
    }
    if (typeof short === 'function') return ownPolicy(name, short as Policy);
    const options =
      short === true && name !== 'concurrency'
        ? {}
        : typeof short === 'number' && ofNumber
          ? { [ofNumber]: short }
          : short;
    if (!isObject(options)) return undefined;
    try {
      return make(options as Options);
    } catch (error) {
      if (isA(error, ConfigError)) faults.push(...error.faults);
      else faults.push(`createEnsemble: option "${name}" cannot be read; give it as plain data`);
      return undefined;
    }
  };
  const policies = {
    budget: policyOf<BudgetOptions>('budget', (options) =>
      // A cap in the place of options is no longer one once it is copied.
      budget(
        ledgerOf(options) === undefined
          ? (layered<Partial<BudgetOptions>>(definedOnly({ pricing }), options) as BudgetOptions)
          : options,
      ),
    ),
    rateLimit: policyOf('rateLimit', perProvider<RateLimitOptions>(rateLimit), 'requestsPerMinute'),
    concurrency: policyOf('concurrency', perProvider<ConcurrencyOptions>(concurrency), 'maxConcurrent'),
    circuitBreaker: policyOf('circuitBreaker', circuitBreaker),
    retry: policyOf<RetryOptions>('retry', (options) =>
      retry(layered<RetryOptions>({ budget: retryBudget() }, options)),
    ),
    cache: policyOf('cache', cache),
  };
  return policyChain(policies, faults);
};
