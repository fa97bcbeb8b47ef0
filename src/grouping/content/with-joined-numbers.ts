import { cardinalOf, ordinalOf, scaleOf, scaleOfLetter } from './spelled-numbers.ts';
import { toWord, type Word } from './word.ts';

/**
 * Joins the words of one number: `twenty-one` becomes 21, `1.5 million` and `1.5M` 1500000, `one hundred and fifth` the ordinal of 105,
 * and `minus 5` -5.
 */
export const withJoinedNumbers = (words: readonly Word[]): Word[] => {
  const joined: Word[] = [];
  for (let at = 0; at < words.length; ) {
    const number = numberAt(words, at);
    const word = number?.word ?? words[at];
    if (word !== undefined) joined.push(word);
    at = number?.end ?? at + 1;
  }
  return joined;
};

/** The number that begins at a word, if there are several words of it, and the position after it. */
const numberAt = (words: readonly Word[], start: number): { word: Word; end: number } | undefined => {
  const isNegative = isMinus(words[start]) && words[start + 1]?.kind === 'number';
  const first = words[isNegative ? start + 1 : start];
  const isOne = first !== undefined && (first.form === 'one' || isArticleOf(first, words[start + 1]));
  if (first === undefined || !(first.kind === 'number' || isOne)) return undefined;
  const isSpelled = !/\d/.test(first.raw);
  let part = isOne ? 1 : Number(first.form);
  let total = 0;
  let end = isNegative ? start + 2 : start + 1;
  let kind: Word['kind'] = 'number';
  for (let at = end; kind === 'number'; at = end) {
    const hasAnd = words[at]?.form === 'and' && total + part >= 100;
    const next = words[hasAnd ? at + 1 : at];
    if (next === undefined || !/^[\s-]*$/.test(next.gap)) break;
    const word = next.raw.toLowerCase();
    const scale = scaleOf(next.form) ?? (next.gap === '' ? scaleOfLetter(next.raw) : undefined);
    const value = isSpelled ? (cardinalOf(word) ?? ordinalOf(word)) : undefined;
    if (scale !== undefined && !hasAnd && part > 0) {
      if (scale <= 100) part *= scale;
      else {
        total += part * scale;
        part = 0;
      }
    } else if (value !== undefined && value > 0 && hasRoomFor(value, total + part)) {
      part += value;
      if (ordinalOf(word) !== undefined) kind = 'ordinal';
    } else break;
    end = hasAnd ? at + 2 : at + 1;
  }
  if (end === start + 1) return undefined;
  const sum = (isNegative ? -1 : 1) * (total + part);
  const raw = words.slice(start, end).map((word) => word.raw);
  return {
    word: toWord({ form: kind === 'ordinal' ? `${sum}o` : String(sum), raw: raw.join(' '), kind }, first.gap),
    end,
  };
};

/** Whether "a" stands for one: "a hundred". */
const isArticleOf = (word: Word, next: Word | undefined): boolean =>
  word.form === 'a' && next !== undefined && scaleOf(next.form) !== undefined;

const isMinus = (word: Word | undefined): boolean => word?.form === 'minus' || word?.form === 'negative';

/** Whether this value can continue a number: 20 with 1 to 9, 100 with 1 to 99. */
const hasRoomFor = (value: number, sum: number): boolean =>
  sum % 100 === 0 ? sum > 0 && value < 100 : sum % 10 === 0 && sum % 100 >= 20 && value < 10;
