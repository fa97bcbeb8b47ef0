import { type Abstention, abstain } from '../domain/normalizer.ts';
import { type AnswerMarks, answerMarks } from './answer-marks.ts';
import { lineEnd, skipSpaces, standsAt } from './characters.ts';
import { fieldContent } from './field-content.ts';
import { readableText } from './readable-text.ts';

/**
 * What a reader makes of a place in a text: an answer; an abstention if this is the place of the answer, but cannot be
 * read, which ends the search; `undefined` if no answer of this kind is there.
 */
export type Reading<Answer> = Answer | Abstention | undefined;

/** Reads an answer from the three kinds of places in a text. */
export interface AnswerReader<Answer> {
  /** Names the answer in the reason of an abstention: "a number". */
  readonly sought: string;
  /** Reads the whole content of a delimited answer. */
  readonly field: (content: string) => Reading<Answer>;
  /** Reads the value at `start`, right after "the answer is"; what belongs to it ends at `end`. */
  readonly phrase?: (text: string, start: number, end: number) => Reading<Answer>;
  /** Selects the line that counts if several announce an answer. */
  readonly phrases?: 'first' | 'last';
  /** Reads the part of a text from `from` to `to`, if the text has no mark. */
  readonly unmarked: (text: string, marks: AnswerMarks) => Reading<Answer>;
}

/**
 * Finds the final answer of a text and reads it with `reader`: the last delimited answer (`<answer>`, `{"answer": …}`,
 * `\boxed{…}`, a last line `#### …`), else "final answer: …", else "the answer is …", else the unmarked text. If a
 * delimited answer cannot be read, the reading abstains, because the model meant that answer.
 */
export function readAnswer<Answer>(text: string, reader: AnswerReader<Answer>): Answer | Abstention {
  const readable = readableText(text);
  if (typeof readable !== 'string') return readable;
  const marks = answerMarks(readable);
  return (
    fromFields(readable, marks, reader) ??
    fromPhrases(readable, marks, reader) ??
    reader.unmarked(readable, marks) ??
    abstain(`${reader.sought} was not found`)
  );
}

function fromFields<Answer>(text: string, marks: AnswerMarks, reader: AnswerReader<Answer>): Reading<Answer> {
  const { fields, to } = marks;
  let end = to;
  for (let index = fields.length - 1; index >= 0; index--) {
    const field = fields[index];
    if (field === undefined) break;
    const { kind, start } = field;
    const content = fieldContent(text, kind, start, end);
    if (content !== undefined) {
      const reading = reader.field(content);
      // Four hashes may be a heading, and a box may be the result of a step before "the answer is (B)".
      if (reading !== undefined || kind !== 'hashes')
        return (
          reading ??
          announcedLater(text, marks, reader, start) ??
          abstain(`the marked answer is not ${reader.sought}`)
        );
    }
    end = start;
  }
  return undefined;
}

function fromPhrases<Answer>(
  text: string,
  marks: AnswerMarks,
  reader: AnswerReader<Answer>,
): Reading<Answer> {
  if (reader.phrase === undefined || marks.phrases.length === 0) return undefined;
  const final = marks.phrases.some((phrase) => phrase.final);
  return (final ? lastRead(text, marks, reader, true) : undefined) ?? lastRead(text, marks, reader, false);
}

const announcedLater = <Answer>(
  text: string,
  marks: AnswerMarks,
  reader: AnswerReader<Answer>,
  after: number,
): Reading<Answer> =>
  fromPhrases(text, { ...marks, phrases: marks.phrases.filter(({ word }) => word > after) }, reader);

/**
 * Returns the last readable phrase. If the reader wants the first, returns the last one on the first line that has one,
 * unless the text then retracts it ("Wait, …"). Text after a closed answer is a base model that runs on.
 */
function lastRead<Answer>(
  text: string,
  { phrases, to }: AnswerMarks,
  reader: AnswerReader<Answer>,
  final: boolean,
): Reading<Answer> {
  let found: Reading<Answer>;
  let line = -1;
  let closedAt = Number.POSITIVE_INFINITY;
  for (let index = 0; index < phrases.length; index++) {
    const phrase = phrases[index];
    if (phrase === undefined) break;
    if (phrase.start > closedAt) break;
    if (final && !phrase.final) continue;
    const limit = Math.max(phrase.start, Math.min(phrases[index + 1]?.word ?? to, to));
    const reading = reader.phrase?.(text, phrase.start, lineEnd(text, phrase.start, limit));
    if (reading === undefined) continue;
    found = reading;
    if (reader.phrases !== 'first' || final || phrase.start <= line) continue;
    line = lineEnd(text, phrase.start, to);
    closedAt = isRetracted(text, line, to) ? Number.POSITIVE_INFINITY : line;
  }
  return found;
}

/** Whether the text retracts the answer of the line that ends at `line`. */
function isRetracted(text: string, line: number, to: number): boolean {
  const next = skipSpaces(text, line, to);
  return retractions.some((word) => standsAt(text, next, word));
}

const retractions = [
  'wait',
  'hmm',
  'but ',
  'however',
  'actually',
  'correction',
  'sorry',
  'let me',
  "let's check",
] as const;
