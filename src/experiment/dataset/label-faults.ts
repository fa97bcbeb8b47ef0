import { closest } from '../../domain/closest.ts';
import { plainName } from '../../domain/quoting.ts';
import type { Question } from '../question.ts';
import { otherFieldsOf, recordOf } from './source-record.ts';

/** Whether the right answer to a question is known. */
export const isLabelled = ({ expected }: Question): boolean => expected !== undefined && expected !== null;

/** Whether a record has fields that the question does not use, one of which may be the right answer. */
export const hasOtherFields = (question: Question): boolean => otherFieldsOf(question).length > 0;

/** Returns the fault of a dataset in which no right answer is known. `first` is one of its questions. */
export const unlabelledFault = (first: Question, count: number, isWhole: boolean): string => {
  const { fields, expectedField } = recordOf(first);
  const questions = isWhole ? `the ${count} questions` : `the first ${count} questions`;
  const likely = likeliest(otherFieldsOf(first));
  const fix =
    likely === undefined
      ? 'name the right answer "expected", or set "expectedField" to the field that holds it'
      : `name the right answer "expected", or set "expectedField" to the field that holds it, probably "${plainName(likely)}"`;
  return `none of ${questions} has a right answer in the field "${plainName(expectedField)}"; the rows have the fields ${listed(fields)}: ${fix}. If nothing is to be scored, set "scorer" to "none"`;
};

/** The most fields that a message lists. */
const MAX_LISTED = 20;

/** Formats the names of fields for a message. */
export const listed = (fields: readonly string[]): string =>
  [
    ...fields.slice(0, MAX_LISTED).map(plainName),
    ...(fields.length > MAX_LISTED ? [`${fields.length - MAX_LISTED} more`] : []),
  ].join(', ');

/** Words of fields that hold a right answer, the surest first. */
const WORDS = [
  'expected',
  'gold',
  'golden',
  'truth',
  'correct',
  'right',
  'label',
  'target',
  'answer',
  'solution',
  'reference',
  'ideal',
  'output',
  'completion',
  'result',
];

const wordsOf = (field: string): readonly string[] =>
  field.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u).map((word) => word.toLowerCase().replace(/s$/, ''));

/** Returns the field that most probably holds the right answer: the one with the surest word, or the only one. */
const likeliest = (fields: readonly string[]): string | undefined => {
  for (const word of WORDS) {
    const found = fields.find((field) => wordsOf(field).includes(word));
    if (found !== undefined) return found;
  }
  return (
    fields.find((field) => closest(field, ['expected', 'answer']) !== undefined) ??
    (fields.length === 1 ? fields[0] : undefined)
  );
};
