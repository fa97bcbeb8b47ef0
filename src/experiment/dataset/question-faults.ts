import { ConfigError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { quotedName } from '../../domain/quoting.ts';
import { toRequest } from '../../engine/to-request.ts';
import { nonEmpty, shown } from '../../options.ts';
import type { Question } from '../question.ts';
import { expectedCallsFaults } from './expected-calls.ts';
import { questionHint } from './field-names.ts';
import { responsesFaults } from './response-faults.ts';

/** Returns the faults of a row of a dataset, each with the id of the row, or its number from 1 if it has no id. */
export const questionFaults = (row: unknown, number: number): readonly string[] => {
  if (!isObject(row))
    return [`question ${number}: expected { id, question, expected }, but got ${shown(row)}`];
  const { id, question, responses, expected } = row as Partial<Question>;
  const hasId = nonEmpty(id) === undefined || typeof id === 'number';
  const faults = [
    ...(hasId ? [] : [`"id" must be a string that is not empty, but got ${shown(id)}`]),
    ...queryFaults(row, question, expected),
    ...(responses === undefined || responses === null ? [] : responsesFaults(responses)),
  ];
  if (faults.length === 0) return faults;
  const place = hasId ? `question ${quotedName(id)}` : `question ${number}`;
  return faults.map((fault) => `${place}: ${fault}`);
};

const queryFaults = (row: object, question: unknown, expected: unknown): readonly string[] => {
  if (question === undefined) {
    return [`"question" must be a string, or { messages }; ${questionHint({ fields: Object.keys(row) })}`];
  }
  try {
    return expectedCallsFaults(expected, toRequest(question as Question['question'], '"question"'));
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    return ['"question" cannot be read'];
  }
};
