import { asCounted } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import { reading } from '../options.ts';

/**
 * The semantic entropy of the answers to one question, in nats: how far the votes are spread over what they say. 0 if all say
 * the same, and `ln n` if each of n votes says something else. Counts each vote of a member once, by its group, or by its
 * answer if the ensemble has no grouping. Makes no calls.
 *
 * High values mark questions on which the models guess. It tells nothing of errors that all of them make.
 *
 * @returns `undefined` if there is no vote.
 *
 * Formula: `−Σ p ln p` over the shares p of the groups, the discrete semantic entropy of Farquhar et al., Detecting
 * hallucinations in large language models using semantic entropy, Nature 630 (2024). There the answers are samples of one
 * model, see `samples`.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { byContent } from 'crucible-ensemble/grouping';
 * import { semanticEntropy } from 'crucible-ensemble/metrics';
 *
 * const texts = ['Canberra.', 'It is Canberra, since 1913', 'Sydney'];
 * const ensemble = createEnsemble({
 *   models: texts.map((text, index) => defineModel(`model-${index}`, () => text)),
 *   grouping: byContent(),
 * });
 * semanticEntropy(await ensemble.predict('What is the capital of Australia?'))?.toFixed(3); // => '0.637'
 * ```
 */
export const semanticEntropy = (prediction: Pick<Prediction, 'outcomes'>): number | undefined =>
  reading('semanticEntropy', () => {
    const votes = asCounted(prediction.outcomes).filter((outcome) => outcome.status === 'answered');
    if (votes.length === 0) return undefined;
    const groups = Map.groupBy(votes, ({ key }) => key);
    return [...groups.values()]
      .map(({ length }) => length / votes.length)
      .reduce((sum, share) => sum - share * Math.log(share), 0);
  });
