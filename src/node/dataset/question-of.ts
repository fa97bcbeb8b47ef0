import type { OwnAttachment } from '../../domain/attachment.ts';
import { given } from '../../domain/given.ts';
import type { Query } from '../../domain/request.ts';
import { toRequest } from '../../engine/to-request.ts';
import { questionHint } from '../../experiment/dataset/field-names.ts';
import { responsesFaults } from '../../experiment/dataset/response-faults.ts';
import { noteRecord } from '../../experiment/dataset/source-record.ts';
import type { Question } from '../../experiment/question.ts';
import type { RecordedResponse } from '../../models/replay.ts';
import { nonEmpty } from '../../options.ts';
import type { Refuse, Row } from './row.ts';

/** The names of the fields of a question in a file. */
export type FieldNames = Readonly<Record<'idField' | 'questionField' | 'expectedField', string>>;

/** Returns the question of a row, which has its files too, or refuses the row. */
export const questionOf = (
  row: Row,
  names: FieldNames & { readonly fileFields: readonly string[] },
  files: readonly OwnAttachment[],
  refuse: Refuse,
): Question => {
  const { idField, questionField, expectedField, fileFields } = names;
  const id = row.get(idField) ?? row.number;
  const question = row.get(questionField);
  const category = row.get('category') ?? undefined;
  const responses = row.get('responses') ?? undefined;
  const faults = [
    ...(isId(id) ? [] : [`${idField} must be a string or a number`]),
    ...(isQuery(question)
      ? []
      : [
          `${questionField} must be a string that is not blank, or { messages }${missing(row, questionField)}`,
        ]),
    ...(category === undefined || typeof category === 'string' ? [] : ['category must be a string']),
    ...(responses === undefined ? [] : responsesFaults(responses)),
  ];
  if (faults.length > 0) refuse(row.place, faults);
  const read: Question = {
    id: String(id),
    question: withFiles(question as Query, files),
    ...given({
      expected: row.get(expectedField) ?? undefined,
      category: category as string | undefined,
      responses: responses as readonly RecordedResponse[] | undefined,
    }),
  };
  noteRecord(
    read,
    {
      ...given({ separator: row.separator }),
      fields: row.fields,
      expectedField,
      get: (field) => row.get(field),
    },
    [idField, questionField, expectedField, ...fileFields],
  );
  return read;
};

/** Returns the query with the files after the texts of its last turn of a user. */
export const withFiles = (query: Query, files: readonly OwnAttachment[]): Query => {
  if (files.length === 0) return query;
  if (typeof query === 'string')
    return { messages: [{ role: 'user', content: [{ type: 'text', text: query }, ...files] }] };
  const last = query.messages.findLastIndex(({ role }) => role === 'user');
  const messages = query.messages.map((turn, index) => {
    if (index !== last || turn.role !== 'user') return turn;
    const { content } = turn;
    const parts = typeof content === 'string' ? [{ type: 'text', text: content } as const] : content;
    return { ...turn, content: [...parts, ...files] };
  });
  return { ...query, messages: last < 0 ? [...messages, { role: 'user', content: files }] : messages };
};

/** Names the fields of a row without its question, one of which may be the question. */
const missing = (row: Row, questionField: string): string =>
  row.fields.includes(questionField) ? '' : `; ${questionHint(row)}`;

const isId = (id: unknown): boolean =>
  typeof id === 'number' ? Number.isFinite(id) : nonEmpty(id) === undefined;

const isQuery = (question: unknown): boolean => {
  try {
    return toRequest(question as Query) !== undefined;
  } catch {
    return false;
  }
};
