import { partOf } from './number-clause.ts';
import { isSame } from './number-list.ts';
import { OPAQUE } from './number-marks.ts';
import { endsSentence } from './number-sentence.ts';
import type { Token } from './number-token.ts';
import { functions, unitLetters } from './number-words.ts';
import { isNumber, quantityAt } from './quantity.ts';

/** A number, the reason if a text has one that cannot be read, or `undefined` if it has none. */
export type NumberReading = { readonly value: number } | { readonly why: string } | undefined;

const isEquals = (token: Token | undefined): boolean => token?.text === '=' || token?.text === '≈';

/**
 * Reads the end of a calculation: "40 + 2 = 42", "2 * 3 = 6, 6 * 7 = 42". Every earlier result must be used later, so
 * that "x = 3, y = 5" has no answer.
 */
export function readCalculation(tokens: readonly Token[]): NumberReading {
  const equals = tokens.findLastIndex(isEquals);
  if (equals === -1) return undefined;
  const result = quantityAt(tokens, equals + 1);
  if (result?.value === undefined) return { why: 'its last equation does not end with one number' };
  const { value, end } = result;
  const why =
    partOf(tokens, end, value) ??
    (isFollowedByOther(tokens, end, value) ? 'it is followed by another number' : undefined) ??
    sideFault(leftSide(tokens, equals), value) ??
    (isAside(tokens, equals) ? 'it is followed by another number' : undefined) ??
    (hasUnusedResult(tokens, equals, value) ? 'it has several results' : undefined);
  return why === undefined ? { value } : { why };
}

/** Whether a later sentence has another number: the result may be that of a step. */
function isFollowedByOther(tokens: readonly Token[], start: number, value: number): boolean {
  const end = tokens.findIndex((_, at) => at >= start && endsSentence(tokens, at));
  return end !== -1 && tokens.some((token, at) => at > end && isNumber(token) && !isSame(tokens, at, value));
}

/** Returns the tokens between an equals sign and what is before its equation. */
function leftSide(tokens: readonly Token[], equals: number): readonly Token[] {
  const start = tokens.findLastIndex(
    (token, at) =>
      at < equals &&
      (isEquals(token) || separators.has(token.text) || (token.kind === 'word' && openers.has(token.text))),
  );
  return tokens.slice(start + 1, equals);
}

const separators = new Set([',', ';', ':', '.', '⇒', '\n', '…']);
const openers = new Set(['so', 'then', 'therefore', 'thus', 'hence', 'is', 'that']);

/** Whether `≈` begins a remark rather than end a calculation: "98, also ≈ 100". */
const isAside = (tokens: readonly Token[], equals: number): boolean =>
  tokens[equals]?.text === '≈' &&
  !leftSide(tokens, equals).some(isNumber) &&
  tokens.slice(0, equals).some(isNumber);

/** Returns the reason if what is left of `=` neither names the value nor calculates it: `2x = 10`, `1 km = 1000 m`. */
function sideFault(side: readonly Token[], value: number): string | undefined {
  if (side.some(({ text }) => text === '<' || text === '±')) return 'it is a comparison';
  if (operators.has(side.at(-1)?.text ?? '') && !/^[!#]$/.test(side.at(-1)?.text ?? ''))
    return 'it is not a calculation';
  const numbers = side.filter(isNumber).length;
  if (numbers === 0) return namesValue(side) ? undefined : 'it is an equation';
  if (side.some((_, at) => isVariable(side, at))) return 'it is an equation';
  const isCalculated = numbers > 1 || side.some(({ kind, text }) => kind === 'power' || operators.has(text));
  return isCalculated || side.some((token, at) => isNumber(token) && isSame(side, at, value))
    ? undefined
    : 'its sides are different numbers';
}

const operators = new Set(['+', '-', '×', '÷', '/', '!', '(', OPAQUE]);

/** Whether the left side of an equation only names what is on its right: `x`, `f(x)`, "the total cost". */
export const namesValue = (side: readonly Token[]): boolean =>
  side.every(({ kind, text }) => /^(?:word|unspaced|name|break)$/.test(kind) || /^[(),:$%]$/.test(text)) &&
  !side.some(({ text }) => functions.has(text)) &&
  !isParameter(side);

/** Whether the left side says where something holds: "Reject it at alpha = 0.05". */
const isParameter = (side: readonly Token[]): boolean =>
  side.length > 2 &&
  /^(?:at|for|when|where|if|given)$/.test(side.at(-2)?.text ?? '') &&
  /^(?:.|\p{sc=Greek}|alpha|beta|gamma|delta|theta|lambda|mu|rho|sigma|tau|omega)$/u.test(
    side.at(-1)?.text ?? '',
  );

/** Whether a single letter stands for a number: not the `x` of "3 x 4", and not the unit of "5 m". */
function isVariable(side: readonly Token[], at: number): boolean {
  const { kind, raw, isSpaced } = side[at] as Token;
  if (kind === 'name') return true;
  if (kind !== 'word' || raw.length > 1 || /^[aI]$/.test(raw)) return false;
  const next = side[at + 1];
  const multiplies = /^[xX]$/.test(raw) && (isNumber(next) || next?.text === '$' || next?.text === '(');
  const isFunction = /^[fghFGPE]$/.test(raw) && next?.text === '(' && !next.isSpaced;
  return !multiplies && !isFunction && !(isSpaced && unitLetters.has(raw) && isNumber(side[at - 1]));
}

/** Whether a result before the last equation is neither used in it nor equal to its result. */
function hasUnusedResult(tokens: readonly Token[], equals: number, value: number): boolean {
  return tokens.some((token, at) => {
    if (!isEquals(token) || at >= equals) return false;
    const result = quantityAt(tokens, at + 1);
    if (result?.value === undefined || result.value === value || isOperand(tokens, result.end)) return false;
    return !tokens.some(
      (later, index) =>
        index >= result.end && index < equals && isNumber(later) && isSame(tokens, index, result.value ?? 0),
    );
  });
}

/** Whether the quantity that ends at `end` continues with an operator, an equals sign or a conclusion. */
function isOperand(tokens: readonly Token[], end: number): boolean {
  let at = end;
  while (
    tokens[at]?.kind === 'word' &&
    !/^(?:and|or|und|oder|et|ou|y|o|e)$/.test(tokens[at]?.text ?? '') &&
    at < end + 8
  )
    at++;
  const next = tokens[at];
  return (
    next !== undefined &&
    (isEquals(next) || next.text === '⇒' || next.kind === 'power' || operators.has(next.text)) &&
    !(next.text === '-' && tokens[at + 1]?.kind === 'word')
  );
}
