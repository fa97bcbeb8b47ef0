import { closest } from '../../domain/closest.ts';
import { plainName } from '../../domain/quoting.ts';

/** The maximum number of fields that a message lists. */
const MAX_LISTED = 20;

/** Formats the names of fields for a message. */
const listed = (fields: readonly string[]): string =>
  [
    ...fields.slice(0, MAX_LISTED).map(plainName),
    ...(fields.length > MAX_LISTED ? [`${fields.length - MAX_LISTED} more`] : []),
  ].join(', ');

/** Words of fields that hold a question, the surest first. */
const QUESTION_WORDS = [
  'question',
  'prompt',
  'problem',
  'query',
  'input',
  'instruction',
  'task',
  'text',
  'content',
];

/** Words of fields that hold a right answer, the surest first. */
const ANSWER_WORDS = [
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

/** Returns the field that most probably holds the right answer. */
export const probableAnswer = (fields: readonly string[]): string | undefined =>
  withWord(fields, ANSWER_WORDS) ??
  fields.find((field) => closest(field, ['expected', 'answer']) !== undefined) ??
  (fields.length === 1 ? fields[0] : undefined);

/** Returns the field that most probably holds the question. */
const probableQuestion = (fields: readonly string[]): string | undefined =>
  withWord(fields, QUESTION_WORDS) ??
  fields.find((field) => closest(field, ['question', 'prompt']) !== undefined);

/** Returns the field with the surest word. */
const withWord = (fields: readonly string[], words: readonly string[]): string | undefined => {
  for (const word of words) {
    const found = fields.find((field) => wordsOf(field).includes(word));
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The fields of a record, and their delimiter if it was read from a file that has one. */
export interface RecordFields {
  readonly fields: readonly string[];
  readonly separator?: string | undefined;
}

/** Formats the fields of the rows for a message, with the delimiter that the file seems to have. */
export const listedFields = ({ fields, separator }: RecordFields): string => {
  if (separator === undefined) return `the rows have the fields ${listed(fields)}`;
  const delimiter = separator === '\t' ? 'tabs' : `"${separator}"`;
  return fields.length === 1
    ? `the rows have the one field ${listed(fields)}, separated by ${delimiter}: set "delimiter" if it is another`
    : `the rows have the fields ${listed(fields)}, separated by ${delimiter}`;
};

/** Ends the message about a row without a question: its fields, and the one that probably holds it. */
export const questionHint = (record: RecordFields): string => {
  const { fields } = record;
  const probable = probableQuestion(fields);
  const likely = probable === undefined ? '' : `, probably to "${plainName(probable)}"`;
  return `${listedFields(record)}: name the question "question", or set "questionField"${likely}`;
};
