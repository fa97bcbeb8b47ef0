/** What a side of a relation calls the answer, such as the `x` of `x = 5`. */
import { calledName, contains, isOperation, type Node, namesIn } from './node.ts';

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

/** A function of names, of values without names, or of a relation: `f(x)`, `f(1/2)`, `P(X > 2)`. */
const isApplication = ({ value, parts }: Node): boolean => {
  const [called, ...values] = parts;
  const name = calledName(called);
  return (
    name !== undefined &&
    (value === 'apply' || (value === '·' && isOperation(values[0] as Node, '()') && parts.length === 2)) &&
    values.every((part) => isPlain(part, name))
  );
};

const isPlain = (part: Node, name: string): boolean =>
  isOperation(part, '()')
    ? part.parts.every((inner) => isPlain(inner, name))
    : namesIn(part).length === 0 || (/^(?:name|relation)$/.test(part.kind) && part.value !== name);

export const isNames = ({ kind, parts }: Node): boolean =>
  kind === 'tuple' && parts.every((part) => part.kind === 'name');
