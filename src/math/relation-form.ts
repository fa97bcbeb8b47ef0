import { equationForm } from './equation-form.ts';
import { type Form, infinity, intervalOf, without } from './form.ts';
import { contains, isOperation, type Node, namesIn, node } from './node.ts';
import type { Reading } from './reading.ts';
import { stop } from './unreadable.ts';

type Sides = readonly [Node, Node, Node?];

/** Returns the form of a chain of relations: `x = 3`, `4 + 9 = 13`, `2x - y = 7`, `-1 < x ≤ 5`, `√2 ≈ 1.41`. */
export function relationForm({ value: relations, parts: sides }: Node, reading: Reading): Form {
  const almost = relations.indexOf('≈');
  if (almost >= 0) return approximationForm(relations, sides, almost, reading);
  if (/^=+$/.test(relations)) return equalityForm(sides, reading);
  const [left, middle, right] = sides as Sides;
  if (right === undefined && isLabel(left)) {
    if (relations === '∈') return reading.form(middle);
    if (relations === '≠') return without(reading.form(middle));
  }
  return inequalityForm(relations, sides as Sides, reading);
}

/** Whether a side names what the answer is: nothing, a name, `f(x)`, `(x, y)`. */
export const isLabel = (side: Node): boolean =>
  side.kind === 'name' || isApplication(side) || isNames(side) || isSegment(side);

/** Letters of points, such as those of a segment: `AB`. */
const isSegment = ({ value, parts }: Node): boolean =>
  (value === '·' && parts.every((part) => part.kind === 'name' && /^[A-Z]$/.test(part.value))) ||
  (value === '()' && parts.some(isSegment));

/** The most words that name a value. */
const MOST_WORDS = 8;

/** Words that make more of a value than its name. */
const NO_NAME =
  /\b(?:no|not|if|when|for|where|unless|except|is|are|has|have|does|do|can|cannot|any|between|than|least|most)\b/;

/** Whether a side names what the answer is in words: "Area = 5". */
const isWords = (side: Node): boolean =>
  contains(
    side,
    ({ kind, value }) => kind === 'words' && value.split(' ').length <= MOST_WORDS && !NO_NAME.test(value),
  );

/** A name before plain values in parentheses. Not the product `x(x + 1)`. */
const isApplication = ({ value, parts }: Node): boolean => {
  const [called, values] = parts;
  const name = called !== undefined && isOperation(called, '^') ? called.parts[0] : called;
  return (
    value === '·' &&
    parts.length === 2 &&
    name?.kind === 'name' &&
    values !== undefined &&
    (values.kind === 'tuple' || isOperation(values, '()')) &&
    values.parts.every((part) => /^(?:name|number|constant)$/.test(part.kind) && part.value !== name.value)
  );
};

const isNames = ({ kind, parts }: Node): boolean =>
  kind === 'tuple' && parts.every((part) => part.kind === 'name');

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
  if (labels.filter(({ kind, value: name }) => kind === 'name' && name !== '').length > 1)
    stop('it has several names for one value');
  if (isNames(label) && value.kind === 'tuple') return byName(label.parts, value, reading);
  if (label.kind !== 'name' || label.value === '') return reading.form(value);
  if (value.kind === 'name' && value.value === 'y') return reading.form(label);
  const names = namesIn(value);
  return names.includes(label.value) || names.includes('y')
    ? equationForm(label, value, reading)
    : reading.form(value);
}

/** The values of a tuple in the order of their names. */
const byName = (names: readonly Node[], { value, parts }: Node, reading: Reading): Form => {
  if (names.length !== parts.length) stop('it has not as many names as values');
  const pairs = names.map(({ value: name }, index) => ({ name, part: parts[index] as Node }));
  const sorted = pairs.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return reading.form(
    node(
      'tuple',
      value,
      sorted.map(({ part }) => part),
    ),
  );
};

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
  if (sides.slice(0, -1).some(isValueAndName)) stop('it may be several equations');
  const forms = sides.map((side) => ({ ...reading.form(side), isClosed: isClosed(side) }));
  const last = forms.at(-1) as (typeof forms)[number];
  const compared = last.isClosed ? forms.filter((form) => form.isClosed) : forms;
  return compared.every(({ key }) => key === last.key) ? last : stop('it has an equation that does not hold');
}

const REVERSED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '≤': '≥', '≥': '≤' };

/** The interval of an inequality for one name. */
function inequalityForm(relations: string, [left, middle, right]: Sides, reading: Reading): Form {
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
