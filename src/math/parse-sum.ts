import type { Cursor } from './cursor.ts';
import { type Node, node, operation } from './node.ts';
import { parseFactor, startsFactor } from './parse-factor.ts';
import { endsValue } from './token.ts';
import { unitAt } from './unit-at.ts';
import { stop } from './unreadable.ts';
import { changesNumber } from './words.ts';

/** Parses a sum of products. */
export function parseSum(cursor: Cursor): Node {
  let sum = parseProduct(cursor);
  for (;;) {
    const sign = cursor.takeIf('+-±∓');
    if (sign === undefined) return sum;
    sum = operation(sign, sum, parseProduct(cursor));
  }
}

/** Parses a product, from left to right: `1/2x` is half of x. A unit at its end is that of the whole. */
function parseProduct(cursor: Cursor): Node {
  let product = parseSigned(cursor);
  for (;;) {
    const sign = cursor.takeIf('·/');
    if (sign !== undefined) product = operation(sign, product, parseSigned(cursor));
    else if (cursor.peek()?.kind === 'unit') product = node('unit', unitAt(cursor), [product]);
    else if (cursor.peek()?.kind === 'word') product = counted(cursor, product);
    else if (startsFactor(cursor)) {
      if (product.kind === 'unit') stop('it has several units');
      refuseNeighbours(cursor);
      product = operation('·', product, parseFactor(cursor));
    } else return product;
  }
}

function parseSigned(cursor: Cursor): Node {
  const sign = cursor.takeIf('+-±∓');
  if (sign === undefined) return parseFactor(cursor);
  const signed = parseSigned(cursor);
  return sign === '+' ? signed : operation(sign === '-' ? 'negative' : sign, signed);
}

/** A digit after a number or a name is no factor, and `0.1(6)` may be a decimal that repeats. */
const refuseNeighbours = (cursor: Cursor): void => {
  const before = cursor.peek(-1);
  const isDecimal = before?.kind === 'number' && before.text.includes('.');
  if (isDecimal && cursor.isAt('(') && !cursor.peek()?.isSpaced && cursor.isAt(')', 2))
    stop('a decimal may repeat');
  if (cursor.peek()?.kind !== 'number') return;
  if (endsValue(before) && !/^[)\]}]$/.test(before?.text ?? '')) stop('two numbers stand side by side');
};

/** The most words behind a number. */
const MOST_WORDS = 2;

/** Reads the words behind a number that say what it counts. */
const counted = (cursor: Cursor, number: Node): Node => {
  const words: string[] = [];
  while (/^(?:word|unit)$/.test(cursor.peek()?.kind ?? '')) words.push(cursor.take().text);
  if (number.kind !== 'number' || words.length > MOST_WORDS || words.some((word) => changesNumber.test(word)))
    stop('it has words');
  return node('count', words.join(' '), [number]);
};
