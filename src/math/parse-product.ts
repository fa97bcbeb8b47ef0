import type { Cursor } from './cursor.ts';
import { type Node, namesIn, node, operation } from './node.ts';
import { parseFactor, startsFactor } from './parse-factor.ts';
import { endsValue } from './token.ts';
import { unitAt } from './unit-at.ts';
import { stop, UNCLEAR, WORDS } from './unreadable.ts';
import { changesNumber } from './words.ts';

export const SIGNS = '+-±∓';

export const signed = (sign: string, term: Node): Node =>
  '+'.includes(sign) ? term : operation(sign === '-' ? 'negative' : sign, term);

/** Parses a product, from left to right: `1/2x` is half of x. A unit at its end is that of the whole. */
export function parseProduct(cursor: Cursor): Node {
  let sign = cursor.takeIf(SIGNS) ?? '+';
  let factors = [parseFactor(cursor)];
  const product = (): Node => (factors.length === 1 ? (factors[0] as Node) : operation('·', ...factors));
  for (;;) {
    const operator = cursor.takeIf('·/');
    const minus = operator && cursor.takeIf('-');
    if (operator) {
      const factor = signed(minus ?? '+', parseFactor(cursor));
      factors.push(operator === '/' ? operation('inverse', factor) : factor);
    } else if (cursor.peek()?.kind === 'unit') {
      factors = [node('unit', unitAt(cursor), [signed(sign, product())])];
      sign = '+';
    } else if (cursor.peek()?.kind === 'word') factors = [counted(cursor, product())];
    else if (startsFactor(cursor)) {
      if (factors[0]?.kind === 'unit') stop(UNCLEAR);
      refuseNeighbours(cursor);
      factors.push(parseFactor(cursor));
    } else return signed(sign, product());
  }
}

/** A digit after a number or a name is no factor, and `0.1(6)` may be a decimal that repeats. */
const refuseNeighbours = (cursor: Cursor): void => {
  const before = cursor.peek(-1);
  const isDecimal = before?.kind === 'number' && before.text.includes('.');
  if (isDecimal && cursor.isAt('(') && !cursor.peek()?.isSpaced && cursor.isAt(')', 2)) stop(UNCLEAR);
  if (cursor.peek()?.kind !== 'number') return;
  if (endsValue(before) && !/^[)\]}]$/.test(before?.text ?? '')) stop(UNCLEAR);
};

/** The most words behind a number. */
const MOST_WORDS = 2;

/** Reads the words behind a number that say what it counts. */
const counted = (cursor: Cursor, number: Node): Node => {
  const words: string[] = [];
  while (/^(?:word|unit)$/.test(cursor.peek()?.kind ?? '')) words.push(cursor.take().text);
  if (
    namesIn(number).length > 0 ||
    words.length > MOST_WORDS ||
    words.some((word) => changesNumber.test(word))
  )
    stop(WORDS);
  return node('count', words.join(' '), [number]);
};
