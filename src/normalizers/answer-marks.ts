import { BACKSLASH } from './character-codes.ts';
import {
  type CharacterTest,
  isAsciiLetter,
  isNewline,
  isSpace,
  isWordCharacter,
  oneOf,
  skip,
  standsAt,
} from './characters.ts';

/** The notation of a delimited final answer. */
export type FieldKind = 'tag' | 'json' | 'boxed' | 'hashes';

/** A delimited answer; its content starts at `start`. */
export interface FieldMark {
  readonly kind: FieldKind;
  readonly start: number;
}

/** An answer that prose announces ("the answer is"): the word "answer" is at `word`, the value at `start`. */
export interface PhraseMark {
  readonly word: number;
  readonly start: number;
  readonly final: boolean;
}

/** The marked answers of a text, and the part of it (`from`..`to`) that answers the question asked. */
export interface AnswerMarks {
  readonly from: number;
  readonly to: number;
  readonly fields: readonly FieldMark[];
  readonly phrases: readonly PhraseMark[];
}

/** Everything that may mark an answer. The mark is recognized by its first character. */
const MARK = new RegExp(
  [
    'answer',
    '<(?:final_)?answer>',
    // `"answer":`, also single-quoted, escaped inside another string, or as `final_answer` and the like.
    '"(?:final[_ -]?)?answer\\\\?"\\s*:',
    "'(?:final[_ -]?)?answer\\\\?'\\s*:",
    '\\\\boxed\\{',
    // Four hashes that open a line.
    '####(?!#)(?<=(?:^|[\\r\\n])[ \\t]*####)',
    // Another question: a base model is running on.
    '\\n[*# ]*(?:question|q|problem|user|human):',
  ].join('|'),
  'gi',
);

const FIELD_KINDS: Readonly<Record<string, FieldKind>> = {
  '<': 'tag',
  '"': 'json',
  "'": 'json',
  '\\': 'boxed',
  '#': 'hashes',
};

/**
 * Finds every answer mark of a text in one pass.
 *
 * If the text goes on, after a mark, with a new question (a line
 * "Question:", "Q:", "User:", ...), a base model is running on: the answer ends there.
 */
export function answerMarks(text: string): AnswerMarks {
  MARK.lastIndex = 0;
  let match = MARK.exec(text);
  if (match === null) return { from: 0, to: text.length, fields: none, phrases: none };
  const from = 0;
  const fields: FieldMark[] = [];
  const phrases: PhraseMark[] = [];
  for (; match !== null; match = MARK.exec(text)) {
    const { index: at, 0: mark } = match;
    // Marks overlap: `"answer":` announces an answer, too.
    MARK.lastIndex = at + 1;
    const initial = mark.charAt(0);
    const kind = FIELD_KINDS[initial];
    if (initial === '\n') {
      if (fields.length + phrases.length > 0) return { from, to: at, fields, phrases };
    } else if (kind !== undefined) fields.push({ kind, start: at + mark.length });
    else {
      const phrase = phraseMark(text, at);
      if (phrase !== undefined) phrases.push(phrase);
    }
  }
  return { from, to: text.length, fields, phrases };
}

const none: readonly never[] = [];

/** Reads "answer is", "answer:" or the heading "Final answer", and skips the fillers before the value. */
function phraseMark(text: string, word: number): PhraseMark | undefined {
  if (word > 0 && isWordCharacter(text.charCodeAt(word - 1))) return undefined;
  const final = word >= 6 && standsAt(text, word - 6, 'final ');
  const afterWord = skip(text, decoratesLine, word + 6);
  const start = skipConnector(text, afterWord);
  if (start !== undefined) return { word, start: skipFiller(text, start), final };
  const headline = final && isNewline(text.charCodeAt(afterWord));
  return headline ? { word, start: skipFiller(text, afterWord), final } : undefined;
}

/** Emphasis and quotation marks. */
const isDecoration = oneOf('*_`"\'\u201c\u2018');

/** Emphasis, quotation marks and white space, but not a line break. */
const decoratesLine: CharacterTest = (code) => isDecoration(code) || (isSpace(code) && !isNewline(code));

const verbs = [
  'is',
  'was',
  'are',
  'equals',
  'should be',
  'would be',
  'must be',
  'will be',
  'has to be',
] as const;

const connects = oneOf(':=');

/** The position after a colon, an equals sign or a verb at `at`. */
function skipConnector(text: string, at: number): number | undefined {
  if (connects(text.charCodeAt(at))) return at + 1;
  for (const verb of verbs) {
    if (standsAt(text, at, verb) && !isWordCharacter(text.charCodeAt(at + verb.length)))
      return at + verb.length;
  }
  return undefined;
}

const fillers = new Set(
  (
    'about actually approximately around choice clearly definitely equal exactly given by indeed just letter ' +
    'likely most nearly now number only option roughly simply still the therefore thus to'
  ).split(' '),
);

/** Words of more letters are not fillers. */
const LONGEST_FILLER = 15;

const opensMath = oneOf('([');

const isFillerMark: CharacterTest = (code) =>
  isSpace(code) || isDecoration(code) || isFillerPunctuation(code);

const isFillerPunctuation = oneOf(':~≈([{');

/** Skips what may be between "the answer is" and the value: blanks, emphasis, brackets, "approximately". */
function skipFiller(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isFillerMark(code)) at++;
    else if (code === BACKSLASH && opensMath(text.charCodeAt(at + 1))) at += 2;
    else if (isAsciiLetter(code)) {
      const end = skip(text, isAsciiLetter, at, Math.min(text.length, at + LONGEST_FILLER));
      if (isWordCharacter(text.charCodeAt(end)) || !fillers.has(text.slice(at, end).toLowerCase())) break;
      at = end;
    } else break;
  }
  return at;
}
