import { MalformedResponseError } from '../../domain/errors.ts';
import { asObject } from '../as-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the choices with index 0 among those of a completion or a chunk. With `n` above 1, the others belong to other
 * answers, in any order. A choice without an index has its place in the list.
 */
export const firstChoices = (choices: unknown): readonly Fields[] =>
  Array.isArray(choices)
    ? choices.map(asObject).filter(({ index }, place) => Number(index ?? place) === 0)
    : [];

/** The text of a message or a delta. */
export interface ChoiceText {
  /** Empty without text. */
  readonly content: string;
  /** What the model wrote instead of an answer; empty if it did not refuse. */
  readonly refusal: string;
}

/**
 * Reads the text of a message or a delta. Mistral sends parts, with hidden reasoning as parts of another type.
 *
 * @throws {MalformedResponseError} if it is not text.
 */
export const textOf = (model: string, message: unknown): ChoiceText => {
  const { content, refusal } = asObject(message);
  const text = (Array.isArray(content) ? joined(content) : content) ?? '';
  const refused = refusal || '';
  if (typeof text === 'string' && typeof refused === 'string') return { content: text, refusal: refused };
  throw new MalformedResponseError(model, 'the response has a message that is not text');
};

const joined = (parts: readonly unknown[]): string =>
  parts
    .map(asObject)
    .map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : ''))
    .join('');
