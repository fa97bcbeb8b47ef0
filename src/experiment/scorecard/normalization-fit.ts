import { answerKey } from '../../domain/answer-key.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import { asCounted, type Outcome } from '../../domain/outcome.ts';
import { isLabelled } from '../dataset/label-faults.ts';
import type { Question } from '../question.ts';
import { isRight, type Trial } from '../trial.ts';
import type { Cause } from './cause.ts';
import { warningsOf } from './warnings-of.ts';

/** The fewest questions that are evidence. */
const FEWEST = 3;

/** Questions that show something: how many, and the first. */
interface Sign {
  count: number;
  question: string;
}

const noteIn = (sign: Sign, { id }: Question): void => {
  sign.count += 1;
  if (sign.count === 1) sign.question = id;
};

/**
 * Looks for signs that the normalization of a condition does not fit its answers: no two answers to any question are equal, or
 * no answer is right although most texts contain the right answer.
 */
export const normalizationFit = () => {
  const differing: Sign = { count: 0, question: '' };
  const containing: Sign = { count: 0, question: '' };
  let [agreeing, right, wrong] = [0, 0, 0];
  return {
    add(trial: Trial): void {
      const { question, result, score } = trial;
      const votes = asCounted(result.outcomes).flatMap(keyOf);
      if (votes.length > 1) {
        if (new Set(votes).size < votes.length) agreeing += 1;
        else if (!hasWarning(trial)) noteIn(differing, question);
      }
      if (score === undefined || result instanceof NoPredictionError) return;
      if (isRight(trial)) right += 1;
      else {
        wrong += 1;
        if (contains(result.text, question)) noteIn(containing, question);
      }
    },
    causes(): readonly Cause[] {
      const kind = 'normalization';
      if (agreeing === 0 && differing.count >= FEWEST) {
        return [{ kind, ...differing, reason: 'no two answers to a question are equal' }];
      }
      return right === 0 && wrong >= FEWEST && 2 * containing.count >= wrong
        ? [{ kind, ...containing, reason: 'no answer is right, but these texts contain the right one' }]
        : [];
    },
  };
};

/** Whether the prediction says by itself what is wrong, for example which normalization would fit. */
const hasWarning = ({ result }: Trial): boolean =>
  !(result instanceof NoPredictionError) && warningsOf(result).length > 0;

const keyOf = (outcome: Outcome): readonly string[] => (outcome.status === 'answered' ? [outcome.key] : []);

/** The longest text that is searched. */
const MAX_CHARACTERS = 10_000;

/** Whether the right answer is among the words of a text. */
const contains = (text: string, question: Question): boolean => {
  if (!isLabelled(question)) return false;
  const expected = wordsOf(
    typeof question.expected === 'string' ? question.expected : answerKey(question.expected),
  );
  return expected !== '  ' && wordsOf(text.slice(0, MAX_CHARACTERS)).includes(expected);
};

/** The words of a text between spaces, so that only whole words are found. */
const wordsOf = (text: string): string =>
  ` ${
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(' ') ?? ''
  } `;
