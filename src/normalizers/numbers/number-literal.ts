import { matchAt } from '../reading/sticky.ts';
import { readDigits } from './number-digits.ts';
import type { Token } from './number-token.ts';

/** `e5`, `E-5`. */
const EXPONENT = /[eE]([+\u2212-]?\d+)(?![\p{L}\d]|[.,]\d)/uy;

/** ` × 10^6`, ` x 10²`. */
const TIMES_TEN =
  /\s*(?:[xX×·⋅∙*]|\\times|\\cdot)\s*10\s*(?:(?:\^|\*\*)\s*\{?\s*([+\u2212-]?\s*\d{1,4})(?:\s*\})?(?![.,]?\d)|([\u00b2\u00b3\u00b9\u2070-\u207b]+))/y;

/** The power of `10^6`. */
const OF_TEN =
  /\s*(?:(?:\^|\*\*)\s*\{?\s*([+\u2212-]?\s*\d{1,4})(?:\s*\})?(?![.,]?\d)|([\u00b2\u00b3\u00b9\u2070-\u207b]+))/y;

/** The base of a number: `101_{2}`, `101₂`; but not the `_` that ends emphasis. */
const BASE = /_\s*(?:\{[^{}]{0,20}\}?|(?=\\))|[\u2080-\u2089]+/y;

const DECIMAL = /^(?:_\s*\{\s*(?:10|ten)\s*\}|\u2081\u2080)$/;

/** Reads the number at `start`, with its power of ten. */
export function numberAt(text: string, start: number, isSpaced: boolean): Token {
  const { plain, end, why, isUnclear = false, hasComma = false } = readDigits(text, start);
  const token = {
    kind: 'number',
    raw: text.slice(start, end),
    start,
    isSpaced,
    isUnclear,
    hasComma,
  } as const;
  if (why !== undefined) return { ...token, text: plain, end, why };
  if (plain === '0' && /^[xob][\da-f]/i.test(text.slice(end, end + 2)))
    return { ...token, text: plain, end: end + 1, why: 'it is not a decimal number' };
  const base = matchAt(BASE, text, end);
  if (base !== null)
    return DECIMAL.test(base[0])
      ? { ...token, text: plain, end: end + base[0].length }
      : { ...token, text: plain, end, why: 'it is not a decimal number' };
  const exponent = matchAt(EXPONENT, text, end);
  if (exponent !== null)
    return {
      ...token,
      text: `${plain}e${exponent[1]?.replace('\u2212', '-')}`,
      end: end + exponent[0].length,
    };
  const power = matchAt(plain === '10' ? OF_TEN : TIMES_TEN, text, end);
  if (power === null) return { ...token, text: plain, end };
  const [written, digits = '', superscript = ''] = power;
  const ten = (digits + superscript)
    .replace(/\s/g, '')
    .normalize('NFKC')
    .replace(/\u2212/g, '-');
  return /^[+-]?\d+$/.test(ten)
    ? { ...token, text: `${plain === '10' ? '1' : plain}e${ten}`, end: end + written.length }
    : { ...token, text: plain, end: end + written.length, why: 'its power is not a number' };
}

/** Returns the value of `½`. */
export function vulgarFraction(character: string): number | undefined {
  if (!/[\u00bc-\u00be\u2150-\u215e\u2189]/.test(character)) return undefined;
  const [dividend, divisor] = character.normalize('NFKC').split('\u2044');
  return Number(dividend) / Number(divisor);
}
