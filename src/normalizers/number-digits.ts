import { isDigit, isSpace, skipDigits } from './characters.ts';

/** Digits as they were read; `why` when their separators do not make one number. */
export interface Digits {
  /** The number as JavaScript writes it: no separators, a decimal point. */
  readonly plain: string;
  readonly why?: string;
  readonly end: number;
}

/** Digits with their separators: `1,234.5`, `1.234.567`, `1 234`, `1'234`, `0,5`. */
export function readDigits(text: string, start: number, limit: number): Digits {
  let at = skipDigits(text, start, limit);
  const separator = text.charCodeAt(at);
  if (separator !== 46 && separator !== 44 && !isGroupMark(separator))
    return { plain: text.slice(start, at), end: at };
  if (!isDigit(text.charCodeAt(at + 1)) || at + 1 >= limit) return { plain: text.slice(start, at), end: at };

  const grouped = start === at ? at : skipGroups(text, start, at, separator, limit);
  const groups = (grouped - at) / 4;
  let plain: string;
  const isGrouped = grouped > at && (groups !== 1 || separator !== 46 || isDecimal(text, grouped, 44));
  if (isGrouped) {
    plain = withoutSeparators(text, start, at, grouped);
    const mark = text.charCodeAt(grouped);
    at = grouped;
    if ((mark === 46 || mark === 44) && mark !== separator && isDigit(text.charCodeAt(grouped + 1))) {
      at = skipDigits(text, grouped + 1, limit);
      plain += `.${text.slice(grouped + 1, at)}`;
    }
  } else if (separator === 46 || separator === 44) {
    const end = skipDigits(text, at + 1, limit);
    plain = `${text.slice(start, at)}.${text.slice(at + 1, end)}`;
    at = end;
  } else return { plain: text.slice(start, at), end: at };

  const next = text.charCodeAt(at);
  if ((next === 46 || next === 44) && at + 1 < limit && isDigit(text.charCodeAt(at + 1))) {
    return { plain, why: 'its separators do not make one number', end: skipNumeral(text, at, limit) };
  }
  if (separator === 44 && start > 0 && opensList(text.charCodeAt(start - 1), isGrouped))
    return { plain, why: 'it is a list', end: at };
  return { plain, end: at };
}

/** A comma parts the items of `[1,2]`, `[1,234]` and `(1,2)`, but not the thousands of `(1,234)`. */
const opensList = (before: number, grouped: boolean): boolean => before === 91 || (before === 40 && !grouped);

/** Blanks that group (plain, no-break, thin, narrow), apostrophes, underscore. */
const isGroupMark = (code: number): boolean =>
  code === 32 ||
  code === 0xa0 ||
  code === 0x2009 ||
  code === 0x202f ||
  code === 39 ||
  code === 0x2019 ||
  code === 95;

const isDecimal = (text: string, at: number, mark: number): boolean =>
  text.charCodeAt(at) === mark && isDigit(text.charCodeAt(at + 1));

function skipNumeral(text: string, start: number, limit: number): number {
  let at = start;
  while (
    at < limit &&
    (isDigit(text.charCodeAt(at)) || text.charCodeAt(at) === 46 || text.charCodeAt(at) === 44)
  )
    at++;
  return at;
}

/** The end of the groups of three that follow the first one to three digits; `first` when there are none. */
function skipGroups(text: string, start: number, first: number, separator: number, limit: number): number {
  const lead = first - start;
  if (lead > 3 || text.charCodeAt(start) === 48) return first;
  let at = first;
  while (at + 3 < limit && text.charCodeAt(at) === separator && threeDigits(text, at + 1)) {
    // Four digits after the separator are no group, and neither is then anything before them, except for blanks.
    if (at + 4 < limit && isDigit(text.charCodeAt(at + 4))) return isSpace(separator) ? at : first;
    at += 4;
  }
  return at;
}

const threeDigits = (text: string, at: number): boolean =>
  isDigit(text.charCodeAt(at)) && isDigit(text.charCodeAt(at + 1)) && isDigit(text.charCodeAt(at + 2));

/** The digits of `1,234,567`: the first group, then every three after a separator. */
function withoutSeparators(text: string, start: number, first: number, end: number): string {
  let plain = text.slice(start, first);
  for (let at = first; at < end; at += 4) plain += text.slice(at + 1, at + 4);
  return plain;
}
