import { evaluate } from './evaluate.ts';
import { type Form, INFINITY, MINUS_INFINITY, setOf } from './form.ts';
import { DIGITS, formatQuantity } from './format-quantity.ts';
import { contains, isOperation, type Node, namesIn, operation } from './node.ts';
import { printExpression } from './print-expression.ts';
import type { Reading } from './reading.ts';
import { samplePoints } from './sample-points.ts';
import { sampledKey, valueAt } from './sampled.ts';
import { NOTATION, stop, UNCLEAR } from './unreadable.ts';

/** Returns the form of an expression: of its value, or of its values at sample points if it has names. */
export function expressionForm(tree: Node, reading: Reading): Form {
  const { kind, value, parts } = tree;
  if (kind === 'name') return { key: value, text: value };
  const [inner] = parts;
  if (isOperation(tree, '()') && inner !== undefined) return expressionForm(inner, reading);
  if (value === '∞') return INFINITY;
  if (isOperation(tree, 'negative') && inner?.value === '∞') return MINUS_INFINITY;
  if (reading.keepsUnits && contains(tree, (part) => part.kind === 'unit')) stop(NOTATION);
  if (contains(tree, isEitherSign)) return bothForms(tree, reading);
  const text = printExpression(tree);
  const names = namesIn(tree);
  return names.length === 0
    ? closedForm(tree, text, reading)
    : {
        key: sampledKey(
          'f',
          names,
          samplePoints(names, tree).map((point) => valueAt(tree, point, reading)),
          reading,
        ),
        text,
      };
}

function closedForm(tree: Node, text: string, { digits, dividesPercent, steps }: Reading): Form {
  const value = evaluate(tree, { dividesPercent, steps });
  const key = formatQuantity(value, { digits: digits ?? DIGITS, joinsWhole: digits !== undefined });
  if (key.endsWith('i')) return { key, text };
  const number = /^-?\d+$/.test(key) ? Number(key) : value.re;
  return { key, text, number, order: number };
}

const isEitherSign = (part: Node): boolean => isOperation(part, '±', '∓');

/** The two values of an expression with ±. The signs of several are not known to belong together, unless one is ∓. */
function bothForms(tree: Node, reading: Reading): Form {
  if (countOf(tree, '±') > 1 || countOf(tree, '∓') > 1) stop(UNCLEAR);
  return setOf([true, false].map((isUpper) => expressionForm(withSign(tree, isUpper), reading)));
}

const countOf = (tree: Node, sign: string): number =>
  tree.parts.reduce((sum, part) => sum + countOf(part, sign), isOperation(tree, sign) ? 1 : 0);

const withSign = (tree: Node, isUpper: boolean): Node => {
  const parts = tree.parts.map((part) => withSign(part, isUpper));
  if (!isEitherSign(tree)) return { ...tree, parts };
  const isPlus = (tree.value === '±') === isUpper;
  const [first] = parts as [Node];
  return isPlus ? first : operation('negative', first);
};
