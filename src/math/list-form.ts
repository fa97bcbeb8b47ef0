import { combined, type Form, setOf, tupleOf, without } from './form.ts';
import { isLabel } from './labels.ts';
import { type Node, node } from './node.ts';
import { printExpression } from './print-expression.ts';
import type { Reading } from './reading.ts';
import { stop } from './unreadable.ts';

/** The most texts that are an answer together. */
const MOST_TEXTS = 4;

/** Returns the form of several answers: a set of values, a tuple of what names are, a union of inequalities. */
export function listForm({ value, parts }: Node, reading: Reading): Form {
  if (parts.length === 0) stop('it is empty');
  const separators = value.split(' ');
  const relations = new Set(parts.map(relationOf));
  const [relation = '', ...others] = relations;
  if (others.length === 0 && relation === '=') return assignments(parts, separators, reading);
  if (others.length === 0 && relation === '≠')
    return without(setOf(parts.map((part) => sideForm(part, reading))));
  if (others.length === 0 && relation !== '') return inequalities(parts, separators, reading);
  // A name is written once, before the first of its values.
  if (
    relations.size === 2 &&
    relations.has('') &&
    /[=≠]/.test(relation) &&
    relationOf(parts[1] as Node) === ''
  ) {
    const [first, ...rest] = parts as [Node, ...Node[]];
    const own = relation === '=' ? reading.form(first) : sideForm(first, reading);
    const values = setOf([own, ...rest.map(reading.form)]);
    if (own.key !== sideForm(first, reading).key) stop('its names are not in order');
    return relation === '=' ? values : without(values);
  }
  if (relation !== '' || others.length > 0) return stop('it has several relations');
  return valuesForm(parts, reading);
}

/** Returns the relation of a name and a value; \`<\` of other relations, none of a value. */
const relationOf = ({ kind, value, parts }: Node): string => {
  if (kind !== 'relation') return '';
  const [left] = parts;
  return (value === '=' || value === '≠') && left !== undefined && isLabel(left) ? value : '<';
};

/** Returns the name that a relation is about. */
const nameOf = (relation: Node): string => {
  const [left] = relation.parts;
  const named = relation.parts.find(({ kind }) => kind === 'name');
  return printExpression(relationOf(relation) === '<' ? (named ?? relation) : (left ?? relation));
};

const sideForm = ({ parts }: Node, reading: Reading): Form => reading.form(parts[1] as Node);

/** The forms of the members of a set. A value with ± is two of them. */
export const membersOf = (parts: readonly Node[], reading: Reading): readonly Form[] =>
  parts.flatMap((part) => {
    const form = reading.form(part);
    return part.kind === 'set' ? form : (form.members ?? form);
  });

const valuesForm = (parts: readonly Node[], reading: Reading): Form => {
  const texts = parts.filter(({ kind }) => kind === 'words').length;
  if (texts > 0 && (texts < parts.length || texts > MOST_TEXTS)) stop('it has words');
  const units = parts.flatMap(({ kind, value }) => (kind === 'unit' ? value.replace(/s$/, '') : []));
  if (new Set(units).size > 1) stop('its values have several units');
  const forms = membersOf(parts, reading);
  return forms.every(({ key }) => key.includes('∞')) ? combined(forms, '∪') : setOf(forms);
};

/** What names are: a tuple in the order of the names, or a set if it is one name. "Or" divides several of either. */
function assignments(parts: readonly Node[], separators: readonly string[], reading: Reading): Form {
  const divider = separators.includes('or') ? 'or' : separators.includes(',') ? ';' : '';
  const groups: Node[][] = [[]];
  parts.forEach((part, index) => {
    groups.at(-1)?.push(part);
    if (separators[index] === divider) groups.push([]);
  });
  const names = groups.map((group) => group.map(nameOf).sort().join(' '));
  const isOneName = new Set(parts.map(nameOf)).size === 1;
  if (isOneName) return setOf(parts.map((part) => reading.form(part)));
  if (new Set(names).size > 1) stop('it does not say the same names each time');
  return setOf(groups.map((group) => byName(group, reading)));
}

const byName = (group: readonly Node[], reading: Reading): Form => {
  const sorted = group.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  if (new Set(group.map(nameOf)).size < group.length) stop('it has two values for one name');
  return group.length === 1
    ? stop('it has one of several names')
    : tupleOf(sorted.map((part) => sideForm(part, reading)));
};

/** Inequalities for one name: with "or" between them their union; a lower and an upper one with "and" an interval. */
function inequalities(parts: readonly Node[], separators: readonly string[], reading: Reading): Form {
  if (new Set(parts.map(nameOf)).size > 1) stop('it has inequalities for several names');
  if (separators.every((separator) => separator === 'or')) return combined(parts.map(reading.form), '∪');
  const [low, high] = parts.toSorted((one, other) => Number(isUpper(one)) - Number(isUpper(other))) as [
    Node,
    Node,
  ];
  const isRange = parts.length === 2 && separators[0] === 'and' && !isUpper(low) && isUpper(high);
  return isRange ? reading.form(rangeOf(low, high)) : stop('it is not clear whether it is a union');
}

/** Whether an inequality bounds a name from above. */
const isUpper = ({ value, parts }: Node): boolean => /[<≤]/.test(value) === (parts[0]?.kind === 'name');

/** Returns two inequalities as one: a < x < b. */
const rangeOf = (low: Node, high: Node): Node => {
  const [bounds, signs] = [
    [low, high].map(
      ({ parts }) => parts.find(({ kind }) => kind !== 'name') ?? stop('it has an inequality of names'),
    ),
    [low, high].map(({ value }) => (/[≤≥]/.test(value) ? '≤' : '<')),
  ];
  return node('relation', signs.join(''), [bounds[0] as Node, node('name', nameOf(low)), bounds[1] as Node]);
};
