import type { Query } from '../../domain/request.ts';
import { toRequest } from '../../engine/to-request.ts';
import type { Question } from '../../experiment/question.ts';
import type { RecordedResponse } from '../../models/replay.ts';
import { between, type Check, delayMs, faultsOf, nonEmpty, ofType } from '../../options.ts';
import type { Row } from './row.ts';

/** What the fields of a question are called in a file. */
export interface FieldNames {
  readonly idField: string;
  readonly questionField: string;
  readonly expectedField: string;
}

/** The question in a row, or what is wrong with the row. */
export const questionOf = (row: Row, names: FieldNames): Question | readonly string[] => {
  const { idField, questionField, expectedField } = names;
  const id = row.get(idField) ?? row.number;
  const question = row.get(questionField);
  const expected = row.get(expectedField);
  const category = row.get('category') ?? undefined;
  const responses = row.get('responses') ?? undefined;
  const faults = [
    ...(isId(id) ? [] : [`${idField} must be a text or a number`]),
    ...(isQuery(question) ? [] : [`${questionField} must be a string that is not empty, or { messages }`]),
    ...(category === undefined || typeof category === 'string' ? [] : ['category must be a text']),
    ...responsesFaults(responses),
  ];
  if (faults.length > 0) return faults;
  return {
    id: String(id),
    question: question as Query,
    ...(expected !== undefined && { expected }),
    ...(category !== undefined && { category: category as string }),
    ...(responses !== undefined && { responses: responses as readonly RecordedResponse[] }),
  };
};

const isId = (id: unknown): boolean =>
  typeof id === 'number' ? Number.isFinite(id) : nonEmpty(id) === undefined;

const isQuery = (question: unknown): boolean => {
  if (typeof question === 'string') return question !== '';
  try {
    return toRequest(question as Query) !== undefined;
  } catch {
    return false;
  }
};

const responsesFaults = (responses: unknown): readonly string[] => {
  if (responses === undefined) return [];
  return Array.isArray(responses) ? responses.flatMap(responseFaults) : ['responses must be an array'];
};

const responseChecks: Readonly<Record<string, Check>> = {
  model: nonEmpty,
  text: ofType('string'),
  tokensOut: between(0, Number.MAX_VALUE),
  latencyMs: delayMs,
  costUsd: between(0, Number.MAX_VALUE),
};

const responseFaults = (response: unknown, index: number): readonly string[] => {
  const owner = `responses[${index}]`;
  if (typeof response !== 'object' || response === null) return [`${owner} must be { model, text }`];
  const { model = null, text = null, tokensOut, latencyMs, costUsd } = response as Partial<RecordedResponse>;
  return faultsOf(owner, { model, text, tokensOut, latencyMs, costUsd }, responseChecks).map((fault) =>
    // Recorded answers are no options, and are not quoted.
    fault.replace(/: option "(\w+)"/, '.$1').replace(/, but got .*$/s, ''),
  );
};
