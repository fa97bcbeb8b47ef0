import { isAsciiLetter, isNewline, isSpace, isWordCharacter, skipSpaces, standsAt } from './characters.ts';

/** How a delimited final answer is written. */
export type FieldKind = 'tag' | 'json' | 'boxed' | 'hashes';

/** A place where a delimited answer opens: its content starts at `start`. */
export interface FieldMark {
  readonly kind: FieldKind;
  readonly start: number;
}

/** A place where prose announces an answer ("the answer is"): the word stands at `word`, the value at `start`. */
export interface PhraseMark {
  readonly word: number;
  readonly start: number;
  readonly final: boolean;
}

/** What a text marks as its answer, and the part of it (`from`..`to`) that is the answer to the question asked. */
export interface AnswerMarks {
  readonly from: number;
  readonly to: number;
  readonly fields: readonly FieldMark[];
  readonly phrases: readonly PhraseMark[];
}

/**
 * Finds every answer mark of a text in one pass.
 *
 * What stands before a closing `</think>` is not the answer. Text that goes on, after a mark, with a new
 * question (a line "Question:", "Q:", "User:", ...) is a base model running on: the answer ends there.
 */
export function answerMarks(text: string): AnswerMarks {
  let from = 0;
  let to = text.length;
  let fields: FieldMark[] | undefined;
  let phrases: PhraseMark[] | undefined;

  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 97) continue;
    let field: FieldMark | undefined;
    switch (code) {
      case 97: // a
      case 65: {
        const phrase = standsAt(text, at, 'answer') ? phraseMark(text, at) : undefined;
        if (phrase !== undefined) {
          if (phrases === undefined) phrases = [phrase];
          else phrases.push(phrase);
        }
        break;
      }
      case 60: // <
        if (standsAt(text, at, '</think')) {
          from = Math.min(text.length, text.indexOf('>', at) + 1 || text.length);
          fields = undefined;
          phrases = undefined;
        } else field = tagMark(text, at);
        break;
      case 34: // "
      case 39: // '
        field = keyMark(text, at, code);
        break;
      case 92: // backslash
        if (standsAt(text, at, '\\boxed{')) field = { kind: 'boxed', start: at + 7 };
        break;
      case 35: // #
        if (standsAt(text, at, '####') && opensLine(text, at) && text.charCodeAt(at + 4) !== 35)
          field = { kind: 'hashes', start: at + 4 };
        break;
      case 10:
        if ((fields !== undefined || phrases !== undefined) && asksAnew(text, at + 1)) {
          to = at;
          at = text.length;
        }
        break;
    }
    if (field !== undefined) {
      if (fields === undefined) fields = [field];
      else fields.push(field);
    }
  }
  return { from, to, fields: fields ?? none, phrases: phrases ?? none };
}

const none: readonly never[] = [];

/** `<answer>` and `<final_answer>`, in any case. */
function tagMark(text: string, at: number): FieldMark | undefined {
  if (standsAt(text, at + 1, 'answer>')) return { kind: 'tag', start: at + 8 };
  if (standsAt(text, at + 1, 'final_answer>')) return { kind: 'tag', start: at + 14 };
  return undefined;
}

/** `"answer":`, also single-quoted, escaped inside another string, or as `final_answer` and the like. */
function keyMark(text: string, quoteAt: number, quote: number): FieldMark | undefined {
  let at = quoteAt + 1;
  if (standsAt(text, at, 'final')) {
    at += 5;
    const code = text.charCodeAt(at);
    if (code === 95 || code === 32 || code === 45) at++;
  }
  if (!standsAt(text, at, 'answer')) return undefined;
  at += 6;
  if (text.charCodeAt(at) === 92) at++;
  if (text.charCodeAt(at) !== quote) return undefined;
  at = skipSpaces(text, at + 1);
  return text.charCodeAt(at) === 58 ? { kind: 'json', start: at + 1 } : undefined;
}

function opensLine(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
  return before < 0 || isNewline(text.charCodeAt(before));
}

/** "answer is", "answer:", "Final answer" as a heading, and what may stand between that and the value. */
function phraseMark(text: string, word: number): PhraseMark | undefined {
  if (word > 0 && isWordCharacter(text.charCodeAt(word - 1))) return undefined;
  const final = word >= 6 && standsAt(text, word - 6, 'final ');
  const afterWord = skipDecoration(text, word + 6);
  const start = skipConnector(text, afterWord);
  if (start !== undefined) return { word, start: skipFiller(text, start), final };
  const headline = final && isNewline(text.charCodeAt(afterWord));
  return headline ? { word, start: skipFiller(text, afterWord), final } : undefined;
}

/** Emphasis, quotes and blanks, but no line break. */
function skipDecoration(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isNewline(code) || !(isSpace(code) || isDecoration(code))) break;
  }
  return at;
}

/** `*`, `_`, a backtick, or a quotation mark. */
const isDecoration = (code: number): boolean =>
  code === 42 ||
  code === 95 ||
  code === 96 ||
  code === 34 ||
  code === 39 ||
  code === 0x201c ||
  code === 0x2018;

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

function skipConnector(text: string, at: number): number | undefined {
  const code = text.charCodeAt(at);
  if (code === 58 || code === 61) return at + 1;
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

/** Everything that may stand between "the answer is" and the value: blanks, emphasis, brackets, "approximately". */
function skipFiller(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || isDecoration(code) || code === 58 || code === 126 || code === 8776) at++;
    else if (code === 40 || code === 91 || code === 123) at++;
    else if (code === 92 && (text.charCodeAt(at + 1) === 40 || text.charCodeAt(at + 1) === 91)) at += 2;
    else if (isAsciiLetter(code)) {
      let end = at + 1;
      while (end < text.length && end - at < 15 && isAsciiLetter(text.charCodeAt(end))) end++;
      if (isWordCharacter(text.charCodeAt(end)) || !fillers.has(text.slice(at, end).toLowerCase())) break;
      at = end;
    } else break;
  }
  return at;
}

const newTurns = ['question:', 'q:', 'problem:', 'user:', 'human:'] as const;

/** Whether the line that starts at `start` asks another question. */
function asksAnew(text: string, start: number): boolean {
  let at = start;
  while (
    at < text.length &&
    (text.charCodeAt(at) === 42 || text.charCodeAt(at) === 35 || text.charCodeAt(at) === 32)
  )
    at++;
  return newTurns.some((turn) => standsAt(text, at, turn));
}
