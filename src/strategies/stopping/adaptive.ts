import type { StopRule } from '../../domain/execution.ts';
import { between, checked } from '../../options.ts';
import { isDecided } from './is-decided.ts';
import { ruleOf } from './rule-of.ts';

/** Options of {@link adaptive}. */
export interface AdaptiveOptions {
  /** The probability that the leader is the true majority at which the vote ends. Default 0.95, range 0.5..1. */
  readonly threshold?: number;
}

/**
 * Returns the probability that a coin with `lead` heads and `runnerUp` tails favors heads: the upper half of a
 * Beta(lead + 1, runnerUp + 1). Sums from the largest term down and stops at terms that no longer matter, so that it does
 * not underflow.
 */
const leadProbability = (lead: number, runnerUp: number): number => {
  const n = lead + runnerUp + 1;
  // Σ_{j ≤ lead} C(n, j) / 2^n = 1 − Σ_{j > lead} C(n, j) / 2^n; the terms above n/2 fall from j = lead + 1 on.
  let logTerm = -n * Math.LN2;
  for (let j = 1; j <= runnerUp; j += 1) logTerm += Math.log((n - j + 1) / j);
  let tail = 0;
  for (let j = lead + 1, term = Math.exp(logTerm); j <= n && term > 1e-18; j += 1) {
    tail += term;
    term *= (n - j) / (j + 1);
  }
  return 1 - tail;
};

/**
 * Stops when the leader is the true majority with a probability of at least `threshold`, compared with its runner-up. For
 * the default, 4 votes to 0 (0.969) are enough and 3 to 0 (0.938) are not. Weights count as whole votes, rounded down for
 * the leader and up for its runner-up. Also stops when {@link decided} does, so it never makes more calls.
 *
 * Source: Adaptive-Consistency, Beta criterion: `P = Σ_{j≤a} C(a+b+1, j) / 2^(a+b+1)` for a and b votes;
 * arXiv 2305.11860.
 *
 * @throws {ConfigError} for a threshold outside 0.5..1.
 *
 * @example
 * ```ts
 * import { adaptive, createEnsemble, simulated } from 'crucible-ensemble';
 * import { concat } from 'rxjs';
 *
 * const ensemble = createEnsemble({
 *   models: Array.from({ length: 9 }, (_, seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 *   execution: { schedule: (calls) => concat(...calls), earlyStop: adaptive() },
 *   minResponses: 1,
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.successes; // => 4
 * ```
 */
export const adaptive = (options: AdaptiveOptions = {}): StopRule => {
  const { threshold } = checked('adaptive', options, { threshold: [between(0.5, 1), 0.95] });
  return ruleOf(
    'adaptive',
    (tally) =>
      isDecided(tally) || leadProbability(Math.floor(tally.lead), Math.ceil(tally.runnerUp)) >= threshold,
  );
};
