import { DOLLAR, EXCLAMATION_MARK, LEFT_BRACE, POINT, RIGHT_BRACE } from './character-codes.ts';
import { isAsciiLetter, isBeyondAscii, isDigit, isSpace, oneOf, skipBack, skipSpaces } from './characters.ts';
import { withoutEndTokens } from './end-tokens.ts';
import { TYPE_OPENING } from './latex.ts';
import { endOfMatch } from './sticky.ts';

/** No answer is wrapped so often. */
const MOST_LAYERS = 50;

/** A bullet before a word. Before a digit it is a minus sign. */
const BULLET = /(?:[-*\u2022>]|[-*] \[[xX ]\]) +(?=[\p{L}"'*`(\\])/uy;

/**
 * Returns the text between `from` and `to` without its wrapping: white space, end tokens, quotation marks, Markdown
 * emphasis, `$` and `\text{…}` around the whole, a bullet, and the full stop or exclamation marks at its end.
 */
export function unwrapped(text: string, from: number, to: number): string {
  let start = from;
  let end = withoutEndTokens(text, from, to);
  let stop = true;
  for (let layer = 0; layer < MOST_LAYERS && start < end; layer++) {
    const first = text.charCodeAt(start);
    const last = text.charCodeAt(end - 1);
    if (isSpace(first)) start = skipSpaces(text, start, end);
    else if (isSpace(last)) end = skipBack(text, isSpace, end, start) + 1;
    else if (stop && endsSentence(text, last, start, end)) {
      end--;
      stop = last === EXCLAMATION_MARK;
    } else if (end - start > 1 && closes(first, last)) {
      start++;
      end--;
    } else {
      const inner = last === RIGHT_BRACE ? endOfMatch(TYPE_OPENING, text, start) : start;
      if (inner > start && inner < end && isOneGroup(text, inner, end - 1)) {
        start = inner;
        end--;
      } else if (first === DOLLAR && last === DOLLAR && isOneFormula(text, start, end)) {
        start++;
        end--;
      } else {
        const item = bullets(first) ? endOfMatch(BULLET, text, start) : start;
        if (item === start || item >= end || isSeveralLines(text, item, end)) break;
        start = item;
      }
    }
  }
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

const bullets = oneOf('-*\u2022>');

/** Whether `last` is a full stop, but not of an ellipsis, or an exclamation mark, but not that of `5!`. */
function endsSentence(text: string, last: number, start: number, end: number): boolean {
  if (end - start < 2) return false;
  const before = text.charCodeAt(end - 2);
  if (last === POINT) return before !== POINT;
  if (last === EXCLAMATION_MARK)
    return !isDigit(before) && (isAsciiLetter(before) || isBeyondAscii(before) || closesWord(before));
  return ideographicStops(last);
}

const closesWord = oneOf('!*"\'`)]');

const ideographicStops = oneOf('\u3002\u0964');

function isOneGroup(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === LEFT_BRACE || code === RIGHT_BRACE) return false;
  }
  return true;
}

/** Whether two dollars enclose one formula. Dollars in pairs at either end are peeled one after the other. */
function isOneFormula(text: string, start: number, end: number): boolean {
  if (end - start < 3) return false;
  const inner = text.indexOf('$', start + 1);
  return inner === end - 1 || (inner === start + 1 && text.charCodeAt(end - 2) === DOLLAR && end - start > 4);
}

const isSeveralLines = (text: string, start: number, end: number): boolean => {
  const line = text.indexOf('\n', start);
  return line >= 0 && line < end;
};

/** Whether two characters wrap the text between them. Not `_`: `__proto__` is a name. */
const closes = (first: number, last: number): boolean =>
  isBeyondAscii(first) ? closing.get(first) === last : first === last && isAsciiWrapper(first);

const isAsciiWrapper = oneOf('"\'*`');

/** The closing quotation mark of each opening one. */
const closing = new Map(
  ['\u201c\u201d', '\u2018\u2019', '«»', '「」', '『』', '\u201e\u201c'].map((pair) => [
    pair.charCodeAt(0),
    pair.charCodeAt(1),
  ]),
);
