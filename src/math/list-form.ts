import { combined, type Form, intervalOf, setOf, tupleOf, without } from './form.ts';
import { isLabel } from './labels.ts';
import { groupsOf, type Node } from './node.ts';
import { printExpression } from './print-expression.ts';
import type { Reading } from './reading.ts';
import { CUT_OFF, stop, UNCLEAR, WORDS } from './unreadable.ts';

/** The most texts that are an answer together. */
const MOST_TEXTS = 4;

/** Returns the form of several answers: a set of values, a tuple of what names are, a union of inequalities. */
export function listForm(list: Node, reading: Reading): Form {
  const { value, parts } = list;
  const separators = value.split(' ');
  const [first, ...others] = parts.map(relationOf);
  if (first === undefined) return stop(CUT_OFF);
  const next = others[0] ?? first;
  // A name may be written once, before the first of its values.
  if (others.some((relation) => relation !== next) || (next !== first && (next !== '' || first === '<')))
    stop(UNCLEAR);
  if (first === '≠') return without(setOf(parts.map((part) => reading.form(sideOf(part)))));
  if (next === '') return valuesForm(parts, first, reading);
  return first === '=' ? assignments(list, reading) : inequalities(parts, separators, reading);
}

/** Returns the relation of a name and a value; `<` of other relations, none of a value. */
const relationOf = ({ kind, value, parts }: Node): string => {
  if (kind !== 'relation') return '';
  return /^[=≠]$/.test(value) && parts.slice(0, 1).every(isLabel) ? value : '<';
};

/** Returns the name that a relation is about. */
const nameOf = (relation: Node): string =>
  printExpression(
    (relationOf(relation) === '<' ? relation.parts.find(({ kind }) => kind === 'name') : relation.parts[0]) ??
      relation,
  );

const sideOf = (part: Node): Node => (part.kind === 'relation' ? (part.parts[1] as Node) : part);

/** The forms of the members of a set. A value with ± is two of them. */
export const membersOf = (parts: readonly Node[], reading: Reading): readonly Form[] =>
  parts.flatMap((part) => {
    const form = reading.form(part);
    return part.kind === 'set' ? form : (form.members ?? form);
  });

function valuesForm(parts: readonly Node[], relation: string, reading: Reading): Form {
  const texts = parts.filter(({ kind }) => kind === 'words').length;
  if (texts > 0 && (texts < parts.length || texts > MOST_TEXTS)) stop(WORDS);
  const units = parts.flatMap(({ kind, value }) => (kind === 'unit' ? value.replace(/s$/, '') : []));
  if (new Set(units).size > 1) stop(UNCLEAR);
  // A name that changes its value, as in `(y, x) = (1, 2), (3, 4)`, says more than the values.
  const [one, ...rest] = parts as [Node, ...Node[]];
  if (relation !== '' && reading.form(one).key !== reading.form(sideOf(one)).key) stop(UNCLEAR);
  const forms = membersOf([sideOf(one), ...rest], reading);
  return forms.every(({ key }) => key.includes('∞')) ? combined(forms, '∪') : setOf(forms);
}

/** What names are: a tuple in the order of the names, or a set if it is one name. "Or" divides several of either. */
function assignments(list: Node, reading: Reading): Form {
  const { value, parts } = list;
  if (new Set(parts.map(nameOf)).size === 1) return setOf(parts.map(reading.form));
  const divider = value.includes('or') ? 'or' : value.includes(',') ? ';' : '';
  const sorted = groupsOf(list, divider).map((group) =>
    group.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)),
  );
  const names = new Set(sorted.map((group) => String(group.map(nameOf))));
  const isClear = sorted.every(
    (group) => group.length > 1 && new Set(group.map(nameOf)).size === group.length,
  );
  if (names.size > 1 || !isClear) stop(UNCLEAR);
  return setOf(sorted.map((group) => tupleOf(group.map((part) => reading.form(sideOf(part))))));
}

/** Inequalities for one name: with "or" between them their union; a lower and an upper one with "and" an interval. */
function inequalities(parts: readonly Node[], separators: readonly string[], reading: Reading): Form {
  if (new Set(parts.map(nameOf)).size > 1) stop(UNCLEAR);
  const forms = parts.map(reading.form);
  if (separators.every((separator) => separator === 'or')) return combined(forms, '∪');
  const low = forms.find(({ ends }) => ends?.[1].key === '∞');
  const high = forms.find(({ ends }) => ends?.[0].key === '-∞');
  return low?.ends && high?.ends && forms.length === 2 && separators[0] === 'and'
    ? intervalOf(low.ends[0], high.ends[1], low.text.charAt(0) + high.text.slice(-1))
    : stop(UNCLEAR);
}
