import { isSpace } from '../reading/characters.ts';
import { endOfMatch } from '../reading/sticky.ts';

/** The characters that are read as one mark. `≤` and `∈` are the same obstacle as `<`. */
const spellings: Readonly<Record<string, string>> = {
  '-': '-\u2212\ufe63\u2010\u2011',
  '–': '–—―',
  '+': '+',
  '×': '×·⋅∙✕✖',
  '÷': '÷',
  '/': '/\u2044\u2215',
  '=': '=',
  '≈': '≈≃∼≅≒',
  '~': '~〜',
  '<': '<>≤≥≠≪≫⩽⩾∈',
  '±': '±∓',
  '⇒': '⇒→➔⟹⟶∴',
  '(': '(',
  ')': ')',
  '[': '[{【',
  ']': ']}】',
  ',': ',\u060c、',
  ';': ';\u061b',
  ':': ':',
  '.': '.。।',
  '!': '!',
  '?': '?\u061f',
  '…': '…',
  '%': '%‰\u066a',
  '°': '°˚℃℉',
};

const canonical = new Map(
  Object.entries(spellings).flatMap(([mark, characters]) =>
    Array.from(characters, (each) => [each, mark] as const),
  ),
);

/** Emphasis, quotation marks, inches, and the alignment of LaTeX, which change no number. */
const silent = '_`"\'\u201c\u201d\u201e\u2018\u2019«»‹›\u2032\u2033&「」『』';

/** The mark for everything that no number has: `√`, `^`, `|`, `\\log`. */
export const OPAQUE = '#';

export interface Mark {
  /** Empty if the mark says nothing. */
  readonly mark: string;
  readonly end: number;
}

/** Returns the mark at a position. Emoji say nothing. */
export function markOf(text: string, at: number): Mark {
  const tag = endOfMatch(TYPESETTING_TAG, text, at);
  if (tag > at) return { mark: '', end: tag };
  const closing = endOfMatch(OTHER_TAG, text, at);
  if (closing > at) return { mark: '.', end: closing };
  if (text.startsWith('...', at)) return { mark: '…', end: endOfMatch(POINTS, text, at) };
  const arrow = endOfMatch(ARROW, text, at);
  if (arrow > at) return { mark: '⇒', end: arrow };
  const equals = endOfMatch(EQUALS, text, at);
  if (equals > at) return { mark: '=', end: equals };
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const end = at + character.length;
  const mark = canonical.get(character);
  if (mark !== undefined) return { mark, end };
  if (silent.includes(character)) return { mark: '', end };
  if (/\p{Sc}/u.test(character)) return { mark: '$', end };
  if (character === '#')
    return { mark: isSpace(text.charCodeAt(end)) || text.charAt(end) === '#' ? '' : OPAQUE, end };
  return { mark: /[\p{So}\p{Sk}\p{Cf}\p{Mn}]/u.test(character) && character !== '^' ? '' : OPAQUE, end };
}

const POINTS = /\.+/y;

const ARROW = /[=-]>/y;

const EQUALS = /==+/y;

const TYPESETTING_TAG =
  /<\/?(?:b|i|em|strong|u|span|div|code|mark|center|font|small|big|s|eos|pad)(?:\s[^<>]{0,80})?>|<\|[^|<>]{0,20}\|>/iy;

/** Not an index or a power. */
const OTHER_TAG = /<\/?(?!su[bp]\b)[a-z][a-z\d_]{0,20}\s*\/?>/iy;

/** Whether a dollar sign at `at` opens or closes mathematics, rather than stand before an amount. */
export function isMathDollar(text: string, at: number): boolean {
  if (text.charAt(at - 1) === '$' || text.charAt(at + 1) === '$') return true;
  return opensMath(text, at) || closesMath(text, at);
}

/** As Pandoc reads it: `$` closes mathematics after anything but a blank, and not before a digit. */
const closesAfter = (text: string, open: number, close: number): boolean =>
  open >= 0 &&
  close > open + 1 &&
  !isSpace(text.charCodeAt(open + 1)) &&
  !isSpace(text.charCodeAt(close - 1)) &&
  !/[\p{L}\d]/u.test(text.charAt(close + 1));

const opensMath = (text: string, at: number): boolean => closesAfter(text, at, text.indexOf('$', at + 1));

const closesMath = (text: string, at: number): boolean =>
  closesAfter(text, text.lastIndexOf('$', at - 1), at);

/** Whether asterisks multiply, rather than emphasize: `3*4`, `3 * 4`, but not `**42** apples`. */
export function isProduct(text: string, start: number, end: number, isFirst: boolean): boolean {
  const isSpacedBefore = isSpace(text.charCodeAt(start - 1));
  const next = text.slice(end, end + 3).trimStart();
  if (isSpacedBefore !== isSpace(text.charCodeAt(end)) || !/^(?:[\p{L}\d($\\]|\.\d)/u.test(next))
    return false;
  if (isSpacedBefore) return !isFirst && end - start === 1;
  return /(?:[\d)]|(?:^|[^\p{L}])\p{L})$/u.test(text.slice(Math.max(0, start - 2), start));
}
