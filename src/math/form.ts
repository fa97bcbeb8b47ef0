/** What an answer, or a part of one, comes to. */
export interface Form {
  /** The text under which it is counted. */
  readonly key: string;
  /** The answer as people write it. */
  readonly text: string;
  /** Its value, if it is a real number. */
  readonly number?: number;
  /** The number that it is sorted by: its value, or the lower end of an interval. */
  readonly order?: number;
  /** The members of a set of two or more. */
  readonly members?: readonly Form[];
  /** The ends of an interval. */
  readonly ends?: readonly [Form, Form];
}

/** By number, and then by key. Forms without a number come last: compared with numbers by their keys, they could form a circle. */
const compare = (one: Form, other: Form): number =>
  (one.order ?? Number.POSITIVE_INFINITY) - (other.order ?? Number.POSITIVE_INFINITY) ||
  (one.key < other.key ? -1 : 1);

/** Returns forms in one order, each once. */
const sorted = (forms: readonly Form[]): readonly Form[] =>
  [...new Map(forms.map((form) => [form.key, form])).values()].sort(compare);

const joined = (forms: readonly Form[], opening: string, separator: string, closing: string): Form => {
  const join = (texts: readonly string[]): string => opening + texts.join(separator) + closing;
  return { key: join(forms.map(({ key }) => key)), text: join(forms.map(({ text }) => text)) };
};

/** A set; the order of its members does not matter. A set of one is its member. */
export const setOf = (forms: readonly Form[]): Form => {
  const members = sorted(forms);
  const [only] = members;
  if (only === undefined) return { key: '∅', text: '∅' };
  return members.length === 1 ? only : { ...joined(members, '{', ', ', '}'), members };
};

/** Forms in the given order within brackets. */
export const tupleOf = (forms: readonly Form[], brackets = '()'): Form => ({
  ...joined(forms, brackets.charAt(0), ', ', brackets.charAt(1)),
  ...(forms[0]?.order !== undefined && { order: forms[0].order }),
});

/** Forms with a sign between them. The order of those of a union does not matter. */
export const combined = (forms: readonly Form[], sign: string): Form => {
  const parts = sign === '∖' || sign === ':' ? forms : sorted(forms);
  const [only] = parts;
  return parts.length === 1 && only !== undefined
    ? only
    : joined(parts, '', sign === ':' ? sign : ` ${sign} `, '');
};

export const INFINITY: Form = { key: '∞', text: '∞', order: Number.POSITIVE_INFINITY };

export const MINUS_INFINITY: Form = { key: '-∞', text: '-∞', order: Number.NEGATIVE_INFINITY };

const isInfinite = ({ key }: Form): boolean => /^-?∞$/.test(key);

/** An interval. An end in infinity is open. */
export const intervalOf = (low: Form, high: Form, brackets: string): Form => ({
  ...tupleOf(
    [low, high],
    (isInfinite(low) ? '(' : brackets.charAt(0)) + (isInfinite(high) ? ')' : brackets.charAt(1)),
  ),
  ends: [low, high],
});

/** All real numbers. */
export const REALS = intervalOf(MINUS_INFINITY, INFINITY, '()');

/** All real numbers but these. */
export const without = (points: Form): Form => {
  const ends = points.members ?? [points];
  if (ends.some(({ order }) => order === undefined)) return combined([REALS, points], '∖');
  return combined(
    [...ends, INFINITY].map((end, index) => intervalOf(ends[index - 1] ?? MINUS_INFINITY, end, '()')),
    '∪',
  );
};
