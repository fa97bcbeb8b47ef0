import { asciiDigits } from '../reading/ascii-digits.ts';
import { BACKSLASH, CARET, DOLLAR, PIPE, POINT, STAR } from '../reading/character-codes.ts';
import { isAsciiLetter, isBeyondAscii, isDigit, isSpace } from '../reading/characters.ts';
import { withPlainBlanks, withSingleBackslashes } from '../reading/latex.ts';
import { endOfMatch } from '../reading/sticky.ts';
import { latexFraction, latexMark } from './latex.ts';
import { withoutConfidence } from './number-asides.ts';
import { numberAt, vulgarFraction } from './number-literal.ts';
import { isMathDollar, isProduct, markOf, OPAQUE } from './number-marks.ts';
import { withShares } from './number-shares.ts';
import { withSpelledNumbers } from './number-spelled.ts';
import type { Token } from './number-token.ts';
import { currencies } from './number-words.ts';

/** The part of a text that may be one quantity with its unit and some words. */
export const LONGEST_QUANTITY = 1_000;

/** A text and its tokens. */
export interface Phrase {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** Splits the beginning of a text into tokens, without emphasis, quotation marks, and LaTeX that only sets type. */
export function phraseOf(content: string): Phrase {
  const shown = withSingleBackslashes(asciiDigits(content.slice(0, LONGEST_QUANTITY)));
  const text = withoutConfidence(withPlainBlanks(shown));
  const tokens: Token[] = [];
  const braces: boolean[] = [];
  let at = 0;
  let isSpaced = false;
  let followsCommand = false;
  while (at < text.length) {
    const character = text.charAt(at);
    let token = tokenAt(text, at, isSpaced, tokens.length === 0);
    if (character === '{') braces.push(followsCommand);
    // The braces of `\text{…}` only group; others enclose a set.
    const isGroup = character === '{' ? followsCommand : character === '}' && braces.pop() === true;
    if (isGroup) token = { ...token, text: '' };
    if (token.text !== '') tokens.push(token);
    isSpaced = token.kind === 'break' || (token.text === '' && (isSpaced || isSpace(text.charCodeAt(at))));
    followsCommand = character === '\\' || (followsCommand && isSpaced);
    at = token.end;
  }
  if (content.length > LONGEST_QUANTITY) tokens.push(cut);
  return { text, tokens: withShares(withSpelledNumbers(tokens)) };
}

/** Stands for the rest of a longer text, which may continue in any way. */
const cut: Token = {
  kind: 'mark',
  text: OPAQUE,
  raw: '',
  start: LONGEST_QUANTITY,
  end: LONGEST_QUANTITY,
  isSpaced: true,
};

function tokenAt(text: string, at: number, isSpaced: boolean, isFirst: boolean): Token {
  const code = text.charCodeAt(at);
  const of = (kind: Token['kind'], value: string, end: number): Token => ({
    kind,
    text: value,
    raw: text.slice(at, end),
    start: at,
    end,
    isSpaced,
  });
  if (isSpace(code)) {
    const end = endOfMatch(SPACES, text, at);
    return /[\n\r]/.test(text.slice(at, end)) ? of('break', '\n', end) : of('mark', '', end);
  }
  const opensDecimals =
    code === POINT && isDigit(text.charCodeAt(at + 1)) && !/[\p{L}\d.]/u.test(text.charAt(at - 1));
  if (isDigit(code) || opensDecimals) return numberAt(text, at, isSpaced);
  const isForeign = isBeyondAscii(code);
  const fraction = isForeign ? vulgarFraction(text.charAt(at)) : undefined;
  if (fraction !== undefined) return { ...of('fraction', text.charAt(at), at + 1), value: fraction };
  const unspaced = isForeign ? endOfMatch(UNSPACED, text, at) : at;
  if (unspaced > at) return of('unspaced', text.slice(at, unspaced), unspaced);
  if (isForeign || isAsciiLetter(code)) {
    const dollar = endOfMatch(COUNTRY_DOLLAR, text, at);
    if (dollar > at) return of('mark', '$', dollar);
    const wordEnd = endOfMatch(WORD, text, at);
    if (wordEnd > at) {
      const word = text.slice(at, wordEnd).toLowerCase();
      const nameEnd = currencies.has(word) ? wordEnd : endOfMatch(NAME, text, wordEnd);
      return nameEnd > wordEnd ? of('name', text.slice(at, nameEnd), nameEnd) : of('word', word, wordEnd);
    }
  }
  if (isForeign || code === CARET || code === STAR) {
    const degree = endOfMatch(DEGREE, text, at);
    if (degree > at) return of('mark', '°', degree);
    const power = endOfMatch(POWER, text, at);
    if (power > at) return of('power', text.slice(at, power), power);
  }
  if (code === BACKSLASH) {
    const latex = latexFraction(text, at);
    if (latex !== undefined)
      return latex.value === undefined
        ? of('mark', OPAQUE, latex.end)
        : { ...of('fraction', '\\frac', latex.end), value: latex.value };
    const { mark, end } = latexMark(text, at);
    return of(/^\p{L}/u.test(mark) ? 'word' : 'mark', mark, end);
  }
  if (code === DOLLAR) return isMathDollar(text, at) ? of('mark', '', at + 1) : of('mark', '$', at + 1);
  if (code === STAR) {
    const end = endOfMatch(STARS, text, at);
    return of('mark', isProduct(text, at, end, isFirst) ? '×' : '', end);
  }
  if (code === PIPE && SEPARATOR.test(text.slice(Math.max(0, at - 1), at + 2)))
    return of('break', '\n', at + 1);
  const { mark, end } = markOf(text, at);
  return of('mark', mark, end);
}

const SPACES = /\s+/y;

const STARS = /\*+/y;

/** The `|` between fields. */
const SEPARATOR = /^\s\|(?:\s|$)/;

const blankless =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}ー々';

const UNSPACED = new RegExp(`[${blankless}]+`, 'uy');

const WORD = new RegExp(
  `(?:(?![${blankless}])[\\p{L}\\p{M}])+(?:['\u2019](?:(?![${blankless}])\\p{L})+)*`,
  'uy',
);

/** `US$`, `R$`. */
const COUNTRY_DOLLAR = /(?:US|CA|AU|HK|NZ|NT|[RACS])\s?\\?\$/y;

/** What makes a word a name: digits in it, after it, or in its index. */
const NAME = /(?:[-\u2010\u2011]?\d[\p{L}\d]*|_\{?[\p{L}\d]+\}?|[\u2080-\u2089]+)+/uy;

/** `^{\circ}`. */
const DEGREE = /\^\s*\{?\s*(?:\\circ|\\degree|[°∘])\s*\}?/y;

/** `^2`, `^{-3}`, `**2`, `²`. */
const POWER =
  /(?:\^|(?<=[\d)])\*\*)\s*\{?\s*[+\u2212-]?\d+(?:\s*\})?(?![.,]?\d)|[\u00b2\u00b3\u00b9\u2070-\u207b]+/y;
