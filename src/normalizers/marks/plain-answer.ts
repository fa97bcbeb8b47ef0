import { abstentionReason } from '../../domain/normalizer.ts';
import { LESS_THAN } from '../reading/character-codes.ts';
import type { AnswerReader, Reading } from './answer-reader.ts';

/** An announcement that is the whole text, of a number, a letter, or a yes or no. */
const ANNOUNCED =
  /^((?:(?:so|thus|therefore|hence),? )?(?:the |my )?(?:final |correct )?answer(?: is|:) )(\(?)(?:-?\d{1,15}|[a-z]|yes|no|true|false)\)?\.?$/i;

/** A tag that is the whole text, with a few words or a number that announce nothing. */
const TAGGED =
  /^<(?:final_)?answer>(?![^<]*answer)([\w$+-][\w$+%.,-]*(?: [\w$+%.,-]+){0,5})<\/(?:final_)?answer>$/i;

const LONGEST = 64;

/**
 * Reads a text that does nothing but announce a plain value, or hold it in a tag, as many short answers do. It is read like
 * any other, but without looking for marks and at what stands around it, which would cost several times as much.
 */
export function plainAnswer<Answer>(text: string, reader: AnswerReader<Answer>): Reading<Answer> {
  if (text.length > LONGEST) return undefined;
  if (text.charCodeAt(0) === LESS_THAN) return taggedAnswer(TAGGED.exec(text)?.[1], reader);
  const match = ANNOUNCED.exec(text);
  if (match === null) return undefined;
  const [, { length: opening } = '', { length: bracket } = ''] = match;
  return reader.phrase?.(text, reader.readsProse ? opening : opening + bracket, text.length);
}

function taggedAnswer<Answer>(content: string | undefined, reader: AnswerReader<Answer>): Reading<Answer> {
  const reading = content === undefined ? undefined : reader.field(content, content);
  return abstentionReason(reading) === undefined ? reading : undefined;
}
