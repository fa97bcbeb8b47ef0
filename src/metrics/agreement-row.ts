import { answerKey } from '../domain/answer-key.ts';
import { asCounted, countedKey, type Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import { reading } from '../options.ts';
import { majority } from '../strategies/voting/majority.ts';
import { recountWith, winnerOf } from './explanation/recount.ts';

/** The votes of a panel on one question. */
export interface AgreementRow {
  /** The key of each model's answer, as votes are counted; `undefined` if the model did not vote. */
  readonly votes: ReadonlyMap<string, string | undefined>;
  /** The key of the right answer, if it is known. */
  readonly expected?: string | undefined;
}

/**
 * Reads the members' votes from a prediction, or from the error of a query, for {@link agreement}. Give the
 * right answer, if it is known, normalized as a vote for it would be. If a model was sampled several times,
 * its vote is the answer that most samples gave. With a grouping, the votes of a group agree.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { agreementRow } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: ['4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: 'numeric',
 * });
 * const row = agreementRow(await ensemble.predict('What is 2 + 2?'), 4);
 * [...row.votes]; // => [['model-0', '4'], ['model-1', '5']]
 * row.expected; // => '4'
 * ```
 */
export const agreementRow = (prediction: Pick<Prediction, 'outcomes'>, expected?: unknown): AgreementRow => {
  return reading('agreementRow', () => {
    const count = recountWith(majority());
    const voteOf = (outcomes: readonly Outcome[]): string | undefined => {
      const samples = outcomes.filter((outcome) => outcome.status === 'answered');
      return samples.length < 2 ? samples[0]?.key : winnerOf(count(samples));
    };
    const { outcomes: all } = prediction;
    const calls = Map.groupBy(asCounted(all), ({ model }) => model);
    return {
      votes: new Map(Array.from(calls, ([model, outcomes]) => [model, voteOf(outcomes)])),
      expected: expected === undefined ? undefined : countedKey(answerKey(expected), all),
    };
  });
};
