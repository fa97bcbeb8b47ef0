import { nounsOf, type PhraseMark, phraseMark } from './announcements.ts';
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
  readonly fields: readonly FieldMark[];
  readonly phrases: readonly PhraseMark[];
}

const JSON_KEY =
  '(?:(?:final|correct|my|the|model|predicted)[_ -]?)?answer(?:[_ -]?(?:letter|value|text|option|choice|number|index))?';

const TAGS = '(?:final[_ -]?)?(?:answer|ans|result|output|solution|response|choice|prediction|verdict)|final';

/** Everything that may mark an answer; which one it is, is told by its group. */
const marksOf = (nouns: string): RegExp =>
  new RegExp(
    [
      `(?<noun>${nouns})`,
      `<(?<tag>${TAGS})(?:\\s[^<>]{0,200})?>`,
      '(?<box><\\|begin_of_box\\|>)',
      // Also single-quoted, or escaped inside another string.
      `(?<json>["']${JSON_KEY}\\\\?["']\\s*:)`,
      '(?<boxed>\\\\(?:boxed|fbox|framebox)\\s*\\{)',
      '(?<token>\\\\(?:boxed|fbox)\\s*(?=[\\w$\\\\+-]))',
      '(?<brackets>\\[\\[(?=[^\\[\\]",]{1,40}\\]\\]))',
      // Four hashes that open a line.
      '(?<hashes>####(?!#)(?<=(?:^|[\\r\\n])[ \\t>*]*####))',
      `(?<boundary>${BOUNDARIES})`,
      '(?<fence>```\\w*)',
    ].join('|'),
    'gi',
  );

const ASCII_MARKS = marksOf(nounsOf(true));
const ALL_MARKS = marksOf(nounsOf(false));

const beyondAscii = /[^\0-\x7f]/;

/** The languages of fences whose content is prose or an answer, not a program. */
const proseFence =
  /^```(?:json[5cl]?|jsonl|te?xt|plain(?:text)?|markdown|md|latex|tex|math|xml|html|ya?ml|answer)?$/i;

/** How many announcements are looked at: the last ones. */
const MOST_PHRASES = 100;

/**
 * Finds every answer mark of a text from `from` on in one pass. If the text goes on, after a mark, with a new question
 * ("Question:", "Problem 2:", "User:", …), a model is running on: the answer ends there. Programs in fences have no
 * marks.
 */
export function answerMarks(text: string, from = 0): AnswerMarks {
  const pattern = beyondAscii.test(text) ? ALL_MARKS : ASCII_MARKS;
  const fields: FieldMark[] = [];
  let nouns: { at: number; end: number }[] = [];
  let isMarked = false;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { index: at, 0: mark, groups = {} } = match;
    const end = at + mark.length;
    if (groups.noun !== undefined) nouns.push({ at, end });
    else if (groups.fence !== undefined) {
      const close = proseFence.test(mark) ? -1 : text.indexOf('```', end);
      if (close >= 0) pattern.lastIndex = close + 3;
    } else if (groups.boundary === undefined) {
      fields.push({ kind: kindOf(groups), at, start: end, name: (groups.tag ?? '').toLowerCase() });
    } else {
      isMarked ||= fields.length > 0 || nouns.some(({ at, end }) => phraseMark(text, at, end) !== undefined);
      if (isMarked) return { from, to: at, fields, phrases: phrasesOf(text, nouns) };
      nouns = [];
    }
  }
  return { from, to: text.length, fields, phrases: phrasesOf(text, nouns) };
}

const phrasesOf = (text: string, nouns: readonly { at: number; end: number }[]): readonly PhraseMark[] =>
  nouns.slice(-MOST_PHRASES).flatMap(({ at, end }) => phraseMark(text, at, end) ?? []);

const kinds: readonly FieldKind[] = ['json', 'boxed', 'token', 'brackets', 'hashes'];

const kindOf = (groups: Readonly<Record<string, string | undefined>>): FieldKind =>
  kinds.find((kind) => groups[kind] !== undefined) ?? 'tag';
