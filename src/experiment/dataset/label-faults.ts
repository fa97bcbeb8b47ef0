import { plainName } from '../../domain/quoting.ts';
import type { Question } from '../question.ts';
import { listedFields, probableAnswer } from './field-names.ts';
import { otherFieldsOf, recordOf } from './source-record.ts';

/** Whether the right answer to a question is known. */
export const isLabelled = ({ expected }: Question): boolean => expected !== undefined && expected !== null;

/** Whether a record has fields that the question does not use, one of which may be the right answer. */
export const hasOtherFields = (question: Question): boolean => otherFieldsOf(question).length > 0;

/** Returns the fault of a dataset in which no right answer is known. `first` is one of its questions. */
export const unlabelledFault = (first: Question, count: number, isWhole: boolean): string => {
  const record = recordOf(first);
  const { expectedField } = record;
  const questions = isWhole ? `the ${count} questions` : `the first ${count} questions`;
  const likely = probableAnswer(otherFieldsOf(first));
  const fix =
    likely === undefined
      ? 'name the right answer "expected", or set "expectedField" to the field that holds it'
      : `name the right answer "expected", or set "expectedField" to the field that holds it, probably "${plainName(likely)}"`;
  return `none of ${questions} has a right answer in the field "${plainName(expectedField)}"; ${listedFields(record)}: ${fix}`;
};
