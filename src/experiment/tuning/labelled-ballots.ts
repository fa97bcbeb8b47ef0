import type { ModelJudge } from '../../deciders/judge.ts';
import type { Jury } from '../../deciders/jury.ts';
import { answerKey } from '../../domain/answer-key.ts';
import { ConfigError } from '../../domain/errors.ts';
import { isArray } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { itemsOf } from '../../domain/items-of.ts';
import { countedKey } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import { toRequest } from '../../engine/to-request.ts';
import { isNormalization, type Normalization, normalizerOf } from '../../normalizers/normalizers.ts';
import { anIterable, checked, faultsOf, oneOf, reading, refuse, required, suchThat } from '../../options.ts';
import { expectedCallsFaults } from '../dataset/expected-calls.ts';
import { isLabelled } from '../dataset/label-faults.ts';
import type { Question } from '../question.ts';
import { FOREIGN_JUDGE, isForeignJudge, isScoringDecider, toScorer } from '../scorers/judge.ts';
import { type Scorer, scored } from '../scorers/scorer.ts';
import type { Trial } from '../trial.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import {
  answerReader,
  answersIn,
  type ReadAnswer,
  recordsOfPrediction,
  recordsOfQuestion,
  votesOf,
} from './labelled-ballot-votes.ts';

/** Options of {@link labelledBallots}. */
export interface LabelledBallotsOptions {
  /** Reads answers, and right answers, out of texts, as in `createEnsemble`. Default `lowercaseTrim`. */
  readonly normalization?: Normalization;
  /** Decides which answers are right: those with a score of 1. Default: the answer with the key of the right one. */
  readonly scorer?: Scorer | ModelJudge | Jury;
  /**
   * How a scorer that calls models, such as a `judge`, treats a verdict that is not recorded: with `error` it makes no call, and
   * reading rejects with a `UserCodeError`. Default `call`.
   */
  readonly onMiss?: 'call' | 'error';
}

/**
 * Makes the ballots that {@link tune} and the fits learn from: the votes on questions with a known right answer. Reads
 * questions with `responses` that were recorded elsewhere, and the trials of an experiment. Skips questions without a right
 * answer or without a response. Sends no requests, unless the `scorer` does.
 *
 * A model with several samples has the vote of most of them, at their total cost. A call that was cancelled or never made is neither a
 * vote nor an abstention, so its model is left out of the ballot. A call that failed because of an outage is marked with
 * `hasFailed`; if the provider refused the request itself, the model has no vote.
 *
 * @throws {ConfigError} for invalid options and, while it is read, for a right answer in which the normalization finds no
 * answer.
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
  return reading('labelledBallots', () => {
    refuse(faultsOf('labelledBallots', { source }, { source: required(anIterable) }));
    const {
      normalization,
      scorer: asked,
      onMiss,
    } = checked('labelledBallots', options, {
      normalization: isNormalization,
      scorer: suchThat(
        'a function, a judge, or a jury',
        (value) => typeof value === 'function' || isScoringDecider(value),
      ),
      onMiss: [oneOf(['call', 'error'], ''), 'call'],
    });
    if (onMiss === 'error' && isForeignJudge(asked)) refuse([`labelledBallots: ${FOREIGN_JUDGE}`]);
    const scorer = toScorer(asked);
    const read = answerReader(normalizerOf(normalization));
    return {
      async *[Symbol.asyncIterator]() {
        for await (const item of itemsOf(source)) {
          const question = reading('labelledBallots', () => ('result' in item ? item.question : item));
          const outcomes = 'result' in item ? item.result.outcomes : [];
          const records =
            'result' in item ? recordsOfPrediction(outcomes) : recordsOfQuestion(question, read);
          if (!isLabelled(question) || records.length === 0) continue;
          const rightKeys =
            scorer === undefined
              ? new Set([countedKey(expectedKey(question, read), outcomes)])
              : await keysThatScore(answersIn(records), question, { scorer, read, onMiss });
          const { id, category } = question;
          yield { id, rightKeys, votes: votesOf(records), ...given({ category }) };
        }
      },
    };
  });
};

/** Normalizes the right answer as the given ones, so that equal answers have equal keys. */
const expectedKey = ({ id, question, expected }: Question, read: ReadAnswer): string => {
  if (isArray(expected))
    refuse(
      expectedCallsFaults(expected, toRequest(question)).map(
        (fault) => `labelledBallots: question ${quotedName(id)}: ${fault}`,
      ),
    );
  const key = typeof expected === 'string' ? read(expected)?.key : answerKey(expected);
  if (key !== undefined) return key;
  throw new ConfigError([
    `labelledBallots: the normalization finds no answer in the right answer to ${quotedName(id)}: correct the question, or choose another "normalization"`,
  ]);
};

const keysThatScore = async (
  answers: ReadonlyMap<string, unknown>,
  question: Question,
  {
    scorer,
    read,
    onMiss,
  }: { readonly scorer: Scorer; readonly read: ReadAnswer; readonly onMiss: 'call' | 'error' },
): Promise<Set<string>> => {
  const keys = new Set<string>();
  const context = { onMiss, readAnswer: (text: string) => read(text)?.answer };
  for (const [key, answer] of answers) {
    if ((await scored(scorer, answer, question, context, Number.POSITIVE_INFINITY)) >= 1) keys.add(key);
  }
  return keys;
};
