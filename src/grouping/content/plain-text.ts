import { fold } from '../../normalizers/reading/fold.ts';
import { monthNames } from './months.ts';

/**
 * Returns a text in one spelling for comparisons: without accents, with plain quotation marks and dashes, without
 * footnote marks such as `[^1^]` and without the numbers of a list.
 */
export const plainText = (text: string): string => {
  const unmarked = text
    .replace(footnotes, ' ')
    .replace(isoDates, inWords)
    .replace(listNumbers, '$1')
    .replace(runTogether, '$1 ');
  return isAscii(unmarked) ? unmarked : inAscii(fold(unmarked));
};

const footnotes = /\[\^?\d+\^?\]/g;

/** `1.` and `2)` at the beginnings of lines. */
const listNumbers = /(^|\n)[ \t]*\d{1,2}[.)][ \t]+/g;

/** 1950-06-03. */
const isoDates = /\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b/g;

const inWords = (_date: string, year: string, month: string, day: string): string =>
  `${day} ${monthNames[Number(month) - 1]} ${year}`;

/** A small word that copying glued to the name after it: `byMarco`. */
const runTogether = /(?<=[ .,]|^)(by|in|of|the|and|is|was|to|from)(?=[A-Z][a-z])/g;

const beyondAscii = /[^\0-\x7f]/;

export const isAscii = (text: string): boolean => !beyondAscii.test(text);

const inAscii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(accents, '')
    .replace(marks, (mark) => spellings[mark] ?? mark)
    .normalize('NFC');

/** Not every mark: in Hindi or Thai, marks are vowels. */
const accents = /[\u0300-\u036f]+/g;

const marks = /[\u2018\u2019\u02bc\u2010-\u2015\u2212\u201c\u201dßøØłŁæÆœŒđĐ]/g;

const spellings: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u02bc': "'",
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u201c': '"',
  '\u201d': '"',
  ß: 'ss',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  đ: 'd',
  Đ: 'D',
};
