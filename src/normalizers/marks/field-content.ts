import {
  APOSTROPHE,
  BACKSLASH,
  DOUBLE_QUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
} from '../reading/character-codes.ts';
import {
  type CharacterTest,
  isSpace,
  lineEnd,
  oneOf,
  skip,
  skipSpaces,
  standsAt,
} from '../reading/characters.ts';
import { withoutEndTokens } from '../reading/end-tokens.ts';
import { lowered } from '../reading/lowered.ts';
import type { FieldKind, FieldMark } from './answer-marks.ts';

/** What a delimited answer holds, without outer white space, and where it ends. */
export interface FieldContent {
  readonly content: string;
  /** The content with its outer white space. */
  readonly raw: string;
  readonly end: number;
  /** Whether the text ends before the delimiter, so that the answer may continue. */
  readonly isCut?: boolean;
}

/**
 * Returns the content of a delimited answer that ends before `to`: of the tag, the JSON value (strings unescaped), the
 * braces, or the line. If a delimiter never closes (a cut-off text, broken JSON), the content ends with the line.
 * A mark that is only spoken of ("in \boxed{}" within backticks, "your answer") is `undefined`.
 */
export function fieldContent(text: string, mark: FieldMark, to: number): FieldContent | undefined {
  const { kind, start } = mark;
  const [raw, end] = contents[kind](text, start, to, mark.name);
  const content = raw.trim();
  if (placeholder.test(content)) return undefined;
  if (content === '' && kind !== 'json' && isMentioned(text, mark.at, end)) return undefined;
  return { content, raw, end, isCut: end === text.length && isCut[kind](text, mark, content) };
}

/** A closed formula, emphasis or fence: only the brace is missing. */
const closesMore = /(?:\$|\\[)\]]|\*\*|`)$/;

/** Whether a mark that reaches the end of its text was cut off. A tag may be a stop sequence. */
const isCut: { readonly [Kind in FieldKind]: (text: string, mark: FieldMark, content: string) => boolean } = {
  boxed: (_text, _mark, content) => !closesMore.test(content),
  json: (text, { at, start }, content) =>
    opensQuote(text.charCodeAt(skipSpaces(text, start))) ||
    (/[\d.eE+-]$/.test(content) && text.lastIndexOf('{', at) > text.lastIndexOf('}', at)),
  tag: () => false,
  token: () => false,
  brackets: () => false,
  hashes: () => false,
};

const opensQuote = oneOf('"\'\\');

const isNothing = /^(?:null|none|undefined)$/i;

const placeholder =
  /^(?:\.\.\.|\u2026|\[?(?:your|insert|the)? ?(?:final )?answer(?: goes)? here\]?|your (?:final )?answer)$/i;

const mention =
  /^(?:<\/\w+>|\})?[`"'\u201d]|^(?:<\/\w+>|\})?\$? (?:tags?|format|environment|command|notation|box)\b/i;

/** Whether an empty mark is only spoken of. */
const isMentioned = (text: string, at: number, end: number): boolean =>
  mention.test(text.slice(end, end + 30)) ||
  (text.charAt(at - 1) === '`' && text.slice(end, end + 20).includes('`'));

/** The raw content, and its end. */
type Content = (text: string, start: number, to: number, name: string) => readonly [string, number];

const sliced = (text: string, start: number, end: number): readonly [string, number] => [
  text.slice(start, end),
  end,
];

const restOfLine = (text: string, start: number, to: number): readonly [string, number] =>
  sliced(text, start, lineEnd(text, start, to));

const contents: { readonly [Kind in FieldKind]: Content } = {
  tag(text, start, to, name) {
    const close = name === '' ? '<|end_of_box|>' : '</';
    const at = text.indexOf(close, start);
    if (at < 0 || at > to) return restOfLine(text, start, to);
    const isOwn = name === '' || standsAt(text, at, `</${name}`);
    const own = isOwn ? at : indexOfTag(text, `</${name}`, start, to);
    return sliced(text, start, own < 0 ? at : own);
  },

  boxed(text, start, to) {
    let depth = 1;
    for (let at = start; at < to; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === LEFT_BRACE) depth++;
      else if (code === RIGHT_BRACE && --depth === 0) return sliced(text, start, at);
    }
    return restOfLine(text, start, to);
  },

  token: (text, start, to) => sliced(text, start, skip(text, isInToken, start, to)),

  brackets: (text, start) => sliced(text, start, text.indexOf(']]', start)),

  hashes(text, start, to) {
    const stop = lineEnd(text, start, to);
    return [text.slice(start, withoutEndTokens(text, start, stop)), stop];
  },

  json(text, start, to) {
    const at = skipSpaces(text, start, to);
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE || code === APOSTROPHE) return quoted(text, at + 1, to, code);
    if (code === BACKSLASH && text.charCodeAt(at + 1) === DOUBLE_QUOTE)
      return escapedQuoted(text, at + 2, to);
    if (code === LEFT_BRACE || code === LEFT_BRACKET) return bracketed(text, at, to);
    const end = skip(text, isInScalar, at, to);
    const scalar = text.slice(at, end);
    return [isNothing.test(scalar) ? '' : scalar, end];
  },
};

/** How far the closing tag of the same name is looked for, if another tag closes first. */
const LONGEST_CONTENT = 20_000;

function indexOfTag(text: string, tag: string, start: number, to: number): number {
  const part = lowered(text.slice(start, Math.min(to, start + LONGEST_CONTENT)));
  const at = part.indexOf(tag);
  return at < 0 ? -1 : start + at;
}

const endsToken = oneOf(' \t\r\n$,;');

const isInToken: CharacterTest = (code) => !endsToken(code);

const endsScalar = oneOf(',}]');

const isInScalar: CharacterTest = (code) => !isSpace(code) && !endsScalar(code);

function quoted(text: string, start: number, to: number, quote: number): readonly [string, number] {
  let escaped = false;
  for (let at = start; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      escaped = true;
      at++;
    } else if (code === quote) {
      const raw = text.slice(start, at);
      return [escaped ? unescaped(raw) : raw, at];
    }
  }
  return restOfLine(text, start, to);
}

/** Reads a string of JSON that is inside a JSON string: `\"answer\": \"42\"`. */
function escapedQuoted(text: string, start: number, to: number): readonly [string, number] {
  for (let at = start; at + 1 < to; at++) {
    if (text.charCodeAt(at) === BACKSLASH && text.charCodeAt(at + 1) === DOUBLE_QUOTE)
      return sliced(text, start, at);
  }
  return restOfLine(text, start, to);
}

function bracketed(text: string, start: number, to: number): readonly [string, number] {
  let depth = 0;
  for (let at = start; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === LEFT_BRACE || code === LEFT_BRACKET) depth++;
    else if ((code === RIGHT_BRACE || code === RIGHT_BRACKET) && --depth === 0)
      return sliced(text, start, at + 1);
  }
  return restOfLine(text, start, to);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Undoes JSON escapes; LaTeX written with a single backslash (`\text`, `\frac`) stays as it is. */
const unescaped = (raw: string): string =>
  raw.replace(
    /\\(?:u([\da-fA-F]{4})|(["\\/'])|(n(?!(?:eq?|u|ot|otin|eg|abla|mid)(?![a-z]))|t(?!(?:ext\w*|imes|frac|binom|heta|anh?|au|op?|ilde)(?![a-z]))|r(?!(?:ight\w*|ho|m|angle|floor|ceil|vert|brace)(?![a-z]))))/g,
    (_all, hex, literal, letter) =>
      hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : (literal ?? escapes[letter] ?? ''),
  );
