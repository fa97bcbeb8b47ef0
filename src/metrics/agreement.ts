import type { Prediction } from '../domain/prediction.ts';
import { reading } from '../options.ts';
import { type Agreement, type AgreementOptions, agreementFold } from './agreement-fold.ts';
import type { AgreementRow } from './agreement-row.ts';

/**
 * The agreement among the members of a panel over many questions: how often each two agree, which pairs always agree, and
 * how many independent votes the panel is worth. Makes no calls.
 *
 * Takes predictions, or rows with the right answers (see {@link agreementRow}). **If right answers are known,
 * `effectiveVotes` uses the correlation of errors**, which decides how much a vote gains: two models that are both right
 * agree without being copies. Otherwise it uses `kappa`, which counts agreement on the right answer as dependence and is
 * therefore too low for good models. Use it then only to compare panels.
 *
 * Chance agreement distinguishes the first 256 different answers and assumes that further ones never agree by chance. Takes
 * one pass, and memory for each pair of models, not for each question.
 *
 * Formulas: Cohen, A coefficient of agreement for nominal scales (1960); its mean over pairs, Light (1971); the correlation
 * of errors, Kuncheva and Whitaker, Measures of diversity in classifier ensembles (2003); effective votes, see {@link
 * effectiveVotes}.
 *
 * @throws {ConfigError} if an option is out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
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
  return reading('agreement', () => {
    const fold = agreementFold(options);
    for (const question of questions) fold.add(question);
    return fold.agreement();
  });
};
