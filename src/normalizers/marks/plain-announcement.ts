import type { AnswerReader, Reading } from './answer-reader.ts';

/** An announcement that is the whole text, of a number, a letter, or a yes or no. */
const PLAIN =
  /^((?:(?:so|thus|therefore|hence),? )?(?:the |my )?(?:final |correct )?answer(?: is|:) )(\(?)(?:-?\d{1,15}|[a-z]|yes|no|true|false)\)?\.?$/i;

const LONGEST = 64;

/**
 * Reads a text that does nothing but announce a plain value, as many short answers do. It is read like any other
 * announcement, but without looking for marks and at what stands around it, which would cost ten times as much.
 */
export function plainAnnouncement<Answer>(text: string, reader: AnswerReader<Answer>): Reading<Answer> {
  const match = text.length > LONGEST ? null : PLAIN.exec(text);
  if (match === null) return undefined;
  const [, { length: opening } = '', { length: bracket } = ''] = match;
  return reader.phrase?.(text, reader.readsProse ? opening : opening + bracket, text.length);
}
