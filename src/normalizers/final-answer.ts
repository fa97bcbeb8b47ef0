import { type Abstention, abstain } from '../domain/normalizer.ts';
import { announcedAnswer } from './marks/announced-answer.ts';
import { type AnswerMarks, answerMarks } from './marks/answer-marks.ts';
import type { AnswerReader, Reading } from './marks/answer-reader.ts';
import { markedAnswer } from './marks/marked-answer.ts';
import { openingAnswer } from './marks/opening-answer.ts';
import { plainAnswer } from './marks/plain-answer.ts';
import { isObjectOfJson } from './marks/sole-field.ts';
import { tooLong } from './reading/answer-length.ts';
import { isSpace } from './reading/characters.ts';
import { readableText } from './reading/readable-text.ts';

/**
 * Finds the final answer of a text and reads it with `reader`: a delimited answer (`<answer>`, `{"answer": …}`,
 * `\boxed{…}`, a line `#### …`), else one that the text announces ("the answer is …"), else the unmarked text. A
 * marked answer that cannot be read abstains, because the model meant that answer.
 */
export function readAnswer<Answer>(text: string, reader: AnswerReader<Answer>): Answer | Abstention {
  const unread = tooLong(text);
  if (unread !== undefined) return unread;
  const trimmed = isSpace(text.charCodeAt(text.length - 1)) ? text.trimEnd() : text;
  return plainAnswer(trimmed, reader) ?? readInFull(trimmed, reader);
}

/** Reads a text that need not be plain. It is what {@link plainAnswer} is compared with. */
export function readInFull<Answer>(text: string, reader: AnswerReader<Answer>): Answer | Abstention {
  const readable = readableText(text);
  if (typeof readable !== 'string') return readable;
  return readMarks(readable, answerMarks(readable), reader) ?? abstain(`${reader.sought} was not found`);
}

const readMarks = <Answer>(text: string, marks: AnswerMarks, reader: AnswerReader<Answer>): Reading<Answer> =>
  openingAnswer(text, marks, reader) ??
  markedAnswer(text, marks, reader) ??
  announcedAnswer(text, marks, reader)?.reading ??
  (reader.readsProse !== true && isObjectOfJson(text, marks.from, marks.to)
    ? abstain('the JSON has no field for the answer')
    : reader.unmarked(text, marks));
