import { plainName } from '../../domain/quoting.ts';
import type { Question } from '../question.ts';
import { listedFields, probableAnswer } from './field-names.ts';
import { otherFieldsOf, recordOf } from './source-record.ts';

/** Whether the right answer to a question is known. */
export const isLabelled = ({ expected }: Question): boolean => expected !== undefined && expected !== null;

/** Whether a record has the field of the right answer, though it is empty, or fields of which one may be meant. */
export const hasLabelField = (question: Question): boolean =>
  hasEmptyLabel(question) || otherFieldsOf(question).length > 0;

/** Whether the record of a question without a right answer has the field for it. */
const hasEmptyLabel = (question: Question): boolean => {
  const { fields, expectedField } = recordOf(question);
  return fields.includes(expectedField);
};

/** Returns the fault of a dataset in which no right answer is known. `first` is one of its questions. */
export const unlabelledFault = (first: Question, count: number, isWhole: boolean): string => {
  const record = recordOf(first);
  const { expectedField } = record;
  const questions = isWhole ? `the ${count} questions` : `the first ${count} questions`;
  const likely = probableAnswer(otherFieldsOf(first));
  const here = likely === undefined ? '' : `, probably "${plainName(likely)}"`;
  const name = hasEmptyLabel(first)
    ? 'that field is empty in each of them: fill it in'
    : 'name the right answer "expected"';
  const fix = `${name}, or set "expectedField" to the field that holds it${here}`;
  return `none of ${questions} has a right answer in the field "${plainName(expectedField)}"; ${listedFields(record)}: ${fix}`;
};
