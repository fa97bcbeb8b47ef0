import { type Cursor, cursorOf } from './cursor.ts';
import { type Node, node } from './node.ts';
import { parseExponent, parseFactor } from './parse-factor.ts';
import { parsePrimary } from './parse-primary.ts';
import { parseSum } from './parse-sum.ts';
import type { Token } from './token.ts';
import { stop, WORDS } from './unreadable.ts';

/** Parses the tokens of an answer. */
export function parseAnswer(tokens: readonly Token[]): Node {
  const cursor = cursorOf(tokens, {
    list: parseList,
    factor: parseFactor,
    exponent: parseExponent,
    primary: parsePrimary,
  });
  const answer = parseList(cursor);
  const left = cursor.peek();
  if (left !== undefined) stop(left.kind === 'symbol' ? `"${left.text}" is left over` : WORDS);
  return answer;
}

/** Parses what separators divide. One part alone is no list. */
function parseList(cursor: Cursor): Node {
  const parts: Node[] = [];
  const separators: string[] = [];
  for (;;) {
    let separator = '';
    while (isSeparator(cursor)) separator = cursor.take().text;
    const next = cursor.peek();
    if (next === undefined || isClosing(cursor, parts.length > 0)) break;
    if (parts.length > 0) {
      if (separator === '') break;
      separators.push(separator);
    }
    parts.push(parseRelation(cursor));
  }
  return parts.length === 1 ? (parts[0] as Node) : node('list', separators.join(' '), parts);
}

const isSeparator = (cursor: Cursor): boolean =>
  cursor.peek()?.kind === 'separator' || (cursor.opening() === '\\begin' && cursor.isAt(['&', '\\\\']));

/** Whether a list ends at the place. A bar before any value opens another absolute value. */
const isClosing = (cursor: Cursor, hasValue: boolean): boolean =>
  cursor.isAt([')', ']', '}', '⦄', '⌋', '⌉', '⟧', '\\end']) ||
  (hasValue && cursor.isAt('|') && cursor.isBarClosing());

const RELATIONS = '=≈≠<≤>≥∈';

/** Parses a chain of relations. Its first side may be missing: `= 5`, `> 3`. */
function parseRelation(cursor: Cursor): Node {
  const sides = [cursor.isAt(RELATIONS) ? node('name', '') : parseSets(cursor)];
  const relations: string[] = [];
  for (let relation = cursor.takeIf(RELATIONS); relation !== undefined; relation = cursor.takeIf(RELATIONS)) {
    relations.push(relation);
    sides.push(parseSets(cursor));
  }
  return relations.length === 0 ? (sides[0] as Node) : node('relation', relations.join(''), sides);
}

function parseSets(cursor: Cursor): Node {
  const sets = [parseRatio(cursor)];
  const sign = cursor.takeIf('∪∩∖');
  if (sign === undefined) return sets[0] as Node;
  do sets.push(parseRatio(cursor));
  while (cursor.takeIf(sign) !== undefined);
  return node('sets', sign, sets);
}

function parseRatio(cursor: Cursor): Node {
  const terms = [parseSum(cursor)];
  while (!cursor.isBarClosing() && cursor.takeIf(':') !== undefined) terms.push(parseSum(cursor));
  if (cursor.peek()?.kind === 'unit') cursor.take();
  return terms.length === 1 ? (terms[0] as Node) : node('ratio', '', terms);
}
