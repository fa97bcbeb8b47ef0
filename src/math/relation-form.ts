import { equationForm } from './equation-form.ts';
import { type Form, without } from './form.ts';
import { inequalityForm } from './inequality-form.ts';
import { isLabel, isNames, isWords } from './labels.ts';
import { calledName, listOf, type Node, namesIn, node } from './node.ts';
import type { Reading } from './reading.ts';
import { stop, UNCLEAR } from './unreadable.ts';

/** Returns the form of a chain of relations: `x = 3`, `4 + 9 = 13`, `2x - y = 7`, `-1 < x ≤ 5`, `√2 ≈ 1.41`. */
export function relationForm({ value: relations, parts: sides }: Node, reading: Reading): Form {
  const almost = relations.indexOf('≈');
  if (almost >= 0) return approximationForm(relations, sides, almost, reading);
  if (/^=+$/.test(relations)) return equalityForm(sides, reading);
  const [left, middle] = sides as [Node, Node];
  if (sides.length === 2 && isLabel(left)) {
    if (relations === '∈') return reading.form(middle);
    if (relations === '≠') return without(reading.form(middle));
  }
  return inequalityForm(relations, sides, reading);
}

/** What is exact comes before `≈`; a name before it is what the value is called. */
const approximationForm = (relations: string, sides: readonly Node[], at: number, reading: Reading): Form => {
  const exact = sides.slice(0, at + 1);
  const last = exact.at(-1) as Node;
  if (isLabel(last) || isWords(last)) return reading.form(sides[at + 1] as Node);
  return exact.length === 1
    ? reading.form(last)
    : relationForm(node('relation', relations.slice(0, at), exact), reading);
};

function equalityForm(sides: readonly Node[], reading: Reading): Form {
  const at = sides.findIndex(
    (side, index) => !(isLabel(side) || isWords(side)) || index === sides.length - 1,
  );
  const labels = sides.slice(0, at);
  const [value, ...others] = sides.slice(at) as [Node, ...Node[]];
  const [other] = others;
  if (other === undefined) return labelledForm(labels, value, reading);
  return labels.length === 0 && others.length === 1
    ? balanceForm(value, other, reading)
    : chainForm([value, ...others], reading);
}

/** The form of a value that is called something: the value. One that depends on its own name, or on y, is an equation. */
function labelledForm(labels: readonly Node[], value: Node, reading: Reading): Form {
  const label = labels.find(({ kind }) => kind === 'name') ?? (labels.at(-1) as Node);
  if (labels.filter(({ kind, value: name }) => kind === 'name' && name !== '').length > 1) stop(UNCLEAR);
  if (isNames(label) && label.value === '()' && value.kind === 'tuple')
    return reading.form(assigned(label.parts, value.parts));
  const name = label.value === 'apply' ? calledName(label.parts[0]) : label.kind === 'name' && label.value;
  if (!name) return reading.form(value);
  if (value.kind === 'name' && value.value === 'y')
    return reading.form(label.kind === 'name' ? label : value);
  const names = namesIn(value);
  return names.includes(name) || (label.kind === 'name' && names.includes('y'))
    ? equationForm(label, value, reading)
    : reading.form(value);
}

/** Returns a tuple of names and one of their values as what each name is. */
const assigned = (names: readonly Node[], values: readonly Node[]): Node =>
  names.length === values.length
    ? listOf(names.map((name, index) => node('relation', '=', [name, values[index] as Node])))
    : stop(UNCLEAR);

/** Whether a side is the value of one equation and the name of the next one: `x = 3 y = 4`. */
const isValueAndName = ({ value, parts }: Node): boolean =>
  value === '·' && parts.at(-1)?.kind === 'name' && parts.slice(0, -1).every(isClosed);

const isClosed = (side: Node): boolean => namesIn(side).length === 0;

/** The form of an equation of two sides: of numbers, their value; otherwise of the equation. */
const balanceForm = (left: Node, right: Node, reading: Reading): Form => {
  if (isClosed(left) && right.kind === 'name') return reading.form(left);
  return isClosed(left) && isClosed(right)
    ? chainForm([left, right], reading)
    : equationForm(left, right, reading);
};

/** The last side of a chain. Sides that are known must not differ. */
function chainForm(sides: readonly Node[], reading: Reading): Form {
  if (sides.slice(0, -1).some(isValueAndName)) stop(UNCLEAR);
  const forms = sides.map((side) => ({ ...reading.form(side), isClosed: isClosed(side) }));
  const last = forms.at(-1) as (typeof forms)[number];
  const compared = last.isClosed ? forms.filter((form) => form.isClosed) : forms;
  return compared.every(({ key }) => key === last.key) ? last : stop('it has an equation that does not hold');
}
