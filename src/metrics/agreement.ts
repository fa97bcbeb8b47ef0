import type { Prediction } from '../domain/prediction.ts';
import { type Agreement, type AgreementOptions, agreementFold } from './agreement-fold.ts';
import type { AgreementRow } from './agreement-row.ts';

/**
 * How the members of a panel go together over many questions: how often each two agree, which ones always
 * do, and how many independent votes the panel is worth. Asks nothing.
 *
 * Give it predictions, or rows with the right answers (see {@link agreementRow}). **With right answers,
 * `effectiveVotes` rests on the correlation of errors**, which is what a vote is about: two models that are
 * both right agree, and are no copies for it. Without any, it rests on `kappa`, which takes agreement on the
 * right answer for dependence, so it is too low for good models: compare panels by it, and no more.
 *
 * Chance agreement tells the first 256 different answers apart, and takes it that further ones never agree
 * by chance. One pass; memory for each pair of models, not for each question.
 *
 * Formulas: Cohen, A coefficient of agreement for nominal scales (1960); its mean over pairs, Light (1971);
 * the correlation of errors, Kuncheva and Whitaker, Measures of diversity in classifier ensembles (2003);
 * effective votes, see {@link effectiveVotes}.
 *
 * @throws {ConfigError} for options outside of their ranges.
 *
 * @example
 * ```ts
 * import { agreement, agreementRow } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 0.7 })),
 *   normalization: 'numeric',
 * });
 * const rows = [];
 * for (let a = 1; a <= 200; a++) rows.push(agreementRow(await ensemble.predict(`What is ${a} + 1?`), a + 1));
 * const { basis, effectiveVotes = 0 } = agreement(rows);
 * basis; // => 'errors'
 * effectiveVotes > 2.5; // => true
 * ```
 */
export const agreement = (
  questions: Iterable<Prediction | AgreementRow>,
  options: AgreementOptions = {},
): Agreement => {
  const fold = agreementFold(options);
  for (const question of questions) fold.add(question);
  return fold.agreement();
};
