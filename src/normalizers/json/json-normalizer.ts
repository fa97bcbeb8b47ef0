import type { Abstention } from '../../domain/normalizer.ts';
import { MAX_ANSWER_LENGTH } from '../reading/answer-length.ts';
import { oneOf, skipSpaces } from '../reading/characters.ts';
import { readableText } from '../reading/readable-text.ts';
import { EXAMPLE, MARKED } from './json-preference.ts';
import { scanJson } from './json-scan.ts';

/** Reads an answer from what is read of a text, of the JSON values that are preferred at least so much. */
export type JsonReader<Answer> = (readable: string, least: number) => Answer | Abstention;

const markedReaders = new WeakMap<object, (text: string) => unknown>();

/** Returns the normalizer that reads JSON values with `read`. */
export function jsonNormalizer<Answer>(read: JsonReader<Answer>): (text: string) => Answer | Abstention {
  const from = (text: string, least: number): Answer | Abstention => {
    const readable = isNothingButJson(text) ? text : readableText(text);
    return typeof readable === 'string' ? read(readable, least) : readable;
  };
  const normalizer = (text: string): Answer | Abstention => from(text, EXAMPLE);
  markedReaders.set(normalizer, (text) => from(text, MARKED));
  return normalizer;
}

/**
 * Returns the reader of the JSON values that a text marks: that are all of it, in a fence, in a tag or announced; `undefined`
 * for a normalizer that reads no JSON.
 */
export const markedJson = <Answer>(
  normalizer: (text: string) => Answer | Abstention | null | undefined,
): ((text: string) => Answer | Abstention) | undefined =>
  markedReaders.get(normalizer) as ((text: string) => Answer | Abstention) | undefined;

/** What looks like hidden reasoning in a string of JSON is a part of the answer. */
function isNothingButJson(text: string): boolean {
  if (typeof text !== 'string' || text.length > MAX_ANSWER_LENGTH || !text.includes('<')) return false;
  const start = skipSpaces(text, 0);
  if (!opensJson(text.charCodeAt(start))) return false;
  const { outcome, end } = scanJson(text, start, text.length);
  return outcome === 'whole' && skipSpaces(text, end) === text.length;
}

const opensJson = oneOf('{[');
