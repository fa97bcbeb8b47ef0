import { small } from '../normalizers/numbers/number-spelled.ts';
import type { Cursor } from './cursor.ts';
import { calledName, isOperation, type Node, node, numeral, operation, valuesIn } from './node.ts';
import { parsePrimary } from './parse-primary.ts';
import { NOTATION, stop, UNCLEAR } from './unreadable.ts';

/** Whether a factor begins at the place, so that the value before it is multiplied by it. */
export const startsFactor = (cursor: Cursor): boolean =>
  /^(?:number|name|constant|function)$/.test(cursor.peek()?.kind ?? '') ||
  cursor.isAt(['frac', 'binom', '√', '(', '[', '{', '⌊', '⌈', '⟦']) ||
  (cursor.isAt('|') && !cursor.isBarClosing());

/** Parses a value with what is behind it: powers, factorials, subscripts, signs of percent and degrees. */
export function parseFactor(cursor: Cursor): Node {
  let factor = parseMixed(cursor);
  for (;;) {
    if (isCalled(cursor, factor)) factor = operation('apply', factor, ...valuesIn(cursor.inside('primary')));
    const sign = cursor.takeIf('!%°^_');
    if (!sign) return factor;
    if (sign === '_') factor = withSubscript(cursor, factor);
    else if (sign !== '^') factor = operation(sign, factor);
    else factor = operation('^', factor, cursor.inside('exponent'));
    if (sign === '°' && calledName(factor.parts[0]) !== undefined && cursor.peek()?.kind === 'name')
      stop(NOTATION);
    if ('!%°'.includes(sign) && cursor.isAt(sign)) stop(UNCLEAR);
  }
}

/**
 * Whether a name before a parenthesis is a function of what is in it: f and g always are. Any other name is if several values or
 * another name are in it, and h, p, q or a capital letter if a number is. `x(x + 1)` and `b(1)` are products.
 */
const isCalled = (cursor: Cursor, factor: Node): boolean => {
  const name = calledName(factor);
  if (!name || !cursor.isAt('(')) return false;
  const [argument, next] = [cursor.peek(1), cursor.peek(2)];
  const isValue = /^(?:name|number|constant)$/.test(argument?.kind ?? '');
  return (
    /^[fg]'*$/i.test(name) ||
    (isValue && next?.kind === 'separator') ||
    (isValue &&
      next?.text === ')' &&
      argument?.text !== name &&
      (argument?.kind === 'name' || /^[hpqA-Z]/.test(name)))
  );
};

/** Parses what is behind a power sign; towers from the top. */
export function parseExponent(cursor: Cursor): Node {
  if (cursor.takeIf('-')) return operation('negative', cursor.inside('exponent'));
  const isGroup = cursor.isAt('{(');
  const exponent = parsePrimary(cursor);
  if (!isGroup && cursor.isAt('!')) stop(UNCLEAR);
  return cursor.takeIf('^') === undefined ? exponent : operation('^', exponent, cursor.inside('exponent'));
}

/** A name with a subscript is a name. A number with one is in another base, and stays as it is written. */
function withSubscript(cursor: Cursor, factor: Node): Node {
  const isGroup = cursor.takeIf('{');
  let subscript = '';
  while (!cursor.isAt('}') && (isGroup || subscript === '')) subscript += cursor.take().text;
  if (isGroup) cursor.expect('}');
  if (factor.kind === 'name') return node('name', `${factor.value}_${subscript}`);
  const number = isOperation(factor, '()') ? factor.parts[0] : factor;
  return number?.kind === 'number' && isBase(subscript)
    ? numeral(number.value.replace(/^0+(?=\d)/, ''))
    : stop(NOTATION);
}

const isBase = (subscript: string): boolean => {
  const [, base = ''] = /^(?:base)?\(?(\w+)\)?$/.exec(subscript) ?? [];
  return /^(?:\d{1,2}|b)$/.test(base) || small().has(base);
};

/** Parses a value, or a mixed number: `3 1/2`, `3\\frac12`. A number before another fraction is a factor. */
function parseMixed(cursor: Cursor): Node {
  // "1/2 1/3" are two fractions.
  const isDivisor = cursor.peek(-1)?.text === '/';
  const number = parsePrimary(cursor);
  if (isDivisor || !isDigits(number.value)) return number;
  const [over, sign, under] = [0, 1, 2].map((ahead) => cursor.peek(ahead));
  const isFraction = over?.isSpaced && isDigits(over.text) && sign?.text === '/' && isDigits(under?.text);
  if (!isFraction && !cursor.isAt(['frac'])) return number;
  const [a, , b] = isFraction ? [cursor, cursor, cursor].map(({ take }) => numeral(take().text)) : [];
  const fraction = a && b ? operation('/', a, b) : parsePrimary(cursor);
  const [x, y] = fraction.parts.map(({ value }) => (isDigits(value) ? Number(value) : 0)) as [number, number];
  if (x > 0 && x < y) return operation('mixed', number, fraction);
  return isFraction ? stop(UNCLEAR) : operation('·', number, fraction);
}

const isDigits = (text = ''): boolean => /^\d+$/.test(text);
