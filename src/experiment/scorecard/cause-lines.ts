import { wasNeverSent } from '../../domain/never-sent.ts';
import { counted } from '../../rendering/amounts.ts';
import { isIncomplete, leftOutCount, type Touched } from '../left-out.ts';
import type { Cause } from './cause.ts';
import type { Scorecard } from './scorecard.ts';

/** The parts of a condition's results that its notes are made of. */
export interface NotedCondition extends Touched {
  readonly condition: string;
  /** The number of questions with a prediction. */
  readonly predicted: number;
  /** The number of questions with a score. */
  readonly labelled: number;
  /** The accuracy, if there is one. */
  readonly accuracy?: unknown;
  /** Absent in a scorecard of an earlier release. */
  readonly causes?: readonly Cause[];
}

/** Returns the note about verdicts of a jury that are marked for a person. */
export const reviewLines = ({ reviews }: Pick<Scorecard, 'reviews'>): readonly string[] =>
  reviews === undefined ? [] : [`marked for a person: ${counted(reviews.count, 'verdict')} of the jury`];

/** Returns why a condition has no accuracy; `undefined` if it has one. */
export const whyNoAccuracy = (noted: NotedCondition): string | undefined => {
  const { questions, predicted, labelled, accuracy, leftOut, causes = [] } = noted;
  if (questions === 0) return 'no question was finished';
  if (predicted === 0 && (leftOut?.notRecorded ?? 0) > 0) {
    return `the record of ${questions === 1 ? 'its question' : `all ${questions} questions`} is incomplete`;
  }
  if (predicted === 0) {
    return questions === 1
      ? 'its question was not answered'
      : `none of its ${questions} questions was answered`;
  }
  if (labelled > 0) {
    return (accuracy ?? undefined) === undefined ? 'no question with a right answer was answered' : undefined;
  }
  return causes.some(({ kind }) => kind === 'unscored')
    ? 'none of its answers could be scored'
    : 'no right answer is known, or nothing is scored';
};

/**
 * Returns the notes of an experiment, one sentence each: the conditions without an accuracy, then the causes of failures,
 * abstentions and missing records. Conditions with the same note share it.
 */
export const causeLines = (conditions: readonly NotedCondition[]): readonly string[] => {
  const named = new Map<string, string[]>();
  const note = ({ condition }: NotedCondition, sentence: string): void => {
    named.set(sentence, [...(named.get(sentence) ?? []), condition]);
  };
  for (const condition of conditions) {
    const why = whyNoAccuracy(condition);
    const effect = condition.predicted === 0 ? 'no accuracy, and left out of comparisons' : 'no accuracy';
    if (why !== undefined) note(condition, `${effect}: ${why}`);
    else if (isPartlyScored(condition)) {
      const { labelled, questions } = condition;
      note(
        condition,
        `the accuracy is that of ${labelled} of ${counted(questions, 'question')}, which have a score`,
      );
    }
    for (const sentence of touchedSentences(condition)) note(condition, sentence);
  }
  for (const condition of conditions) {
    const { labelled, causes = [] } = condition;
    // If nothing is scored, it does not matter which questions have no right answer.
    const told = causes.filter(({ kind }) => kind !== 'unlabelled' || labelled > 0);
    for (const cause of told) note(condition, sentenceOf(cause));
  }
  return Array.from(named, ([sentence, names]) => `${listed(names, conditions.length)}: ${sentence}`);
};

/** Whether some questions count for the accuracy and others do not, though they were asked. */
const isPartlyScored = ({ labelled, questions, causes = [] }: NotedCondition): boolean =>
  labelled < questions && causes.some(({ kind }) => kind === 'unscored' || kind === 'unlabelled');

/** Says for how many questions calls failed or are missing, and whether the condition can be compared in spite of that. */
const touchedSentences = (condition: NotedCondition): readonly string[] => {
  const { questions, predicted, leftOut, reduced = 0 } = condition;
  // Then that is why it has no accuracy.
  if (leftOutCount(condition) === questions) return [];
  const all = counted(questions, 'question');
  const leftOutFor = (count: number, why: string): string[] =>
    count === 0
      ? []
      : [`${count} of ${all} ${count === 1 ? 'is' : 'are'} left out of all figures, because ${why}`];
  const sentences = [
    ...leftOutFor(leftOut?.failed ?? 0, 'calls failed'),
    ...leftOutFor(leftOut?.notRecorded ?? 0, 'calls are not recorded'),
    ...(reduced === 0
      ? []
      : [
          `${reduced} of ${all} ${reduced === 1 ? 'was' : 'were'} answered by a reduced panel, because calls of its other members failed`,
        ]),
  ];
  if (predicted === 0 || !isIncomplete(condition)) return sentences;
  const touched = leftOutCount(condition) + reduced;
  return [
    ...sentences,
    `not compared with other conditions: calls failed or are missing for ${touched} of ${all}, more than 5 %`,
  ];
};

const MAX_NAMES = 5;

const listed = (names: readonly string[], all: number): string => {
  if (names.length === all && all > 1) return 'all conditions';
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
};

const sentenceOf = (cause: Cause): string => {
  const { question, reason } = cause;
  const because = reason === undefined ? '' : `: ${reason}`;
  return `${effectOf(cause)}, for example at ${question}${because}`;
};

const effectOf = ({ kind, model: id = '', role, error = '', count, of = count }: Cause): string => {
  const model = role === undefined ? id : `${id} (${role})`;
  const calls = count === of ? `all ${counted(count, 'call')}` : `${count} of ${counted(of, 'call')}`;
  switch (kind) {
    case 'missing':
      return count === of
        ? `no call of ${model} is recorded, of ${count} that ${count === 1 ? 'is' : 'are'} needed`
        : `${calls} of ${model} are not recorded`;
    case 'failed':
      if (wasNeverSent({ name: error })) return `${counted(count, 'call')} of ${model} not sent (${error})`;
      return `${calls} of ${model} failed with ${error}`;
    case 'abstained':
      return `${calls} of ${model} gave no answer`;
    case 'noPrediction':
      return `${counted(count, 'question')} without a prediction (${error})`;
    case 'unscored':
      return `${counted(count, 'question')} not scored`;
    case 'unlabelled':
      return `${counted(count, 'question')} without a right answer`;
    case 'normalization':
      return `"normalization" may not fit ${counted(count, 'question')}`;
    case 'warning':
      return `${counted(count, 'warning')}${model && ` about ${model}`}`;
  }
};
