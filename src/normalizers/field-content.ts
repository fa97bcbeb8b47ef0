import type { FieldKind } from './answer-marks.ts';
import {
  APOSTROPHE,
  BACKSLASH,
  DOUBLE_QUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  LESS_THAN,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  SLASH,
} from './character-codes.ts';
import { type CharacterTest, isSpace, lineEnd, oneOf, skip, skipSpaces } from './characters.ts';
import { withoutEndTokens } from './end-tokens.ts';

/**
 * Returns the content of a delimited answer between `start` and `end`: of the tag, the JSON value (strings unescaped),
 * the braces, or the line. If a delimiter never closes (a cut-off text, broken JSON), the content ends with the line.
 * Blank content is `undefined`.
 */
export function fieldContent(text: string, kind: FieldKind, start: number, end: number): string | undefined {
  const content = contents[kind](text, start, end)?.trim();
  return content === '' ? undefined : content;
}

type Content = (text: string, start: number, end: number) => string | undefined;

const contents: { readonly [Kind in FieldKind]: Content } = {
  tag(text, start, end) {
    for (let at = start; at < end; at++) {
      if (text.charCodeAt(at) === LESS_THAN && text.charCodeAt(at + 1) === SLASH)
        return text.slice(start, at);
    }
    return text.slice(start, lineEnd(text, start, end));
  },

  boxed(text, start, end) {
    let depth = 1;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === LEFT_BRACE) depth++;
      else if (code === RIGHT_BRACE && --depth === 0) return text.slice(start, at);
    }
    return text.slice(start, lineEnd(text, start, end));
  },

  /** `#### 42` is an answer on the last line; further up it is a heading. */
  hashes(text, start, end) {
    const stop = lineEnd(text, start, end);
    const last = withoutEndTokens(text, stop, end) <= stop;
    return last ? text.slice(start, withoutEndTokens(text, start, stop)) : undefined;
  },

  json(text, start, end) {
    const at = skipSpaces(text, start, end);
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE || code === APOSTROPHE) return quoted(text, at + 1, end, code);
    if (code === BACKSLASH && text.charCodeAt(at + 1) === DOUBLE_QUOTE)
      return escapedQuoted(text, at + 2, end);
    if (code === LEFT_BRACE || code === LEFT_BRACKET) return bracketed(text, at, end);
    return text.slice(at, skip(text, isInScalar, at, end));
  },
};

const endsScalar = oneOf(',}]');

const isInScalar: CharacterTest = (code) => !isSpace(code) && !endsScalar(code);

function quoted(text: string, start: number, end: number, quote: number): string {
  let escaped = false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      escaped = true;
      at++;
    } else if (code === quote) {
      const raw = text.slice(start, at);
      return escaped ? unescaped(raw) : raw;
    }
  }
  return text.slice(start, lineEnd(text, start, end));
}

/** Reads a string of JSON that is inside a JSON string: `\"answer\": \"42\"`. */
function escapedQuoted(text: string, start: number, end: number): string {
  for (let at = start; at + 1 < end; at++) {
    if (text.charCodeAt(at) === BACKSLASH && text.charCodeAt(at + 1) === DOUBLE_QUOTE)
      return text.slice(start, at);
  }
  return text.slice(start, lineEnd(text, start, end));
}

function bracketed(text: string, start: number, end: number): string {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === LEFT_BRACE || code === LEFT_BRACKET) depth++;
    else if ((code === RIGHT_BRACE || code === RIGHT_BRACKET) && --depth === 0)
      return text.slice(start, at + 1);
  }
  return text.slice(start, lineEnd(text, start, end));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Undoes JSON escapes; LaTeX written with a single backslash (`\text`, `\frac`) stays as it is. */
const unescaped = (raw: string): string =>
  raw.replace(
    /\\(?:u([\da-fA-F]{4})|(["\\/'])|(n(?!eq)|t(?!ext|imes|frac|heta)|r(?!ight)))/g,
    (_all, hex, literal, letter) =>
      hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : (literal ?? escapes[letter] ?? ''),
  );
