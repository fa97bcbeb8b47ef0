import { ConfigError } from '../domain/errors.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { layered } from '../options.ts';
import { type BudgetOptions, budget } from './budget.ts';
import { type CacheOptions, cache } from './cache.ts';
import { type CircuitBreakerOptions, circuitBreaker } from './circuit-breaker.ts';
import { type ConcurrencyOptions, concurrency } from './concurrency.ts';
import { type RateLimitOptions, rateLimit } from './rate-limit.ts';
import { type RetryOptions, retry } from './retry.ts';
import { retryBudget } from './retry-budget.ts';

/** What makes a model out of a model: every function of `crucible-ensemble/policies` but `fallback` returns one. */
export type Policy = (model: Model) => Model;

/** A policy as an option of an ensemble: `true` for its defaults, its options, or a policy made elsewhere. */
export type PolicyOption<Options> = boolean | Options | Policy;

/** The policies of an ensemble, each in short form; they live as long as the ensemble. */
export interface EnsemblePolicies {
  /** Makes failed calls again, within one budget over the whole ensemble. Default: none are. */
  readonly retry?: PolicyOption<RetryOptions>;
  /** Stops asking a model whose calls fail, each by a circuit of its own. Default: all are asked. */
  readonly circuitBreaker?: PolicyOption<CircuitBreakerOptions>;
  /** How many calls of one provider may be out at once. Default: all. */
  readonly concurrency?: number | ConcurrencyOptions | Policy;
  /** How many calls of one provider may start in a minute; `true` for what it says itself. Default: all. */
  readonly rateLimit?: number | PolicyOption<RateLimitOptions>;
  /** Asks only once for what was answered before, in one store for all models. Default: always asks. */
  readonly cache?: PolicyOption<CacheOptions>;
  /** Makes no call that could cost more than is left; `pricing` is that of the ensemble. Default: no limit. */
  readonly budget?: (Omit<BudgetOptions, 'pricing'> & Partial<Pick<BudgetOptions, 'pricing'>>) | Policy;
}

/** The policies of an ensemble as one, and what is wrong with their options. */
export interface PolicyChain {
  readonly faults: readonly string[];
  readonly apply: Policy;
}

/** A policy for each provider; a model that names none is its own. */
const perProvider = (make: () => Policy): Policy => {
  const policies = new Map<string, Policy>();
  return (model) => {
    const provider = model.provider ?? model.id;
    const policy = policies.get(provider) ?? make();
    policies.set(provider, policy);
    return policy(model);
  };
};

/** What `make` makes; nothing where its options have faults, which are added to the others. */
const collecting = (faults: string[], make: () => Policy): Policy[] => {
  try {
    return [make()];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
    return [];
  }
};

/** The options that a short form stands for: none where there is no policy, or it was made elsewhere. */
const optionsOf = <Options extends object>(given: unknown, ofNumber?: string): Options | undefined => {
  if (given === true) return {} as Options;
  if (typeof given === 'number' && ofNumber !== undefined) return { [ofNumber]: given } as Options;
  return typeof given === 'object' && given !== null ? (given as Options) : undefined;
};

/**
 * The policies that an ensemble was given, innermost first. Each model is decorated once, so that a panel that is
 * chosen for each query finds its state again.
 */
export const toPolicyChain = (given: EnsemblePolicies & { readonly pricing?: Pricing }): PolicyChain => {
  const { pricing } = given;
  const faults: string[] = [];
  const policyOf = <Options extends object>(
    short: unknown,
    make: (options: Options) => Policy,
    ofNumber?: string,
  ): Policy[] => {
    if (typeof short === 'function') return [short as Policy];
    const options = optionsOf<Options>(short, ofNumber);
    return options === undefined ? [] : collecting(faults, () => make(options));
  };
  /** Made once more for each provider, and once at the beginning, for its faults. */
  const ofProviders =
    <Options>(make: (options: Options) => Policy) =>
    (options: Options): Policy => {
      make(options);
      return perProvider(() => make(options));
    };
  const policies = [
    ...policyOf<BudgetOptions>(given.budget, (options) =>
      budget(
        layered<Partial<BudgetOptions>>(pricing === undefined ? {} : { pricing }, options) as BudgetOptions,
      ),
    ),
    ...policyOf(given.rateLimit, ofProviders<RateLimitOptions>(rateLimit), 'requestsPerMinute'),
    ...policyOf(given.concurrency, ofProviders<ConcurrencyOptions>(concurrency), 'maxConcurrent'),
    ...policyOf(given.circuitBreaker, circuitBreaker),
    ...policyOf<RetryOptions>(given.retry, (options) =>
      retry(layered<RetryOptions>({ budget: retryBudget() }, options)),
    ),
    ...policyOf(given.cache, cache),
  ];
  if (policies.length === 0) return { faults, apply: (model) => model };
  const decorated = new WeakMap<Model, Model>();
  return {
    faults,
    apply(model) {
      const made = decorated.get(model) ?? policies.reduce((inner, policy) => policy(inner), model);
      decorated.set(model, made);
      return made;
    },
  };
};
