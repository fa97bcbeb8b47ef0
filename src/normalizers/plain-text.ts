import { isSpace } from './characters.ts';
import { withoutEndTokens } from './end-tokens.ts';

/**
 * The text between `from` and `to` without its wrapping: white space, end tokens, quotation marks and Markdown
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
    else if (stop && last === 46 && end - start > 1 && text.charCodeAt(end - 2) !== 46) {
      end--;
      stop = false;
    } else if (end - start > 1 && closes(first, last)) {
      start++;
      end--;
    } else break;
  }
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Whether two characters wrap what is between them: quotes, `*`, a backtick. Not `_`: `__proto__` is a name. */
const closes = (first: number, last: number): boolean =>
  first < 0x80
    ? first === last && (first === 34 || first === 39 || first === 42 || first === 96)
    : (first === 0x201c && last === 0x201d) ||
      (first === 0x2018 && last === 0x2019) ||
      (first === 0xab && last === 0xbb);
