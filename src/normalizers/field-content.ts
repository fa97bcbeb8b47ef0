import type { FieldKind } from './answer-marks.ts';
import { isSpace, lineEnd, skipSpaces } from './characters.ts';
import { withoutEndTokens } from './end-tokens.ts';

/**
 * The content of a delimited answer that opens at `start` and does not reach beyond `end`: what stands in the
 * tag, the JSON value (strings unescaped), the braces, or on the line. Delimiters that never close (a cut-off
 * text, broken JSON) reach to the end of the line. Blank content is `undefined`: a mark that marks nothing.
 */
export function fieldContent(text: string, kind: FieldKind, start: number, end: number): string | undefined {
  const content = contents[kind](text, start, end)?.trim();
  return content === '' ? undefined : content;
}

type Content = (text: string, start: number, end: number) => string | undefined;

const contents: { readonly [Kind in FieldKind]: Content } = {
  tag(text, start, end) {
    for (let at = start; at < end; at++) {
      if (text.charCodeAt(at) === 60 && text.charCodeAt(at + 1) === 47) return text.slice(start, at);
    }
    return text.slice(start, lineEnd(text, start, end));
  },

  boxed(text, start, end) {
    let depth = 1;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === 123) depth++;
      else if (code === 125 && --depth === 0) return text.slice(start, at);
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
    if (code === 34 || code === 39) return quoted(text, at + 1, end, code);
    if (code === 92 && text.charCodeAt(at + 1) === 34) return escapedQuoted(text, at + 2, end);
    if (code === 123 || code === 91) return bracketed(text, at, end);
    let stop = at;
    while (stop < end && !isSpace(text.charCodeAt(stop)) && !',}]'.includes(text.charAt(stop))) stop++;
    return text.slice(at, stop);
  },
};

function quoted(text: string, start: number, end: number, quote: number): string {
  let escaped = false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) {
      escaped = true;
      at++;
    } else if (code === quote) {
      const raw = text.slice(start, at);
      return escaped ? unescaped(raw) : raw;
    }
  }
  return text.slice(start, lineEnd(text, start, end));
}

/** The string in JSON that is itself written inside a JSON string: `\"answer\": \"42\"`. */
function escapedQuoted(text: string, start: number, end: number): string {
  for (let at = start; at + 1 < end; at++) {
    if (text.charCodeAt(at) === 92 && text.charCodeAt(at + 1) === 34) return text.slice(start, at);
  }
  return text.slice(start, lineEnd(text, start, end));
}

function bracketed(text: string, start: number, end: number): string {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && --depth === 0) return text.slice(start, at + 1);
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
