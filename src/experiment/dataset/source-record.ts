import { readSafely } from '../../domain/foreign.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Question } from '../question.ts';
import type { RecordFields } from './field-names.ts';

/** The record that a question was read from. */
export interface SourceRecord extends RecordFields {
  /** The field in which the right answer was looked for. */
  readonly expectedField: string;
  /** Returns a field; `undefined` if the record does not have it. */
  get(field: string): unknown;
}

/** The fields of a {@link Question}. */
const FIELDS: ReadonlySet<string> = new Set(['id', 'question', 'expected', 'category', 'responses']);

const records = new WeakMap<object, SourceRecord & { readonly others: readonly string[] }>();

/** Notes the record of a question, for messages about fields that are missing. `used` are the fields with other names. */
export const noteRecord = (question: Question, record: SourceRecord, used: readonly string[]): void => {
  const others = record.fields.filter((field) => !FIELDS.has(field) && !used.includes(field));
  records.set(question, { ...record, others });
};

/** Returns the record of a question; without a note, the question itself is the record. */
export const recordOf = (question: unknown): SourceRecord => {
  if (!isObject(question)) return { fields: [], expectedField: 'expected', get: () => undefined };
  return (
    records.get(question) ?? {
      fields: Object.keys(question),
      expectedField: 'expected',
      get: (field) => readSafely(question, field),
    }
  );
};

/** Returns the fields of the record of a question that the question does not use. */
export const otherFieldsOf = (question: unknown): readonly string[] => {
  if (!isObject(question)) return [];
  return records.get(question)?.others ?? Object.keys(question).filter((field) => !FIELDS.has(field));
};
