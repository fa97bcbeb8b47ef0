import { isObject } from '../../domain/is-object.ts';
import { LEFT_BRACE, RIGHT_BRACE } from '../reading/character-codes.ts';
import { skipSpaces } from '../reading/characters.ts';
import { withoutEndTokens } from '../reading/end-tokens.ts';
import type { AnswerMarks } from './answer-marks.ts';
import type { FieldContent } from './field-content.ts';

/** Names of a field that holds the answer, if no field is called so. */
const answers =
  /^(?:(?:final|predicted|correct|selected|chosen|my|best)?(?:value|result|label|choice|prediction|output|verdict|decision|solution|response|selection|selected|option|category|class|classification|sentiment|conclusion)|final|total)$/;

/** Names of fields that only accompany the answer. */
const others =
  /reason|explan|rational|think|thought|analysis|step|work|proof|justif|comment|note|detail|confidence|certain|probab|score|likelihood|why|because|source|evidence|question|problem|unit|description|summary|error|message|success|method|formula|calculation|^id$|^type$/;

/** The longest text that is read as one JSON object. */
const LONGEST = 100_000;

const DEEPEST = 3;

/**
 * Returns the field that holds the answer of a text that is nothing but a JSON object, or whose last fence is one: the
 * only one called `value`, `result`, `label` or the like, else the only plain one besides reasons and confidence. Empty
 * if there is no such one in an empty object.
 */
export function soleField(
  text: string,
  { from, to, fields }: AnswerMarks,
): (FieldContent & { readonly kind: 'json' }) | undefined {
  if (fields.some(({ kind }) => kind !== 'hashes')) return undefined;
  const span = objectSpan(text, from, to);
  if (span === undefined) return undefined;
  const content = contentOf(parsed(text.slice(span.start, span.end)), DEEPEST);
  return content === undefined
    ? undefined
    : { content: content.trim(), raw: content, end: span.end, kind: 'json' };
}

/** Whether a text is nothing but an object of JSON. */
export const isObjectOfJson = (text: string, from: number, to: number): boolean => {
  const span =
    text.charCodeAt(skipSpaces(text, from, to)) === LEFT_BRACE ? objectSpan(text, from, to) : undefined;
  return span !== undefined && isObject(parsed(text.slice(span.start, span.end)));
};

interface Span {
  readonly start: number;
  readonly end: number;
}

function objectSpan(text: string, from: number, to: number): Span | undefined {
  const start = skipSpaces(text, from, to);
  if (text.charCodeAt(start) === LEFT_BRACE) return objectIn(text, start, withoutEndTokens(text, start, to));
  const close = text.includes('```') ? text.lastIndexOf('```', to) : -1;
  const open = close < 1 ? -1 : text.lastIndexOf('```', close - 1);
  if (open < start) return undefined;
  const language = /^```\s?(?:json[5c]?)?\s/i.exec(text.slice(open, open + 12))?.[0];
  if (language === undefined) return undefined;
  return objectIn(text, skipSpaces(text, open + language.length, close), withoutEndTokens(text, open, close));
}

const objectIn = (text: string, start: number, end: number): Span | undefined =>
  text.charCodeAt(start) === LEFT_BRACE && text.charCodeAt(end - 1) === RIGHT_BRACE && end - start <= LONGEST
    ? { start, end }
    : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function contentOf(value: unknown, depth: number): string | undefined {
  if (!isObject(value) || depth === 0) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 0) return '';
  const named = entries.filter(([name]) => answers.test(plain(name)));
  const [only] = named;
  if (only !== undefined)
    return named.length > 1 ? undefined : (scalar(only[1]) ?? contentOf(only[1], depth - 1));
  const scalars = entries.filter(([name, field]) => !others.test(plain(name)) && scalar(field) !== undefined);
  return scalars.length === 1 ? scalar(scalars[0]?.[1]) : undefined;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/** Returns a plain value as text; `null` says nothing. */
const scalar = (value: unknown): string | undefined =>
  value === null
    ? ''
    : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
