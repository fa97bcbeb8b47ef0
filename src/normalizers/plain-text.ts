import { POINT } from './character-codes.ts';
import { isBeyondAscii, isSpace, oneOf } from './characters.ts';
import { withoutEndTokens } from './end-tokens.ts';

/**
 * Returns the text between `from` and `to` without its wrapping: white space, end tokens, quotation marks and Markdown
 * emphasis around the whole, and one final full stop.
 */
export function unwrapped(text: string, from: number, to: number): string {
  let start = from;
  let end = withoutEndTokens(text, from, to);
  let stop = true;
  while (start < end) {
    const first = text.charCodeAt(start);
    const last = text.charCodeAt(end - 1);
    if (isSpace(first)) start++;
    else if (isSpace(last)) end--;
    else if (stop && last === POINT && end - start > 1 && text.charCodeAt(end - 2) !== POINT) {
      end--;
      stop = false;
    } else if (end - start > 1 && closes(first, last)) {
      start++;
      end--;
    } else break;
  }
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Whether two characters wrap the text between them. Not `_`: `__proto__` is a name. */
const closes = (first: number, last: number): boolean =>
  isBeyondAscii(first) ? closing.get(first) === last : first === last && isAsciiWrapper(first);

const isAsciiWrapper = oneOf('"\'*`');

/** The closing quotation mark of each opening one. */
const closing = new Map(
  ['\u201c\u201d', '\u2018\u2019', '«»'].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]),
);
