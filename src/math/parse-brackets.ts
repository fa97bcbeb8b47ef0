import type { Cursor } from './cursor.ts';
import { groupsOf, type Node, node, operation } from './node.ts';
import { NOTATION, stop, UNCLEAR } from './unreadable.ts';

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
  '\\begin': '\\end',
};

const FUNCTIONS: Readonly<Record<string, string>> = { '⌊': 'floor', '⌈': 'ceil', '⟦': 'abs', '|': 'abs' };

/** Parses what is behind an opening bracket, with the closing one. */
export function parseBrackets(cursor: Cursor, opening: string): Node {
  const closing = CLOSING[opening] ?? stop(`"${opening}" stands alone`);
  const content = cursor.inside('list', opening);
  if (opening === '⦃' && cursor.takeIf('|:')) return parseCondition(cursor, content);
  const brackets = opening + cursor.expect(closing);
  const isOne = content.kind !== 'list';
  const rows = isOne ? [[content]] : groupsOf(content, ';\\\\');
  const hasWords = !isOne && /[a-z]/.test(content.value);
  if (opening === '\\begin') return hasWords ? stop(UNCLEAR) : matrixOf(rows);
  const name = FUNCTIONS[opening];
  if (name) return operation(name, content);
  if (opening === '{') return content;
  if (opening === '⦃') return isOne ? content : node('set', '', content.parts);
  if (content.parts.length === 0 && !isOne) stop(NOTATION);
  if (isOne) return brackets === '()' || brackets === '[]' ? operation('()', content) : stop(NOTATION);
  return /(?=.*;).*,/.test(content.value) ? matrixOf(rows) : node('tuple', brackets, content.parts);
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
