import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the choices with index 0 among those of a completion or a chunk. With `n` above 1, the others belong to other
 * answers, in any order. A choice without an index has its place in the list.
 */
export const firstChoices = (choices: unknown): readonly Fields[] =>
  Array.isArray(choices)
    ? choices.map(asObject).filter(({ index }, place) => Number(index ?? place) === 0)
    : [];

/** Returns the choice of a completion that is read. A list of one is not a mixture of answers, even with another index. */
export const choiceOf = (choices: unknown): Fields =>
  (Array.isArray(choices) && choices.length === 1 ? asObject(choices[0]) : firstChoices(choices)[0]) ?? {};

/** The text of a choice. */
export interface ChoiceText {
  /** Empty without text. */
  readonly content: string;
  /** What the model wrote instead of an answer; empty if it did not refuse. */
  readonly refusal: string;
}

/**
 * Reads the text of a message or a delta: an object, or the text itself. Mistral sends parts, with hidden reasoning as
 * parts of another type.
 *
 * @throws {MalformedResponseError} if it is not text.
 */
export const textOf = (model: string, message: unknown): ChoiceText => {
  if (typeof message === 'string') return { content: message, refusal: '' };
  const { content, text, refusal } = asObject(message);
  return {
    content: toText(model, content ?? text),
    refusal: isNothing(refusal) ? '' : toText(model, refusal),
  };
};

/** The words for no refusal. In Python, `str(None)` is one. */
const NOTHING: ReadonlySet<string> = new Set(['', 'none', 'null', 'nil', 'undefined', 'false']);

const isNothing = (refusal: unknown): boolean =>
  isObject(refusal)
    ? Object.keys(refusal).length === 0
    : refusal === undefined || refusal === null || NOTHING.has(String(refusal).trim().toLowerCase());

/** The text of a content: a text, a number, a part, or a list of them. */
const toText = (model: string, content: unknown): string => {
  if (typeof content === 'string') return content;
  const parts = (Array.isArray(content) ? content : [content]).map(partText);
  const text = parts.map((part) => part ?? '').join('');
  // A part that is not known may be the answer, unless there is another one.
  if (parts.includes(undefined) && (text === '' || !Array.isArray(content))) {
    throw new MalformedResponseError(model, 'the response has a message that is not text');
  }
  return text;
};

const TEXT_TYPES: ReadonlySet<unknown> = new Set([undefined, null, 'text', 'output_text', 'text_delta']);

/** The text of a part: empty if it has none, as hidden reasoning; `undefined` if that is unknown. */
const partText = (part: unknown): string | undefined => {
  if (typeof part === 'string') return part;
  // A larger number has lost digits.
  if (typeof part === 'number') return Math.abs(part) <= Number.MAX_SAFE_INTEGER ? String(part) : undefined;
  if (!isObject(part)) return (part ?? undefined) === undefined ? '' : undefined;
  const { type, text } = asObject(part);
  const value = isObject(text) ? asObject(text).value : text;
  if (TEXT_TYPES.has(type)) return typeof value === 'string' ? value : undefined;
  return HIDDEN.test(String(type)) || typeof value !== 'string' ? '' : undefined;
};

/** The types of parts that are no part of the answer. */
const HIDDEN = /think|reason|tool|function|image|audio|file|document|reference|citation|signature/i;
