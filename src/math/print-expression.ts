import { isOperation, type Node } from './node.ts';

/** How tightly a printed part holds together: in a place that holds more tightly it needs parentheses. */
const Tightness = { sum: 0, product: 1, power: 2, atom: 3 } as const;

const tightnessOf = ({ kind, value, parts }: Node): number => {
  if (kind === 'unit') return parts[0] === undefined ? Tightness.atom : tightnessOf(parts[0]);
  if (kind !== 'operation') return Tightness.atom;
  if (/^(?:[+±∓]|negative)$/.test(value)) return Tightness.sum;
  if (/^(?:[·/]|mixed|inverse)$/.test(value)) return Tightness.product;
  return /^[\^!]$/.test(value) ? Tightness.power : Tightness.atom;
};

const within = (part: Node, least: number): string =>
  tightnessOf(part) < least ? `(${printExpression(part)})` : printExpression(part);

const atom = (part: Node): string => within(part, Tightness.atom);

/** How the operations are printed whose signs are not their names. */
const forms: Readonly<Record<string, (a: Node, b: Node) => string>> = {
  '()': (a) => `(${printExpression(a)})`,
  negative: (a) => `-${within(a, Tightness.product)}`,
  '±': (a) => `±${within(a, Tightness.product)}`,
  '∓': (a) => `∓${within(a, Tightness.product)}`,
  inverse: (a) => `1/${within(a, Tightness.power)}`,
  mixed: (a, b) => `${printExpression(a)} ${printExpression(b)}`,
  '/': (a, b) => `${within(a, Tightness.product)}/${within(b, Tightness.power)}`,
  '^': (a, b) => atom(a) + raised(b),
  '√': (a) => `√${atom(a)}`,
  root: (degree, a) => (ROOTS[degree.value] ?? `root ${printExpression(degree)} of `) + atom(a),
  '!': (a) => `${atom(a)}!`,
  '°': (a) => `${atom(a)}°`,
  '%': (a) => `${atom(a)}%`,
  abs: (a) => `|${printExpression(a)}|`,
  floor: (a) => `⌊${printExpression(a)}⌋`,
  ceil: (a) => `⌈${printExpression(a)}⌉`,
  log: (base, a) => `log${base.value === '10' ? '' : `_${atom(base)}`}${inParentheses([a])}`,
};

const ROOTS: Readonly<Record<string, string>> = { 3: '∛', 4: '∜' };

/** Returns an expression as people write it: `x² + 1`, `2√7`, `(a + b)/2`. */
export function printExpression({ kind, value, parts }: Node): string {
  const [first, second = first] = parts;
  if (first === undefined || second === undefined) return value;
  if (kind === 'unit') return printExpression(first);
  if (value === '+') return parts.map(printTerm).join(' ');
  if (value === '·') return parts.map(printFactor).join('');
  if (value === 'apply') return printExpression(first) + inParentheses(parts.slice(1));
  return forms[value]?.(first, second) ?? value + inParentheses(parts);
}

const printTerm = (term: Node, index: number): string => {
  const sign = isOperation(term, 'negative', '±', '∓');
  const printed =
    sign || tightnessOf(term) > Tightness.sum ? printExpression(term) : `(${printExpression(term)})`;
  if (index === 0) return printed;
  return sign ? `${printed.charAt(0)} ${printed.slice(1)}` : `+ ${printed}`;
};

const printFactor = (factor: Node, index: number): string => {
  if (index === 0) return within(factor, Tightness.product);
  if (isOperation(factor, 'inverse')) return `/${within(factor.parts[0] as Node, Tightness.power)}`;
  const printed = within(factor, Tightness.power);
  return /^[\p{L}√∛∜(]/u.test(printed) ? printed : ` · ${printed}`;
};

const inParentheses = (parts: readonly Node[]): string => {
  const [only] = parts;
  return parts.length === 1 && only !== undefined && isOperation(only, '()')
    ? printExpression(only)
    : `(${parts.map(printExpression).join(', ')})`;
};

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const raised = (exponent: Node): string => {
  const plain = printExpression(exponent);
  if (/^-?\d+$/.test(plain))
    return plain.replace(/\d/g, (digit) => RAISED.charAt(Number(digit))).replace('-', '⁻');
  return tightnessOf(exponent) < Tightness.atom ? `^(${plain})` : `^${plain}`;
};
