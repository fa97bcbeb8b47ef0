import type { StopRule } from '../../domain/execution.ts';
import { between, faultsOf, oneOf, refuse } from '../../options.ts';

/** Options of {@link consensus}. */
export interface ConsensusOptions {
  /**
   * What the share is of: `cast`, the votes so far (at least two, since one vote always agrees with
   * itself); or `panel`, all votes that can still be cast, so that the share is certain. Default `cast`.
   */
  readonly of?: 'cast' | 'panel';
}

/**
 * Stops once the leader has a share of the votes, 0..1, by weight where votes have weights.
 *
 * Of the votes `cast`, it is cheap and may stop at an answer that the whole panel would have outvoted.
 * Of the `panel`, with a share above one half, it never does; this is what `earlyStop: 0.8` means.
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
export const consensus = (share: number, { of = 'cast' }: ConsensusOptions = {}): StopRule => {
  refuse(faultsOf('consensus', { share, of }, { share: between(0, 1), of: oneOf(['cast', 'panel'], '') }));
  return of === 'cast'
    ? (tally) => tally.successes >= 2 && tally.consensus >= share
    : (tally) => tally.lead / (tally.total + tally.open) >= share;
};
