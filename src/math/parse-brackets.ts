import type { Cursor } from './cursor.ts';
import { type Node, node, operation } from './node.ts';
import { CUT_OFF, NOTATION, stop } from './unreadable.ts';

/** The brackets that close a bracket. Intervals mix them. */
const CLOSING: Readonly<Record<string, string>> = {
  '(': ')]',
  '[': '])',
  '{': '}',
  '⦃': '⦄',
  '⌊': '⌋',
  '⌈': '⌉',
  '⟦': '⟧',
  '|': '|',
};

const FUNCTIONS: Readonly<Record<string, string>> = { '⌊': 'floor', '⌈': 'ceil', '⟦': 'abs', '|': 'abs' };

/** Parses what is behind an opening bracket, with the closing one. */
export function parseBrackets(cursor: Cursor, opening: string): Node {
  if (opening === '\\begin') return parseMatrix(cursor);
  const closing = CLOSING[opening] ?? stop(`"${opening}" stands alone`);
  const content = cursor.inside('list', opening === '|' || opening === '⦃');
  if (opening === '⦃' && cursor.takeIf('|:') !== undefined) return parseCondition(cursor, content);
  const brackets = opening + cursor.expect(closing);
  const isOne = content.kind !== 'list';
  const name = FUNCTIONS[opening];
  if (name !== undefined) return operation(name, content);
  if (opening === '{') return content;
  if (opening === '⦃') return isOne ? content : node('set', '', content.parts);
  if (content.parts.length === 0 && !isOne) stop(NOTATION);
  if (isOne) return brackets === '()' || brackets === '[]' ? operation('()', content) : stop(NOTATION);
  const rows = content.value.includes(';') ? rowsOf(content) : undefined;
  return rows ?? node('tuple', brackets, content.parts);
}

/** Parses the condition of a set of numbers: {x | x > 2}. The set is what fulfils it. */
function parseCondition(cursor: Cursor, { kind, value, parts }: Node): Node {
  const [first, second] = parts;
  const isAnyNumber =
    kind === 'name' ||
    (kind === 'relation' && value === '∈' && first?.kind === 'name' && second?.value === 'ℝ');
  const condition = cursor.inside();
  cursor.expect('⦄');
  return isAnyNumber ? condition : stop(NOTATION);
}

/** Returns the matrix of a list with commas within its rows and semicolons between them. */
const rowsOf = ({ value, parts }: Node): Node | undefined => {
  const separators = value.split(' ');
  const rows: Node[][] = [[]];
  parts.forEach((part, index) => {
    rows.at(-1)?.push(part);
    if (separators[index] === ';') rows.push([]);
  });
  return separators.includes(',') ? matrixOf(rows) : undefined;
};

function parseMatrix(cursor: Cursor): Node {
  const rows: Node[][] = [[]];
  while (cursor.takeIf(['\\end']) === undefined) {
    if (!cursor.isAt(['&', '\\\\', '\\end'])) rows.at(-1)?.push(cursor.inside());
    if (cursor.takeIf(['\\\\']) !== undefined) rows.push([]);
    else if (cursor.takeIf('&') === undefined && !cursor.isAt(['\\end'])) stop(CUT_OFF);
  }
  return matrixOf(rows.filter(({ length }) => length > 0));
}

/** Returns the matrix of rows; a single row or column is a tuple. */
function matrixOf(rows: readonly (readonly Node[])[]): Node {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0 || rows.some(({ length }) => length !== columns)) stop(NOTATION);
  if (rows.length === 1 || columns === 1) return node('tuple', '()', rows.flat());
  return node(
    'matrix',
    '',
    rows.map((row) => node('tuple', '[]', row)),
  );
}
