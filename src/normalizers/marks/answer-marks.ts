import { alternation } from '../reading/alternation.ts';
import {
  APOSTROPHE,
  BACKSLASH,
  BACKTICK,
  DOUBLE_QUOTE,
  HASH,
  LEFT_BRACE,
  LEFT_BRACKET,
  LESS_THAN,
  PIPE,
  POINT,
} from '../reading/character-codes.ts';
import { isAsciiLetter, isDigit } from '../reading/characters.ts';
import type { PhraseMark } from './announcements.ts';
import { add, MOST_MARKS, nounFinder } from './noun-finder.ts';
import { BOUNDARIES } from './run-on.ts';

/** The notation of a delimited answer. */
export type FieldKind = 'tag' | 'json' | 'boxed' | 'token' | 'brackets' | 'hashes';

/** A delimited answer: its mark begins at `at`, its content at `start`. */
export interface FieldMark {
  readonly kind: FieldKind;
  readonly at: number;
  readonly start: number;
  /** The name of a tag, in lower case. */
  readonly name: string;
}

/** The marked answers of a text, and the part of it (`from`..`to`) that answers the question asked. */
export interface AnswerMarks {
  readonly from: number;
  readonly to: number;
  /** Where the text first continues with another question that no mark is before. */
  readonly question?: number;
  readonly fields: readonly FieldMark[];
  /** Where the last noun ends that may announce an answer. */
  readonly lastNoun: number;
  /** Returns the announcements of answers. A function, because to read them takes a third of the time of all marks. */
  readonly phrases: () => readonly PhraseMark[];
}

const JSON_KEY =
  '(?:(?:final|correct|my|the|model|predicted)[_ -]?)?answer(?:[_ -]?(?:letter|value|text|option|choice|number|index))?';

/** The names of tags of answers, as a pattern. */
export const ANSWER_TAGS =
  '(?:final[_ -]?)?(?:answer|ans|result|output|solution|response|choice|prediction|verdict)|final';

/** The languages of fences of prose and answers, not of programs. */
const PROSE = 'json[5cl]?|jsonl|te?xt|plain(?:text)?|markdown|md|latex|tex|math|xml|html|ya?ml|answer';

/**
 * Everything but a noun that may mark an answer. Its first characters tell which mark it is. The group is the language
 * of a fence of prose.
 */
const MARKS = new RegExp(
  alternation([
    `<(?:${ANSWER_TAGS})(?:\\s[^<>]{0,200})?>`,
    '<\\|begin_of_box\\|>',
    // Also single-quoted, or escaped inside another string.
    `["']${JSON_KEY}\\\\?["']\\s*:`,
    '\\\\(?:boxed|fbox|framebox)\\s*\\{',
    '\\\\(?:boxed|fbox)\\s*(?=[\\w$\\\\+-])',
    '\\[\\[(?=[^\\[\\]",]{1,40}\\]\\])',
    // Four hashes that open a line. An empty line of hashes is a rule.
    '####(?![#\\r\\n])(?<=(?:^|[\\r\\n])[ \\t>*]*####)',
    ...BOUNDARIES,
    // A fence with a language. Longer runs of backticks are fences that open or close in a row.
    `\`(?<!\`\`)\`\`(?:\`\`\`)*(?:(${PROSE})(?!\\w)|\\w+)`,
  ]),
  'gi',
);

/** What a mark is: a kind of field, a fence, or another question. */
function kindOf(mark: string): FieldKind | 'fence' | 'boundary' {
  switch (mark.charCodeAt(0)) {
    case LESS_THAN:
      return mark.charCodeAt(1) !== PIPE || mark === BOX
        ? mark === '<start_of_turn>'
          ? 'boundary'
          : 'tag'
        : 'boundary';
    case DOUBLE_QUOTE:
    case APOSTROPHE:
      return 'json';
    case BACKSLASH:
      return mark.charCodeAt(mark.length - 1) === LEFT_BRACE ? 'boxed' : 'token';
    case LEFT_BRACKET:
      return mark.length === 2 ? 'brackets' : 'boundary';
    case HASH:
      return 'hashes';
    case BACKTICK:
      return 'fence';
    default:
      return 'boundary';
  }
}

const BOX = '<|begin_of_box|>';

/** Whether a text is one short word or number, as most answers are: it has no mark. */
export function isWord(text: string): boolean {
  if (text.length > LONGEST_WORD) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isAsciiLetter(code) && !isDigit(code) && code !== POINT) return false;
  }
  return true;
}

const LONGEST_WORD = 24;

const none = (): readonly PhraseMark[] => [];

/**
 * Finds every answer mark of a text from `from` on in one pass, and the nouns between the marks in another one. If the text
 * continues, after a mark, with a new question ("Question:", "Problem 2:", "User:", …), a model is running on: the answer ends
 * there. Programs in fences have no marks.
 */
export function answerMarks(text: string, from = 0): AnswerMarks {
  if (isWord(text)) return { from, to: text.length, fields: [], lastNoun: -1, phrases: none };
  const nouns = nounFinder(text, from);
  const fields: Omit<FieldMark, 'name'>[] = [];
  let to = text.length;
  let question: number | undefined;
  MARKS.lastIndex = from;
  for (let match = MARKS.exec(text); match !== null; match = MARKS.exec(text)) {
    const { index: at, 0: mark, 1: prose } = match;
    const kind = kindOf(mark);
    if (kind === 'fence') {
      const close = prose === undefined ? text.indexOf('```', MARKS.lastIndex) : -1;
      if (close >= 0) MARKS.lastIndex = close + 3;
    } else if (kind !== 'boundary') add(fields, { kind, at, start: MARKS.lastIndex });
    else if (fields.length > 0 || nouns.announceBefore(at)) {
      to = at;
      break;
    } else question ??= at;
    nouns.skip(at, MARKS.lastIndex);
  }
  return {
    from,
    to,
    ...(question !== undefined && { question }),
    fields: fields.slice(-MOST_MARKS).map((field) => ({ ...field, name: nameOf(text, field) })),
    lastNoun: nouns.lastBefore(to),
    phrases: nouns.phrases,
  };
}

/** Returns the name of a tag in lower case; none for the box of tokens. */
function nameOf(text: string, { kind, at, start }: Omit<FieldMark, 'name'>): string {
  const name = kind === 'tag' ? /^<(\w[\w -]*?)[\s>]/.exec(text.slice(at, start)) : undefined;
  return name?.[1]?.toLowerCase() ?? '';
}
