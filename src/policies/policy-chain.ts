import { ConfigError } from '../domain/errors.ts';
import { guarding } from '../domain/foreign.ts';
import type { Model } from '../domain/model.ts';
import { aModel } from '../options.ts';

/** A function from model to model. Every factory of `crucible-ensemble/policies` returns one, except `fallback`. */
export type Policy = (model: Model) => Model;

/** The options of an ensemble that are policies, innermost first. */
export const policyNames = [
  'budget',
  'rateLimit',
  'concurrency',
  'circuitBreaker',
  'retry',
  'cache',
] as const;

/** The policies of an ensemble as one policy, and the faults of their options. */
export interface PolicyChain {
  readonly faults: readonly string[];
  readonly apply: Policy;
  /** Returns the faults of models that the policies cannot be applied to. */
  readonly faultsOf: (models: readonly Model[]) => readonly string[];
}

/** Policies by the names of their options; those that are off are absent. */
export type PoliciesByName = { readonly [Name in (typeof policyNames)[number]]?: Policy | undefined };

/** A policy that the caller wrote: its fault is one of the configuration. */
export const ownPolicy =
  (name: string, policy: Policy): Policy =>
  (model) =>
    guarding(
      () => policy(model),
      (fault) => {
        throw new ConfigError([`createEnsemble: the policy "${name}" ${fault}, for the model "${model.id}"`]);
      },
      aModel,
    );

/** The policies of a caller as one. What is no function is refused by the checks of the options. */
export const chainOfValues = (given: PoliciesByName): PolicyChain =>
  policyChain(
    Object.fromEntries(
      policyNames.flatMap((name) => {
        const policy = given[name];
        return typeof policy === 'function' ? [[name, ownPolicy(name, policy)]] : [];
      }),
    ),
  );

/**
 * Combines policies. Decorates each model once, so that a panel that is chosen for each query finds its state again.
 *
 * @param faults those of the options of the policies.
 */
export const policyChain = (byName: PoliciesByName, faults: readonly string[] = []): PolicyChain => {
  const policies = policyNames.flatMap((name) => byName[name] ?? []);
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
