import { answerKey } from '../../domain/answer-key.ts';
import { ConfigError } from '../../domain/errors.ts';
import { isNormalization, normalizerOf } from '../../normalizers/normalizer-of.ts';
import type { Normalization } from '../../normalizers/normalizers.ts';
import { faultsOf, ofType, refuse, shown } from '../../options.ts';
import type { Question } from '../question.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { Trial } from '../trial.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import {
  answerReader,
  answersIn,
  type ReadAnswer,
  sayingsIn,
  sayingsOf,
  votesOf,
} from './labelled-ballot-votes.ts';

/** Options of {@link labelledBallots}. */
export interface LabelledBallotsOptions {
  /** How an answer is read out of a text, as in `createEnsemble`: the right answers too. Default `lowercaseTrim`. */
  readonly normalization?: Normalization;
  /** Says which answers are right: those that score 1. Default: the one with the key of the right answer. */
  readonly scorer?: Scorer;
}

/**
 * Who voted how on questions of which the right answer is known: what {@link tune} and the fits learn from.
 * Reads questions with `responses` that were recorded elsewhere, and the trials of an experiment; those whose
 * right answer is not known, and those that nobody was asked, are passed over. Asks nothing.
 *
 * A model that was asked several times has the vote that most of its samples gave, at what all of them cost. A
 * call that was cancelled is no vote and no abstention either: its model is left out of the ballot.
 *
 * @throws {ConfigError} for options that cannot work, and, while it is read, for a right answer in which the
 * normalization finds none.
 *
 * @example
 * ```ts
 * import { labelledBallots } from 'crucible-ensemble/experiment';
 *
 * const questions = [
 *   {
 *     id: 'sum-1',
 *     question: 'What is 2 + 2?',
 *     expected: '4',
 *     responses: [{ model: 'a', text: 'It is 4.' }, { model: 'b', text: '22' }],
 *   },
 * ];
 * const [ballot] = await Array.fromAsync(labelledBallots(questions, { normalization: 'numeric' }));
 * [...(ballot?.votes.values() ?? [])].map(({ key }) => ballot?.rightKeys.has(key ?? '')); // => [true, false]
 * ```
 */
export const labelledBallots = (
  source: Iterable<Question | Trial> | AsyncIterable<Question | Trial>,
  options: LabelledBallotsOptions = {},
): AsyncIterable<LabelledBallot> => {
  refuse(
    faultsOf('labelledBallots', options, { normalization: isNormalization, scorer: ofType('function') }),
  );
  const { normalization, scorer } = options;
  const read = answerReader(normalizerOf(normalization));
  return {
    async *[Symbol.asyncIterator]() {
      for await (const item of source) {
        const question = 'result' in item ? item.question : item;
        const sayings = 'result' in item ? sayingsIn(item.result.outcomes) : sayingsOf(question, read);
        if (question.expected === undefined || sayings.length === 0) continue;
        const rightKeys =
          scorer === undefined
            ? new Set([expectedKey(question, read)])
            : await keysThatScore(answersIn(sayings), question, scorer, read);
        const { id, category } = question;
        yield { id, rightKeys, votes: votesOf(sayings), ...(category !== undefined && { category }) };
      }
    },
  };
};

/** The right answer goes the way of the given ones, so that both are spelled alike. */
const expectedKey = ({ id, expected }: Question, read: ReadAnswer): string => {
  const key = typeof expected === 'string' ? read(expected)?.key : answerKey(expected);
  if (key !== undefined) return key;
  throw new ConfigError([
    `labelledBallots: the normalization finds no answer in the right answer to ${shown(id)}`,
  ]);
};

const keysThatScore = async (
  answers: ReadonlyMap<string, unknown>,
  question: Question,
  scorer: Scorer,
  read: ReadAnswer,
): Promise<Set<string>> => {
  const keys = new Set<string>();
  const context = { readAnswer: (text: string) => read(text)?.answer };
  for (const [key, answer] of answers) {
    if (Number(await scorer(answer, question, context)) >= 1) keys.add(key);
  }
  return keys;
};
