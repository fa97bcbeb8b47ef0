import { closest } from '../domain/closest.ts';
import { ConfigError } from '../domain/errors.ts';
import { guarding, readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { plainName, quotedName } from '../domain/quoting.ts';
import type { Query } from '../domain/request.ts';
import { toRequest } from '../engine/to-request.ts';
import { shown } from '../options.ts';
import { listedFields } from './dataset/field-names.ts';
import { recordOf } from './dataset/source-record.ts';
import type { Question } from './question.ts';

/** A prompt with places for the fields of a question. */
export interface PromptTemplate {
  /** Returns what is wrong with a question: the fields that it does not have. */
  faultsOf(question: Question): readonly string[];
  /** Returns the query in which each field has its value. In a conversation, it takes the place of the last turn. */
  queryOf(question: Question): Query;
}

/** An escaped bracket, a field, or what looks like one. */
const PARTS = /\\\{[{%]|\{\{([^{}]*)\}\}|\{\{|\{%/g;

/**
 * Parses a prompt such as `Question: {{question}}`. A value is inserted as it is, so braces in it have no effect.
 *
 * @throws {ConfigError} if it has no field, or syntax that is not supported.
 */
export const promptTemplate = (template: unknown): PromptTemplate => {
  if (typeof template !== 'string')
    throw new ConfigError([
      `prompt must be a text with fields, such as "{{question}}", but got ${shown(template)}`,
    ]);
  const names = fieldsIn(template);
  return {
    faultsOf: (question) => names.flatMap((name) => fieldFault(question, name) ?? []),
    queryOf: (question) => {
      const prompt = template.replace(PARTS, (part, name: string | undefined) =>
        name === undefined ? part.slice(1) : textOf(fieldOf(question, name.trim())),
      );
      return withPrompt(question.question, prompt);
    },
  };
};

const fieldsIn = (template: string): readonly string[] => {
  const parts = [...template.matchAll(PARTS)];
  const unsupported = parts.find(([part]) => part === '{{' || part === '{%' || /^\{\{\s*\}\}$/.test(part));
  if (unsupported !== undefined)
    throw new ConfigError([
      `prompt: ${unsupported[0]} at character ${unsupported.index + 1} is not a field: write {{name}}, or \\${unsupported[0].slice(0, 2)} for the characters themselves; blocks are not supported`,
    ]);
  const names = [...new Set(parts.flatMap(([, name]) => (name === undefined ? [] : [name.trim()])))];
  if (names.length === 0)
    throw new ConfigError([
      'prompt has no field, so that each question would be the same: write {{question}} where the question belongs',
    ]);
  return names;
};

/** The fields that every question has, under any names in its record. */
const OWN = ['id', 'question', 'category'] as const;

const isOwn = (name: string): name is (typeof OWN)[number] => (OWN as readonly string[]).includes(name);

/** Returns the value of a field, or of a place in one, such as `choices[0]` or `meta.topic`. */
const fieldOf = (question: Question, name: string): unknown => {
  if (isOwn(name)) return name === 'question' ? toRequest(question.question).prompt : question[name];
  const { fields, get } = recordOf(question);
  if (fields.includes(name)) return get(name) ?? '';
  const [first = '', ...places] = pathOf(name);
  return fields.includes(first) ? places.reduce(placeIn, get(first)) : undefined;
};

const pathOf = (name: string): readonly string[] => name.replace(/\[(\d+)\]/g, '.$1').split('.');

const placeIn = (value: unknown, place: string): unknown =>
  isObject(value) && Object.hasOwn(value, place) ? readSafely(value, place) : undefined;

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  return isObject(value) ? JSON.stringify(value) : String(value ?? '');
};

const fieldFault = (question: Question, name: string): string | undefined => {
  const record = recordOf(question);
  const field = `{{${plainName(name)}}}`;
  const place = `question ${quotedName(question.id)}`;
  const [first = ''] = record.fields.includes(name) ? [name] : pathOf(name);
  if (first === record.expectedField || first === 'expected')
    return `${field} would tell the model the right answer; remove it`;
  const value = fieldOf(question, name);
  if (value !== undefined)
    return guarding<string | undefined>(
      () => {
        textOf(value);
        return undefined;
      },
      (fault) => `${field}: ${place}: the value ${fault}`,
    );
  if (record.fields.includes(first)) return `${field}: ${place} has no such place in ${quotedName(first)}`;
  if (/[|()]/.test(name))
    return `${field} is an expression, and prompts have fields only, such as {{question}}`;
  const meant = closest(name, [...new Set(['id', 'question', ...record.fields])]);
  const hint = meant === undefined ? '' : `; did you mean {{${plainName(meant)}}}?`;
  return `${field}: ${place} has no such field; ${listedFields(record)}${hint}`;
};

/** The query with a prompt in place of the texts of its question. Images and files stay. */
const withPrompt = (query: Query, prompt: string): Query => {
  if (typeof query === 'string') return prompt;
  const last = query.messages.findLastIndex(({ role }) => role === 'user');
  return {
    ...query,
    messages: query.messages.map((turn, index) => {
      if (index !== last || turn.role !== 'user') return turn;
      const { content } = turn;
      if (typeof content === 'string') return { ...turn, content: prompt };
      const files = content.filter(({ type }) => type !== 'text');
      return { ...turn, content: [{ type: 'text', text: prompt }, ...files] };
    }),
  };
};
