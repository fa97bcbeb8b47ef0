import {
  DOUBLE_QUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
} from '../reading/character-codes.ts';
import { isNewline, oneOf, skipSpaces } from '../reading/characters.ts';
import { type CodeFence, type CodeFences, codeFences } from '../reading/code-fences.ts';
import { withoutEndTokens } from '../reading/end-tokens.ts';
import { type JsonScan, MAX_JSON_DEPTH, scanJson } from './json-scan.ts';
import { type Edit, opensString, skipScalar, skipString } from './json-tokens.ts';

/** A JSON value in a text: whole, or with a fault. */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
  /** What makes it strict JSON. */
  readonly edits?: readonly Edit[] | undefined;
  /** What is wrong with a value that cannot be read. */
  readonly fault?: string;
  readonly fence?: CodeFence | undefined;
  /** Whether it is in `<answer>`. */
  readonly isTagged?: boolean;
}

/** How many values and fences are looked at. A text with more of them gives no one answer. */
const MOST_OPENINGS = 1_000;

/** The scalars that an array may begin with. */
const SCALAR = /(?:-?\d[\d.eE+-]*|true|false|null|True|False|None)(?!\w)/.source;

/** Backticks of a fence, and brackets that may open JSON by what follows them. Spares brackets of prose the scan. */
const OPENING = new RegExp(
  [
    '```',
    '\\{(?:\\s*["\'\u201c\u2018}]|\\s+[/#])',
    `\\[(?:\\s*(?:["'\u201c\u2018\\]{[]|${SCALAR})|\\s+[/#])`,
  ].join('|'),
  'g',
);

/**
 * Finds the JSON objects and arrays of a text, and a scalar that fills the text or a code fence. What is broken is
 * skipped as a whole, because a value inside it is a part of an answer. Returns a reason if the text is nested too deep,
 * or has too many values.
 */
export function jsonPlaces(text: string, from = 0, to = text.length): readonly JsonPlace[] | string {
  const scalar = scalarPlace(text, from, to);
  if (scalar !== undefined) return [scalar];
  const first = skipSpaces(text, from, to);
  const scan = opensBracket(text.charCodeAt(first)) ? scanJson(text, first, to) : undefined;
  if (scan?.outcome === 'whole' && withoutEndTokens(text, scan.end, to) <= scan.end)
    return [{ start: first, end: scan.end, edits: scan.edits }];
  const places: JsonPlace[] = [];
  const fences = codeFences(text);
  let fence: CodeFence | undefined;
  let openings = 0;
  OPENING.lastIndex = from;
  for (let match = OPENING.exec(text); match !== null && match.index < to; match = OPENING.exec(text)) {
    const at = match.index;
    if (++openings > MOST_OPENINGS) return `the text has more than ${MOST_OPENINGS} JSON values or fences`;
    if (match[0] !== '```') {
      const place = bracketPlace(text, at, to, fences, at === first ? scan : undefined);
      if (typeof place === 'string') return place;
      if (typeof place === 'object') places.push(fence === undefined ? place : { ...place, fence });
      OPENING.lastIndex = typeof place === 'object' ? place.end : place;
    } else if (fence !== undefined) fence = undefined;
    else {
      const opened = fences.opening(at);
      const filling = fillingPlace(text, opened, fences);
      if (typeof filling === 'string') return filling;
      if (filling !== undefined) places.push(filling);
      if (filling === undefined && isOfJson(opened)) fence = opened;
      OPENING.lastIndex = fence === undefined ? opened.end + 3 : opened.start;
    }
  }
  return places;
}

const opensBracket = oneOf('{[');

const jsonLanguages = new Set(['', 'json', 'jsonc', 'json5', 'jsonl', 'ndjson', 'geojson']);

/** Whether a fence may hold JSON. */
export const isOfJson = ({ language }: CodeFence): boolean => jsonLanguages.has(language);

const shells = new Set([
  'bash',
  'sh',
  'shell',
  'zsh',
  'console',
  'powershell',
  'ps1',
  'cmd',
  'bat',
  'curl',
  'http',
]);

/** Returns the value that a fence holds and nothing else. A command is not a value. */
function fillingPlace(text: string, fence: CodeFence, fences: CodeFences): JsonPlace | string | undefined {
  const { start, end, language } = fence;
  if (shells.has(language)) return undefined;
  const from = skipSpaces(text, start, end);
  const code = text.charCodeAt(from);
  if (code !== LEFT_BRACE && code !== LEFT_BRACKET) {
    const scalar = isOfJson(fence) ? scalarPlace(text, start, end) : undefined;
    return scalar && { ...scalar, fence };
  }
  const place = bracketPlace(text, from, end, fences);
  if (typeof place !== 'object') return typeof place === 'string' ? place : undefined;
  return place.fault === undefined && skipSpaces(text, place.end, end) === end
    ? { ...place, fence }
    : undefined;
}

/** Returns the value that opens at a bracket, the position to continue at if it is one of prose, or a reason. */
function bracketPlace(
  text: string,
  start: number,
  to: number,
  fences: CodeFences,
  known?: JsonScan,
): JsonPlace | number | string {
  const scan = known ?? scanJson(text, start, to);
  switch (scan.outcome) {
    case 'whole':
      return { start, end: scan.end, edits: scan.edits };
    case 'prose':
      return Math.max(start + 1, scan.end);
    case 'deep':
      return `JSON nested deeper than ${MAX_JSON_DEPTH}`;
    case 'cut':
      return { start, end: Math.min(to, fences.lineFrom(start)), fault: 'it is cut off' };
    default:
      return {
        start,
        end: Math.max(scan.end, brokenEnd(text, start, to, fences)),
        fault: `${scan.fault} at character ${scan.end + 1}`,
      };
  }
}

/** Returns the end of a value that cannot be read: where its brackets close, its fence ends, or the text. */
function brokenEnd(text: string, start: number, to: number, fences: CodeFences): number {
  const limit = Math.min(to, fences.lineFrom(start));
  let depth = 0;
  let isInString = false;
  for (let at = start; at < limit; at++) {
    const code = text.charCodeAt(at);
    // Quotation marks of a broken value may have no pair, but rarely on the next line.
    if (isNewline(code)) isInString = false;
    else if (code === DOUBLE_QUOTE) isInString = !isInString;
    else if (isInString) continue;
    else if (code === LEFT_BRACE || code === LEFT_BRACKET) depth++;
    else if ((code === RIGHT_BRACE || code === RIGHT_BRACKET) && --depth === 0) return at + 1;
  }
  return limit;
}

/** Reads a part of a text that is nothing but a JSON string, number or literal. */
function scalarPlace(text: string, from: number, to: number): JsonPlace | undefined {
  const start = skipSpaces(text, from, to);
  const code = text.charCodeAt(start);
  if (start >= to || !opensScalar(code)) return undefined;
  const end = withoutEndTokens(text, start, to);
  const edits: Edit[] = [];
  // A space, because a number ends with the character after it.
  const alone = `${text.slice(start, end)} `;
  const stop = opensString(code)
    ? skipString(alone, 0, alone.length, edits)
    : skipScalar(alone, 0, alone.length, edits);
  if (stop === end - start && edits.length === 0) return { start, end };
  const isNumber = typeof stop === 'string' && stop !== 'expected a value' && /^-?\d+$/.test(alone.trimEnd());
  return isNumber ? { start, end, fault: stop } : undefined;
}

/** `"`, `-`, a digit, or the start of `true`, `false` or `null`. */
const opensScalar = oneOf('"-0123456789tfn');
