import type { Token } from './number-token.ts';

/** A number without its sign and its units: plain digits, or a value with a fraction. */
export interface Core {
  readonly plain?: string;
  readonly value?: number;
  readonly why?: string;
  readonly end: number;
}

/** Reads `3`, `3/4`, `½`, `2 1/2`, `2½`. */
export function readCore(tokens: readonly Token[], start: number): Core {
  const core = tokens[start];
  if (core?.kind === 'fraction') return { value: core.value ?? 0, end: start + 1 };
  const plain = core?.text ?? '';
  const next = tokens[start + 1];
  if (next?.kind === 'power') return { why: 'it is a power', end: start + 2 };
  const isWhole = /^\d+$/.test(plain);
  if (next?.kind === 'fraction') return mixed(isWhole, plain, next.value ?? 0, start + 2);
  const own = slashFraction(tokens, start);
  if (own !== undefined) return own;
  const fraction = next?.kind === 'number' && next.isSpaced ? slashFraction(tokens, start + 1) : undefined;
  if (fraction === undefined) return { plain, end: start + 1 };
  return fraction.value === undefined ? fraction : mixed(isWhole, plain, fraction.value, fraction.end);
}

/** Reads `2½`. A fraction of 1 or more is a factor or a mistake. */
const mixed = (isWhole: boolean, whole: string, fraction: number, end: number): Core =>
  isWhole && fraction > 0 && fraction < 1
    ? { value: Number(whole) + fraction, end }
    : { why: 'it is not a mixed number', end };

function slashFraction(tokens: readonly Token[], start: number): Core | undefined {
  const [dividend, slash, divisor, after] = tokens.slice(start, start + 4);
  if (slash?.text !== '/' || divisor?.kind !== 'number') return undefined;
  const end = start + 3;
  if (after?.kind === 'power' || (after?.text === '/' && tokens[end + 1]?.kind === 'number'))
    return { why: 'it is a date or an expression', end };
  // 50/50 is a share, or a full mark.
  if (dividend?.text === divisor.text) return { why: 'it is not a fraction', end };
  const isPlain = [dividend, divisor].every((token) => token?.why === undefined && token?.isUnclear !== true);
  const value = Number(dividend?.text) / Number(divisor.text);
  if (!isPlain || Number(divisor.text) === 0) return { why: 'it is not a fraction', end };
  // `1 125/250` may be one and a half, or 1125 halved and halved again.
  return /\s/.test(dividend?.raw ?? '') ? { why: 'it is not a fraction', end } : { value, end };
}
