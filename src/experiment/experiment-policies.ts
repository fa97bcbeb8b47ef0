import { BudgetExceededError, type ModelError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Pricing } from '../domain/pricing.ts';
import { ensembleSpecs } from '../engine/option-checks.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';
import { type EnsemblePolicies, toPolicyChain } from '../policies/short-forms.ts';
import { ledgerOf, type SpendingCap } from '../policies/spending-cap.ts';

/** The policies of the calls of an experiment. All conditions share their calls, and so these policies. */
export interface ExperimentPolicies
  extends Pick<EnsemblePolicies, 'retry' | 'circuitBreaker' | 'rateLimit' | 'budget'> {
  /** The maximum number of calls in flight to one provider. Default: unlimited. */
  readonly providerConcurrency?: EnsemblePolicies['concurrency'];
}

const { retry, circuitBreaker, rateLimit, budget, concurrency } = ensembleSpecs;

/** The checks of {@link ExperimentPolicies}. Each policy checks its own options. */
export const policySpecs = {
  retry,
  circuitBreaker,
  rateLimit,
  budget,
  providerConcurrency: concurrency,
} as const;

/** The policies of an experiment as one, and the cap that a refused call has reached. */
export interface ExperimentPolicyChain extends PolicyChain {
  /** Returns the cap of the budget that leaves too little for a call, and what that call may cost; or nothing. */
  readonly reachedBy: (error: ModelError | undefined) => ReachedCap | undefined;
}

/** A cap that a call has reached. */
export interface ReachedCap {
  readonly cap: SpendingCap;
  readonly worstUsd: number;
}

/** Combines the policies of an experiment. */
export const experimentPolicies = (
  { retry, circuitBreaker, rateLimit, budget, providerConcurrency }: ExperimentPolicies,
  pricing: Pricing | undefined,
): ExperimentPolicyChain => {
  const chain = toPolicyChain(
    given({ retry, circuitBreaker, rateLimit, budget, concurrency: providerConcurrency, pricing }),
  );
  const caps = isObject(budget) && 'caps' in budget && Array.isArray(budget.caps) ? budget.caps : [];
  const faults = chain.faults.map((fault) => fault.replace(/^createEnsemble: /, 'runExperiment: '));
  return {
    ...chain,
    faults: isObject(budget) && 'perPredictionUsd' in budget ? [...faults, SHARED_CALLS] : faults,
    reachedBy(error) {
      if (!isA(error, BudgetExceededError) || error.worstUsd === undefined) return undefined;
      const { worstUsd } = error;
      const cap = caps.find((one) => ledgerOf(one)?.fits(worstUsd) === 'never');
      return cap === undefined ? undefined : { cap, worstUsd };
    },
  };
};

const SHARED_CALLS =
  'runExperiment: option "budget": "perPredictionUsd" has no effect, because predictions share their calls; give "caps", such as [spendingCap({ maxUsd: 1 })]';
