import { contradictions } from '../reading/correction-words.ts';
import { isNegator } from '../reading/negation.ts';
import { baseAfter, boundAfter } from './number-prose.ts';
import { citationEnd, endsSentence } from './number-sentence.ts';
import { type Token, wordsAt } from './number-token.ts';
import { changers, continuations, numberWords, unspacedChanger } from './number-words.ts';
import { isNumber, quantityAt } from './quantity.ts';

/** Returns the reason if the clause after a comma continues with more of the answer: "3, 5 and 7", "42, or 43". */
export function continued(tokens: readonly Token[], start: number, value: number): string | undefined {
  const first = tokens[start];
  if (first === undefined) return undefined;
  const { kind, text } = first;
  if (boundAfter.test(wordsAt(tokens, start, 4))) return 'it is a bound';
  if (kind === 'power' || (kind === 'mark' && !/^[()[\]$.-]$/.test(text)))
    return 'it is followed by a symbol';
  const next = tokens[start + 1]?.text ?? '';
  const isMore =
    startsQuantity(tokens, start) ||
    (text === '(' && tokens[start + 2]?.text === ')' && startsQuantity(tokens, start + 3)) ||
    (continuations.has(text) && !isNegator(next)) ||
    (contradictions().has(text) && /^[,:]$/.test(next)) ||
    changers.has(text) ||
    (kind === 'unspaced' && unspacedChanger.test(text)) ||
    next === '=';
  return isMore && hasOther(tokens, start, value) ? 'it is followed by another number' : undefined;
}

/** Whether a sentence continues with a number of another value. */
export function hasOther(tokens: readonly Token[], start: number, value: number): boolean {
  for (let at = start; at < tokens.length && !endsSentence(tokens, at); at++) {
    const token = tokens[at] as Token;
    if (token.kind === 'word' && numberWords.has(token.text)) return true;
    if (isNumber(token) && !isSame(tokens, at, value)) return true;
  }
  return false;
}

/** Whether a quantity with an operator after it begins at `at`: the `6 × 7` of "42: 6 × 7". */
export const isCalculation = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.isSpaced === true &&
  /^[-+×÷/=]$/.test(tokens[quantityAt(tokens, at)?.end ?? tokens.length]?.text ?? '');

const startsQuantity = (tokens: readonly Token[], at: number): boolean =>
  quantityAt(tokens, at) !== undefined;

/** Returns the reason if brackets after a number hold another answer: "42 (or 43)", "42 (±3)", but not "42 (6 × 7)". */
export function remark(
  tokens: readonly Token[],
  start: number,
  end: number,
  value: number,
): string | undefined {
  const inner = tokens.slice(start, end);
  const first = inner[0];
  if (first === undefined) return undefined;
  if (/^(?:or|i\.e|that is)$/.test(first.text) && isSameQuantity(inner, 1, value)) return undefined;
  if (first.text === '±' || continuations.has(first.text) || first.text === '+')
    return 'brackets after it hold another number';
  const words = wordsAt(inner, 0, 4);
  if (boundAfter.test(words)) return 'it is a bound';
  if (baseAfter.test(words)) return 'it is not a decimal number';
  const quantity = quantityAt(inner, 0);
  if (quantity === undefined || quantity.end < inner.length) return undefined;
  // "0.05 (5%)".
  const isShare =
    inner.some(({ text }) => text === '%') && isNear((quantity.value ?? Number.NaN) / 100, value);
  return isShare || (quantity.value !== undefined && isNear(quantity.value, value))
    ? undefined
    : 'brackets after it hold another number';
}

/** Whether tokens are from `at` on nothing but a quantity of the same value. */
const isSameQuantity = (tokens: readonly Token[], at: number, value: number): boolean => {
  const quantity = quantityAt(tokens, at);
  return quantity?.value !== undefined && quantity.end === tokens.length && isNear(quantity.value, value);
};

/** Whether the quantity at `at` has the same value. */
export function isSame(tokens: readonly Token[], at: number, value: number): boolean {
  const signed = at > 0 && /^[-$+]$/.test(tokens[at - 1]?.text ?? '') ? at - 1 : at;
  return quantityAt(tokens, signed)?.value === value || quantityAt(tokens, at)?.value === value;
}

/** Whether one number is the other one rounded. */
export const isNear = (a: number, b: number): boolean =>
  a === b ||
  (!(Number.isInteger(a) && Number.isInteger(b)) &&
    Math.abs(a - b) <= 0.01 * Math.max(Math.abs(a), Math.abs(b)));

/** Whether the next sentence or line continues with another number that is not calculated with. */
export function isListedAfter(tokens: readonly Token[], start: number, value: number): boolean {
  const end = tokens.findIndex((_, at) => at >= start && endsSentence(tokens, at));
  if (end === -1) return false;
  let next = tokens.findIndex(({ kind, text }, at) => at > end && kind !== 'break' && text !== '.');
  if (next === -1) return false;
  if (tokens[next]?.text === '[') next = (citationEnd(tokens, next) ?? next) + 1;
  while (tokens[next]?.kind === 'mark' && !startsQuantity(tokens, next)) next++;
  return !isCalculation(tokens, next) && continued(tokens, next, value) !== undefined;
}
