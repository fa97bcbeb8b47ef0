import { type Form, infinity, intervalOf } from './form.ts';
import { isLabel } from './labels.ts';
import type { Node } from './node.ts';
import type { Reading } from './reading.ts';
import { stop } from './unreadable.ts';

/** The two or three sides of a relation. */
export type Sides = readonly [Node, Node, Node?];

const REVERSED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '≤': '≥', '≥': '≤' };

/** Returns the interval of an inequality for one name. */
export function inequalityForm(relations: string, [left, middle, right]: Sides, reading: Reading): Form {
  const [first = '', second = ''] = relations;
  const reversed = REVERSED[first] ?? stop('it has a relation that is not read');
  const opening = /[≤≥]/.test(first) ? '[' : '(';
  if (right !== undefined) {
    if (relations.length > 2 || !isLabel(middle) || !/^[<≤]{2}$|^[>≥]{2}$/.test(relations))
      stop('it has a relation that is not read');
    if (/[>≥]/.test(first))
      return inequalityForm((REVERSED[second] ?? '') + reversed, [right, middle, left], reading);
    return intervalOf(reading.form(left), reading.form(right), `${opening}${second === '≤' ? ']' : ')'}`);
  }
  if (!isLabel(left) && isLabel(middle)) return inequalityForm(reversed, [middle, left], reading);
  if (!isLabel(left) || middle.kind === 'name') stop('it has an inequality that is not solved');
  const end = reading.form(middle);
  return /[>≥]/.test(first)
    ? intervalOf(end, infinity(false), `${opening})`)
    : intervalOf(infinity(true), end, opening === '[' ? '(]' : '()');
}
