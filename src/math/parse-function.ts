import type { Cursor } from './cursor.ts';
import { isOperation, type Node, numeral, operation, valuesIn } from './node.ts';
import type { Token } from './token.ts';
import { NOTATION, stop } from './unreadable.ts';

/** Functions of two values or more. */
const OF_SEVERAL = /^(?:gcd|lcm|max|min)$/;

/** Functions with an inverse that is written as a power of −1. */
const WITH_INVERSE = /^(?:sin|cos|tan)$/;

/** Parses what follows the name of a function: a base, a power, and arguments in parentheses or without. */
export function parseFunction(cursor: Cursor, name: string): Node {
  let base: Node | undefined;
  let exponent: Node | undefined;
  for (let sign = cursor.takeIf('_^'); sign; sign = cursor.takeIf('_^')) {
    if (sign === '_') base = parseScript(cursor);
    else exponent = parseScript(cursor);
  }
  if (base && name !== 'log') stop(NOTATION);
  const values = parseArguments(cursor);
  if (OF_SEVERAL.test(name) ? values.length < 2 : values.length !== 1) stop(NOTATION);
  if (exponent && isMinusOne(exponent))
    return WITH_INVERSE.test(name) ? operation(`arc${name}`, ...values) : stop(NOTATION);
  const value =
    name === 'log'
      ? operation(name, base ?? numeral('10'), ...values)
      : name === 'cbrt'
        ? operation('root', numeral('3'), ...values)
        : operation(name, ...values);
  return exponent === undefined ? value : operation('^', value, exponent);
}

const isMinusOne = (exponent: Node): boolean =>
  isOperation(exponent, 'negative') && exponent.parts[0]?.value === '1';

/** Parses a base or a power: a group, or one token with its sign. */
const parseScript = (cursor: Cursor): Node =>
  cursor.takeIf('-') === undefined
    ? cursor.inside('primary')
    : operation('negative', cursor.inside('primary'));

function parseArguments(cursor: Cursor): readonly Node[] {
  if (!cursor.isAt('({⦃')) return [parseProduct(cursor)];
  return valuesIn(cursor.inside('primary'));
}

/** Parses an argument without parentheses: a product without signs, as in `sin 2x`. */
function parseProduct(cursor: Cursor): Node {
  const isNegative = cursor.takeIf('-');
  const factors = [cursor.inside('factor')];
  for (;;) {
    const isQuotient = cursor.isAt('/') && isPlain(cursor.peek(1));
    if (isQuotient) {
      cursor.take();
      factors.push(operation('inverse', cursor.inside('factor')));
    } else if ((isPlain(cursor.peek()) && cursor.peek()?.kind !== 'number') || cursor.isAt(['frac', '√']))
      factors.push(cursor.inside('factor'));
    else break;
  }
  const product = factors.length === 1 ? (factors[0] as Node) : operation('·', ...factors);
  return isNegative ? operation('negative', product) : product;
}

const isPlain = (token: Token | undefined): boolean => /^(?:number|name|constant)$/.test(token?.kind ?? '');
