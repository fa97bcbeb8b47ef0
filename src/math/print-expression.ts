import { isOperation, type Node } from './node.ts';

/** How tightly a printed part holds together: in a place that holds more tightly it needs parentheses. */
const Tightness = { sum: 0, product: 1, power: 2, atom: 3 } as const;

const tightnessOf = ({ kind, value, parts }: Node): number => {
  if (kind === 'unit' && parts[0] !== undefined) return tightnessOf(parts[0]);
  if (kind !== 'operation') return Tightness.atom;
  if (/^(?:[+±∓]|negative)$/.test(value)) return Tightness.sum;
  if (/^(?:[·/]|mixed)$/.test(value)) return Tightness.product;
  return /^[\^!]$/.test(value) ? Tightness.power : Tightness.atom;
};

const within = (part: Node, least: number): string =>
  tightnessOf(part) < least ? `(${printExpression(part)})` : printExpression(part);

/** How operations are printed whose signs are not their names. A digit stands for the next part: how tight it must be. */
const TEMPLATES: Readonly<Record<string, string>> = {
  '()': '(0)',
  negative: '-1',
  '±': '±1',
  '∓': '∓1',
  mixed: '0 0',
  '/': '1/2',
  '√': '√3',
  '!': '3!',
  '°': '3°',
  '%': '3%',
  abs: '|0|',
  floor: '⌊0⌋',
  ceil: '⌈0⌉',
};

const ROOTS: Readonly<Record<string, string>> = { 3: '∛', 4: '∜' };

/** Returns an expression as people write it: `x² + 1`, `2√7`, `(a + b)/2`. */
export function printExpression({ kind, value, parts }: Node): string {
  const [first, ...others] = parts as [Node, ...Node[]];
  if (parts.length === 0) return value;
  if (kind === 'unit') return printExpression(first);
  const template = TEMPLATES[value];
  if (template !== undefined) {
    const rest = [...parts];
    return template.replace(/\d/g, (least) => within(rest.shift() ?? first, Number(least)));
  }
  switch (value) {
    case '+':
      return parts.map(printTerm).join(' ');
    case '·':
      return parts.map(printFactor).join('');
    case '^':
      return within(first, Tightness.atom) + raised(others[0] ?? first);
    case 'apply':
      return printExpression(first) + inParentheses(others);
    case 'root':
      return `${ROOTS[first.value] ?? `root ${printExpression(first)} of `}${others.map((part) => within(part, Tightness.atom))}`;
    case 'log':
      return `log${first.value === '10' ? '' : `_${within(first, Tightness.atom)}`}${inParentheses(others)}`;
    default:
      return value + inParentheses(parts);
  }
}

const printTerm = (term: Node, index: number): string => {
  const isSigned = isOperation(term, 'negative', '±', '∓');
  const printed = within(term, isSigned ? Tightness.sum : Tightness.product);
  if (index === 0) return printed;
  return isSigned ? `${printed.charAt(0)} ${printed.slice(1)}` : `+ ${printed}`;
};

const printFactor = (factor: Node, index: number): string => {
  if (index === 0) return within(factor, Tightness.product);
  if (isOperation(factor, 'inverse')) return `/${within(factor.parts[0] as Node, Tightness.power)}`;
  const printed = within(factor, Tightness.power);
  return /^[\p{L}√∛∜(]/u.test(printed) ? printed : ` · ${printed}`;
};

const inParentheses = (parts: readonly Node[]): string =>
  parts.length === 1 && isOperation(parts[0] as Node, '()')
    ? printExpression(parts[0] as Node)
    : `(${parts.map(printExpression).join(', ')})`;

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const raised = (exponent: Node): string => {
  const plain = printExpression(exponent);
  if (/^-?\d+$/.test(plain))
    return plain.replace(/\d/g, (digit) => RAISED.charAt(Number(digit))).replace('-', '⁻');
  return `^${within(exponent, Tightness.atom)}`;
};
