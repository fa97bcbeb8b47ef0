import type { Decider } from '../domain/decider.ts';
import type { StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import { seedCheck } from '../models/random.ts';
import { aModel, checked, reading, required } from '../options.ts';
import { lettered, shuffledCandidates } from './candidates.ts';
import { isDecidedByVotes, unlessSpec } from './unless.ts';
import { writtenFrom } from './written-from.ts';

/** Options of {@link fuse}. */
export interface FuseOptions {
  /** The model that writes the answer. */
  readonly model: Model;
  /**
   * When the votes decide and no answer is written. Default: the leader has more than half of the votes cast. With `never()`,
   * one is written whenever there are two answers.
   */
  readonly unless?: StopRule;
  /** Another seed shows the answers in another order. Default 0. */
  readonly seed?: number | string;
}

/**
 * Returns a decider that lets a model write one answer from all of them, where the votes do not decide. It reads the answers
 * without the names of their models, in an order that depends on the question and `seed`.
 *
 * What it writes is read as the answers of the members are, by the same normalization and `check`. If it does not count, the
 * votes decide, and `metadata.decision` says why. `details.drewOn` has the key and the model of each answer that it drew on.
 *
 * ```text
 * a, b        --L--P|
 * chairman         ^---N|
 * prediction  ---------(N|)
 * ```
 *
 * Costs one call with the role `chairman`; none if there is one answer, or if `unless` says so. If the call fails, the votes
 * decide, and the prediction is `degraded`.
 *
 * No member has voted for what it writes: `consensus` stays that of the answer with the most votes.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { fuse } from 'crucible-ensemble/deciders';
 *
 * const chairman = defineModel('chairman', () =>
 *   JSON.stringify({ sources: ['A', 'B'], answer: 'A city on the Seine, the capital of France.' }),
 * );
 * const ensemble = createEnsemble({
 *   models: [defineModel('a', () => 'The capital of France.'), defineModel('b', () => 'A city on the Seine.')],
 *   decide: fuse({ model: chairman }),
 * });
 * const { text, metadata } = await ensemble.predict('What is Paris?');
 * text; // => 'A city on the Seine, the capital of France.'
 * metadata.decision?.status; // => 'written'
 * ```
 */
export const fuse = (options: FuseOptions): Decider =>
  reading('fuse', () => {
    const { model, unless, seed } = checked('fuse', options, {
      model: required(aModel),
      unless: unlessSpec,
      seed: [seedCheck, 0],
    });
    return {
      name: 'fuse',
      decide(tally, context) {
        if (isDecidedByVotes('fuse', unless, tally)) return undefined;
        const shown = lettered(shuffledCandidates(tally, context, seed));
        return writtenFrom(shown, model, context);
      },
    };
  });
