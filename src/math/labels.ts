/** What a side of a relation calls the answer, such as the `x` of `x = 5`. */
import { contains, isOperation, type Node } from './node.ts';

/** Whether a side names what the answer is: nothing, a name, `f(x)`, `(x, y)`. */
export const isLabel = (side: Node): boolean =>
  side.kind === 'name' || isApplication(side) || isNames(side) || isSegment(side);

/** Letters of points, such as those of a segment: `AB`. */
const isSegment = ({ value, parts }: Node): boolean =>
  (value === '·' && parts.every((part) => part.kind === 'name' && /^[A-Z]$/.test(part.value))) ||
  ((value === '()' || value === 'abs') && parts.some(isSegment));

/** The most words that name a value. */
const MOST_WORDS = 8;

/** Words that make more of a value than its name. */
const NO_NAME =
  /\b(?:no|not|if|when|for|where|unless|except|is|are|has|have|does|do|can|cannot|any|between|than|least|most)\b/;

/** Whether a side names what the answer is in words: "Area = 5". */
export const isWords = (side: Node): boolean =>
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
    values.parts.every(
      (part) => /^(?:name|number|constant|relation)$/.test(part.kind) && part.value !== name.value,
    )
  );
};

export const isNames = ({ kind, parts }: Node): boolean =>
  kind === 'tuple' && parts.every((part) => part.kind === 'name');
