import { readCore } from './number-core.ts';
import type { Token } from './number-token.ts';
import { type Measure, readUnits } from './number-units.ts';
import { numberOf } from './number-value.ts';
import { currencies, negatives, unspacedNegative } from './number-words.ts';

/** One quantity of a phrase, up to the token `end`: its value, or the reason if it is not one. */
export interface Quantity {
  readonly value?: number;
  readonly why?: string;
  readonly end: number;
}

/** What stands before a number: `≈`, its sign, a currency, brackets. */
interface Prefix {
  readonly end: number;
  readonly sign: 1 | -1;
  readonly isSigned: boolean;
  readonly isMoney: boolean;
  readonly brackets: readonly string[];
  readonly why?: string;
}

/** Reads the quantity that begins at the token `start`; `undefined` if none does. */
export function quantityAt(tokens: readonly Token[], start: number): Quantity | undefined {
  const prefix = readPrefix(tokens, start);
  const core = tokens[prefix.end];
  if (core === undefined || !isNumber(core)) return undefined;
  const fails = (why: string): Quantity => ({ why, end: prefix.end + 1 });
  if (prefix.why !== undefined) return fails(prefix.why);
  if (core.why !== undefined) return fails(core.why);
  const number = readCore(tokens, prefix.end);
  if (number.why !== undefined) return { why: number.why, end: number.end };
  const units = readUnits(tokens, number.end, { isMoney: prefix.isMoney, brackets: prefix.brackets.length });
  if (units.why !== undefined) return { why: units.why, end: units.end };
  if (units.open > 0 && /^[,;]$/.test(tokens[units.end]?.text ?? ''))
    return { why: 'it is a list', end: units.end };
  if (units.power === 0 && THOUSANDS.test(core.raw) && tokens.slice(start, units.end).some(isOfPoints))
    return { why: 'its point may separate thousands', end: units.end };
  return checked(core, prefix, units) ?? { ...numberOf(number, prefix.sign, units.power), end: units.end };
}

const THOUSANDS = /^[1-9]\d{0,2}\.\d{3}$/;

/** Currencies of countries that write a point between thousands. */
const isOfPoints = ({ raw }: Token): boolean =>
  /^(?:[€₫₺₲₡₽đ]|R\s?\\?\$|eur|euros?|rp|idr|vnd|brl|real|reais|try|dkk|sek|nok|kr|clp|cop|ars|pesos?)$/i.test(
    raw,
  );

/** Returns the reason if brackets, or a comma, may mean something else. */
function checked(core: Token, { brackets, isMoney, isSigned }: Prefix, units: Measure): Quantity | undefined {
  const { end, isMeasured } = units;
  if (core.isUnclear === true && !isMeasured) return { why: 'its comma may separate decimals or items', end };
  // `(100,200)` is a pair, or a number in brackets.
  if (core.hasComma === true && brackets.length > 0 && !(brackets.at(-1) === '(' && isMeasured))
    return { why: 'it is a list', end };
  // Accountants write a loss of $5 as ($5).
  if (brackets.at(-1) === '(' && isMoney && !isSigned)
    return { why: 'an amount in brackets may be a loss', end };
  return undefined;
}

function readPrefix(tokens: readonly Token[], start: number): Prefix {
  const brackets: string[] = [];
  let sign: 1 | -1 = 1;
  let signs = 0;
  let isMoney = false;
  let end = start;
  for (let token = tokens[end]; token !== undefined; token = tokens[++end]) {
    const next = tokens[end + 1];
    if (isSign(token, next)) {
      signs++;
      sign = token.text === '+' ? 1 : -1;
    } else if (token.text === '(' || token.text === '[') brackets.push(token.text);
    else if (isCurrency(token)) isMoney = true;
    else if (token.text !== '≈' && token.text !== '~' && !(token.text === '.' && isMoney)) break;
  }
  const why = signs > 1 ? 'it has two signs' : undefined;
  return { end, sign, isSigned: signs > 0, isMoney, brackets, ...(why !== undefined && { why }) };
}

/** A dash signs a number only if no blank is between them: `– 5` may be the fifth item. */
const isSign = ({ kind, text }: Token, next: Token | undefined): boolean =>
  kind === 'mark'
    ? text === '+' || text === '-' || (text === '–' && next?.isSpaced === false)
    : kind === 'word'
      ? negatives.has(text)
      : kind === 'unspaced' && unspacedNegative.test(text);

export const isCurrency = ({ kind, text }: Token): boolean =>
  kind === 'mark' ? text === '$' : kind === 'word' && currencies.has(text);

export const isNumber = (token: Token | undefined): boolean =>
  token?.kind === 'number' || token?.kind === 'fraction';
