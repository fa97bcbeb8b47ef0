import { isOperation, type Node } from './node.ts';

/** How tightly a printed part holds together: a part in a place that holds more tightly needs parentheses. */
const Tightness = { sum: 0, product: 1, power: 2, atom: 3 } as const;

const tightnessOf = ({ kind, value, parts }: Node): number => {
  if (kind === 'unit') return parts[0] === undefined ? Tightness.atom : tightnessOf(parts[0]);
  if (kind !== 'operation') return Tightness.atom;
  if ('+-±∓'.includes(value) || value === 'negative') return Tightness.sum;
  if (/^(?:[·/]|mixed)$/.test(value)) return Tightness.product;
  return '^!'.includes(value) ? Tightness.power : Tightness.atom;
};

const within = (part: Node, least: number): string =>
  tightnessOf(part) < least ? `(${printExpression(part)})` : printExpression(part);

/** How operations of one or two parts are printed. */
const forms: Readonly<Record<string, (a: Node, b: Node) => string>> = {
  '()': (a) => `(${printExpression(a)})`,
  '+': (a, b) => `${printExpression(a)} + ${within(b, Tightness.sum)}`,
  '-': (a, b) => `${printExpression(a)} - ${within(b, Tightness.product)}`,
  negative: (a) => `-${within(a, Tightness.product)}`,
  mixed: (a, b) => `${printExpression(a)} ${printExpression(b)}`,
  '·': (a, b) => {
    const [left, right] = [within(a, Tightness.product), within(b, Tightness.power)];
    return /^[\p{L}√∛∜(]/u.test(right) ? left + right : `${left} · ${right}`;
  },
  '/': (a, b) => `${within(a, Tightness.product)}/${within(b, Tightness.power)}`,
  '^': (a, b) => within(a, Tightness.atom) + raised(b),
  '√': (a) => `√${within(a, Tightness.atom)}`,
  root: (degree, a) =>
    `${degree.value === '3' ? '∛' : degree.value === '4' ? '∜' : `root ${printExpression(degree)} of `}${within(a, Tightness.atom)}`,
  '!': (a) => `${within(a, Tightness.atom)}!`,
  '°': (a) => `${within(a, Tightness.atom)}°`,
  '%': (a) => `${within(a, Tightness.atom)}%`,
  abs: (a) => `|${printExpression(a)}|`,
  floor: (a) => `⌊${printExpression(a)}⌋`,
  ceil: (a) => `⌈${printExpression(a)}⌉`,
  log: (base, a) =>
    `log${base.value === '10' ? '' : `_${within(base, Tightness.atom)}`}${inParentheses([a])}`,
};

/** Returns an expression as people write it: `x² + 1`, `2√7`, `(a + b)/2`. */
export function printExpression({ kind, value, parts }: Node): string {
  const [first, second = first] = parts;
  if (first === undefined || second === undefined) return value;
  if (kind === 'unit') return printExpression(first);
  if ('±∓'.includes(value) && first === second) return `${value}${within(first, Tightness.product)}`;
  if ('±∓'.includes(value)) return `${printExpression(first)} ${value} ${within(second, Tightness.product)}`;
  return forms[value]?.(first, second) ?? value + inParentheses(parts);
}

const inParentheses = (parts: readonly Node[]): string => {
  const [only] = parts;
  return parts.length === 1 && only !== undefined && isOperation(only, '()')
    ? printExpression(only)
    : `(${parts.map(printExpression).join(', ')})`;
};

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const raised = (exponent: Node): string => {
  const plain = printExpression(exponent);
  return /^-?\d+$/.test(plain)
    ? plain.replace(/\d/g, (digit) => RAISED.charAt(Number(digit))).replace('-', '⁻')
    : `^${within(exponent, Tightness.atom)}`;
};
