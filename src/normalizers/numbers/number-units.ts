import type { Token } from './number-token.ts';
import {
  changers,
  currencies,
  divisorLetters,
  functions,
  scales,
  unitLetters,
  units,
  unitWords,
  unspacedScales,
} from './number-words.ts';

/** What follows a number and belongs to it. */
export interface Measure {
  readonly end: number;
  /** The power of ten of "million". */
  readonly power: number;
  /** The brackets before the number that are still open. */
  readonly open: number;
  /** Whether a unit, a currency or a scale shows that the number is a single one. */
  readonly isMeasured: boolean;
  readonly why?: string;
}

/** Reads scales, units, percent signs, currencies and closing brackets after a number. */
export function readUnits(
  tokens: readonly Token[],
  start: number,
  { isMoney, brackets }: { readonly isMoney: boolean; readonly brackets: number },
): Measure {
  let end = start;
  let open = brackets;
  let power = 0;
  let isMeasured = isMoney;
  const fails = (why: string): Measure => ({ end, power, open, isMeasured, why });
  for (let token = tokens[end]; token !== undefined; token = tokens[end]) {
    const { kind, text } = token;
    if ((text === ')' || text === ']') && open > 0) {
      open--;
      end++;
    } else if (text === '°' || text === '%' || text === '$') {
      isMeasured = true;
      end += text === '°' && isTemperature(tokens[end + 1]) ? 2 : 1;
    } else if (kind === 'power') {
      if (end === start) return fails('it is a power');
      end++;
    } else if (text === '-' && !token.isSpaced && tokens[end + 1]?.isSpaced === false) {
      if (scales()[tokens[end + 1]?.text ?? ''] === undefined) break;
      end++;
    } else if (text === '/' || (text === '×' && isMeasured)) {
      const divisor = tokens[end + 1];
      const close = divisor?.text === '(' && isMeasured ? unitsEnd(tokens, end + 2) : undefined;
      if (close === undefined && (divisor === undefined || !isDivisor(divisor, text))) break;
      end = close ?? end + 2;
    } else if (kind === 'name' && !token.isSpaced) return fails('it is an expression');
    else if (kind === 'word' || kind === 'unspaced') {
      const scale = scaleOf(tokens, end, isMoney);
      if (typeof scale === 'string') return fails(scale);
      if (scale !== undefined && power > 0) return fails('it has two scales');
      power += scale ?? 0;
      const isUnit = scale !== undefined || isUnitAt(tokens, end);
      if (!isUnit && !token.isSpaced && kind === 'word' && !isNoun(text)) return fails('it is an expression');
      if (!isUnit && isVariable(tokens, end)) return fails('it is an expression');
      if (!isUnit) break;
      isMeasured = true;
      end++;
    } else break;
  }
  return { end, power, open, isMeasured };
}

/** Returns the position after the brackets of `J/(kg·K)`. */
function unitsEnd(tokens: readonly Token[], start: number): number | undefined {
  for (let at = start; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token;
    if (text === ')') return at + 1;
    if (kind !== 'word' && kind !== 'power' && text !== '×') return undefined;
  }
  return undefined;
}

const isTemperature = (token: Token | undefined): boolean =>
  token?.kind === 'word' && /^(?:c|f|k|celsius|fahrenheit|kelvin)$/.test(token.text);

const isDivisor = ({ kind, text }: Token, mark: string): boolean =>
  kind === 'word' &&
  (text.length === 1 ? divisorLetters.has(text) : mark === '/' || units.has(text) || unitWords.has(text));

/** The letters for thousands, millions and billions. In `5m` and `5 K` they may be a unit as well. */
const SCALE_LETTERS: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6, B: 9 };
const MONEY_LETTERS: Readonly<Record<string, number>> = { k: 3, m: 6, b: 9, t: 12, mm: 6 };

/** Returns the power of ten of the word at `at`, the reason if people differ about it, `undefined` if it is no scale. */
function scaleOf(tokens: readonly Token[], at: number, isMoney: boolean): number | string | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  const { kind, text, isSpaced, raw } = token;
  if (kind === 'unspaced') return unspacedScales[text.charAt(0)];
  const word = scales()[text];
  if (word !== undefined) return word;
  const isLast = tokens[at + 1]?.kind !== 'word' || tokens[at + 1]?.isSpaced === true;
  if (isMoney && isLast && MONEY_LETTERS[text] !== undefined) return MONEY_LETTERS[text];
  if (!isSpaced && SCALE_LETTERS[raw] !== undefined) return SCALE_LETTERS[raw];
  return /^[kmbt]$/i.test(raw) && raw !== 'm' && raw !== 't'
    ? 'its letter may be a scale or a unit'
    : undefined;
}

function isUnitAt(tokens: readonly Token[], at: number): boolean {
  const { kind, text, isSpaced, raw } = tokens[at] as Token;
  if (kind === 'unspaced') return false;
  if (text.length > 1) return units.has(text) || unitWords.has(text) || isMoneyWord(text);
  const next = tokens[at + 1];
  // "5 m" is a length; "5 a day" and "5 I think" continue in words.
  return isSpaced
    ? unitLetters.has(raw) && !(next?.kind === 'word' && next.isSpaced && raw === 'A')
    : units.has(text) && !/^[WGv]$/.test(raw);
}

const isMoneyWord = (text: string): boolean => text.length > 2 && currencies.has(text);

/** A word that is written onto its number by mistake: `42apples`. */
const isNoun = (text: string): boolean =>
  text.length > 3 &&
  !changers.has(text) &&
  ![...functions].some((name) => name.length > 2 && text.startsWith(name));

/** Whether the word at `at` is one letter that is not a word: the `x` of `3 x`. */
function isVariable(tokens: readonly Token[], at: number): boolean {
  const { kind, text } = tokens[at] as Token;
  if (kind !== 'word' || text.length > 1) return false;
  const next = tokens[at + 1];
  return !(/^[aieoyàи]$/.test(text) && next?.kind === 'word' && next.isSpaced);
}
