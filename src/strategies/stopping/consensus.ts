import type { StopRule } from '../../domain/execution.ts';
import { between, checked, oneOf, reading, required } from '../../options.ts';
import { hasResult } from './is-decided.ts';
import { ruleOf } from './rule-of.ts';

/** Options of {@link consensus}. */
export interface ConsensusOptions {
  /**
   * The whole that the share is a part of. `cast`: the votes so far, at least two, because one vote always agrees with
   * itself. `panel`: all votes that the panel can still cast, so that the share is certain. Default `cast`.
   */
  readonly of?: 'cast' | 'panel';
}

/**
 * Stops when the leader has this share of the votes, 0..1, by weight if votes have weights.
 *
 * Of the votes `cast`, it saves the most calls, and the whole panel might have given another answer. Of the `panel`, with a
 * share above 0.5, the answer is that of the whole panel. `earlyStop: 0.8` means `consensus(0.8, { of: 'panel' })`.
 *
 * ```text
 * a, b, c, d         -4--4--5--4
 * consensus(0.7)     ----^            2 of 2 agree
 * of the panel       ----------^      3 of 4 agree
 * ```
 *
 * @throws {ConfigError} for a share outside 0..1.
 *
 * @example
 * ```ts
 * import { consensus, createEnsemble, simulated } from 'crucible-ensemble';
 * import { concat } from 'rxjs';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3, 4].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 *   execution: { schedule: (calls) => concat(...calls), earlyStop: consensus(0.7) },
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.modelsUsed; // => ['model-1', 'model-2']
 * ```
 */
export const consensus = (share: number, options: ConsensusOptions = {}): StopRule => {
  return reading('consensus', () => {
    const { of } = checked(
      'consensus',
      { ...options, share },
      { share: required(between(0, 1)), of: [oneOf(['cast', 'panel'], ''), 'cast'] },
    );
    return ruleOf(
      'consensus',
      of === 'cast'
        ? (tally) => tally.successes >= 2 && tally.consensus >= share && hasResult(tally)
        : (tally) => tally.lead / (tally.total + tally.open) >= share && hasResult(tally),
      { threshold: share },
    );
  });
};
