import { type Cursor, cursorOf } from './cursor.ts';
import { type Node, node, operation } from './node.ts';
import { parseExponent, parseFactor } from './parse-factor.ts';
import { parsePrimary } from './parse-primary.ts';
import { parseProduct, SIGNS, signed } from './parse-product.ts';
import type { Token } from './token.ts';
import { NOTATION, stop, WORDS } from './unreadable.ts';

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
  if (left) stop(left.kind === 'symbol' ? `"${left.text}" is left over` : WORDS);
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
    if (!next || isClosing(cursor, parts.length > 0)) break;
    if (parts.length > 0) {
      if (separator === '') break;
      separators.push(separator);
    }
    parts.push(parseRank(cursor));
  }
  return parts.length === 1 ? (parts[0] as Node) : node('list', separators.join(' '), parts);
}

const isSeparator = (cursor: Cursor): boolean =>
  cursor.peek()?.kind === 'separator' || (cursor.opening() === '\\begin' && cursor.isAt(['&', '\\\\']));

/** Whether a list ends at the place. A bar before any value opens another absolute value. */
const isClosing = (cursor: Cursor, hasValue: boolean): boolean =>
  cursor.isAt([')', ']', '}', '⦄', '⌋', '⌉', '⟧', '\\end']) ||
  (hasValue && cursor.isAt('|') && cursor.isBarClosing());

/** Operators with the parts between them, of equal rank: the signs of the operators, and what they make of the parts. */
type Rank = readonly [signs: string, make: (signs: string, parts: readonly Node[]) => Node];

const RELATIONS = '=≈≠<≤>≥∈';

/** From the loosest to the tightest. A product is tighter than all. */
const RANKS: readonly Rank[] = [
  [RELATIONS, (signs, parts) => node('relation', signs, parts)],
  ['∪∩∖', (signs, parts) => node('sets', new Set(signs).size > 1 ? stop(NOTATION) : signs.charAt(0), parts)],
  [':', (_signs, parts) => node('ratio', '', parts)],
  [
    SIGNS,
    (signs, parts) => operation('+', ...parts.map((part, index) => signed(signs.charAt(index - 1), part))),
  ],
];

/** Parses the parts of a rank. The first side of a relation may be missing: `= 5`, `> 3`. A colon within bars is a condition. */
function parseRank(cursor: Cursor, rank = 0): Node {
  const [signs, make] = RANKS[rank] ?? [];
  if (signs === undefined || make === undefined) return parseProduct(cursor);
  const parts = [signs === RELATIONS && cursor.isAt(signs) ? node('name', '') : parseRank(cursor, rank + 1)];
  const next = () => (signs === ':' && cursor.isBarClosing() ? undefined : cursor.takeIf(signs));
  let found = '';
  for (let sign = next(); sign; sign = next()) {
    found += sign;
    parts.push(parseRank(cursor, rank + 1));
  }
  return found === '' ? (parts[0] as Node) : make(found, parts);
}
