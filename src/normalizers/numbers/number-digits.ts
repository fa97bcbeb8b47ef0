import { isDigit, skipDigits } from '../reading/characters.ts';

/** The digits of one number with their separators: `1,234.5`, `1.234.567`, `12,34,567`, `1 234`, `1'234`, `0,5`. */
export interface Digits {
  /** The number as JavaScript writes it: no separators, a decimal point. */
  readonly plain: string;
  readonly end: number;
  /** The reason if they are not one number. */
  readonly why?: string;
  /** Whether they have a comma that separates decimals, or the items of a list: `12,34`. */
  readonly isUnclear?: boolean;
  readonly hasComma?: boolean;
}

/** Reads digits and their separators from `start`, a digit or a decimal point. */
export function readDigits(text: string, start: number): Digits {
  let end = skipDigits(text, start);
  const groups = [text.slice(start, end)];
  const marks: string[] = [];
  while (isDigit(text.charCodeAt(end + 1)) && continues(text, end, groups, marks)) {
    marks.push(text.charAt(end));
    const next = skipDigits(text, end + 1);
    groups.push(text.slice(end + 1, next));
    end = next;
  }
  return { ...joined(groups, marks), end };
}

/** Whether the character at `at` separates more digits of the same number. */
function continues(text: string, at: number, groups: readonly string[], marks: readonly string[]): boolean {
  const mark = text.charAt(at);
  if (mark === '.' || mark === ',' || mark === '_') return true;
  if (!groupMarks.includes(mark)) return false;
  const isFirst = marks.length === 0;
  return (
    (isFirst || marks.every((other) => other === mark)) &&
    (isFirst ? opensGroups(groups[0] ?? '') : true) &&
    skipDigits(text, at + 1) === at + 4
  );
}

/** The separators of groups that are also found between two numbers: a group of four digits is the next number. */
const groupMarks = " \u00a0\u2009\u202f'\u2019";

const opensGroups = (group: string): boolean => /^[1-9]\d{0,2}$/.test(group);

const isThousands = ([first = '', ...others]: readonly string[]): boolean =>
  opensGroups(first) && others.every((group) => group.length === 3);

/** `12,34,567`: the last group has three digits, the others two. */
const isIndian = ([first = '', ...others]: readonly string[]): boolean =>
  /^[1-9]\d?$/.test(first) &&
  others.every((group, index) => group.length === (index === others.length - 1 ? 3 : 2));

type Joined = Omit<Digits, 'end'>;

const none: Joined = { plain: '', why: 'its separators do not make one number' };

function joined(groups: readonly string[], marks: readonly string[]): Joined {
  const last = marks.at(-1);
  if (last === undefined) return { plain: groups[0] ?? '' };
  if (marks.every((mark) => mark === last)) return oneSeparator(groups, last);
  const whole = groups.slice(0, -1);
  const [thousands = ''] = marks;
  const isOne =
    (last === '.' || last === ',') && marks.slice(0, -1).every((mark) => mark === thousands && mark !== last);
  if (!isOne || !(isThousands(whole) || (thousands === ',' && isIndian(whole)))) return none;
  return { plain: `${whole.join('')}.${groups.at(-1)}`, hasComma: true };
}

function oneSeparator(groups: readonly string[], mark: string): Joined {
  const plain = groups.join('');
  const [whole = '', decimals = '', ...others] = groups;
  if (others.length === 0 && mark === '.') return { plain: `${whole}.${decimals}` };
  if (mark === ',') {
    if (isThousands(groups) || (others.length > 0 && isIndian(groups))) return { plain, hasComma: true };
    if (others.length > 0) return none;
    // A list is not written `0,125` or `3,14159`. `1,2345` may be 12345 in groups of four digits.
    const isUnclear = decimals.length < 3 || whole.length > 3 || (decimals.length < 5 && whole !== '0');
    return { plain: `${whole}.${decimals}`, isUnclear, hasComma: true };
  }
  return isThousands(groups) ? { plain } : none;
}
