import { opensPhrase } from './number-spelled.ts';
import { type Token, wordsAt } from './number-token.ts';
import { scales } from './number-words.ts';

const DOZEN = 12;

const shares: Readonly<Record<string, number>> = {
  half: 1 / 2,
  third: 1 / 3,
  thirds: 1 / 3,
  quarter: 1 / 4,
  quarters: 1 / 4,
  fourths: 1 / 4,
  fifth: 1 / 5,
  fifths: 1 / 5,
  eighth: 1 / 8,
  eighths: 1 / 8,
};

/**
 * Replaces the halves and dozens of English by numbers: "two and a half" by 2.5, "half a million" by 500,000, "two dozen"
 * by 24. A share of something else ("half of them") stays as it is.
 */
export function withShares(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(({ kind, text }) => kind === 'word' && (text in shares || text === 'dozen')))
    return tokens;
  const replaced: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const first = tokens[at] as Token;
    const share = mixedAt(tokens, at) ?? shareAt(tokens, at) ?? dozenAt(tokens, at);
    if (share === undefined) replaced.push(first);
    else {
      const end = tokens[share.end - 1]?.end ?? first.end;
      replaced.push({ ...first, kind: 'number', text: String(share.value), end });
      at = share.end - 1;
    }
  }
  return replaced;
}

interface Share {
  readonly value: number;
  readonly end: number;
}

/** Reads "two and a half", "3 and three quarters", also of dozens. */
function mixedAt(tokens: readonly Token[], at: number): Share | undefined {
  const [whole, and, count, share] = tokens.slice(at, at + 4);
  const part = shares[share?.text ?? ''];
  if (and?.text !== 'and' || part === undefined) return undefined;
  // Half of what "a million and a half" adds is a million.
  const isOne = whole?.text === 'one';
  if (!(isOne || isWhole(whole)) || /hundred|thousand|illion/i.test(whole?.raw ?? '')) return undefined;
  const counted = /^(?:an?|one)$/.test(count?.text ?? '') ? 1 : spelledCount(count);
  if (counted === undefined || counted * part >= 1) return undefined;
  const value = (isOne ? 1 : Number(whole?.text)) + counted * part;
  return tokens[at + 4]?.text === 'dozen' ? { value: value * DOZEN, end: at + 5 } : { value, end: at + 4 };
}

/** Reads "half a million", "a quarter of a million", "half a dozen", and "a half" or "one half" by itself. */
function shareAt(tokens: readonly Token[], at: number): Share | undefined {
  const isCounted = /^(?:an?|one)$/.test(tokens[at]?.text ?? '');
  const word = isCounted ? at + 1 : at;
  const name = tokens[word]?.text ?? '';
  if (!/^(?:half|quarter)$/.test(name) || (!isCounted && name !== 'half')) return undefined;
  const part = shares[name] as number;
  const joint = /^(?:of )?an? /.exec(wordsAt(tokens, word + 1, 3))?.[0].split(' ').length ?? 1;
  const scaled = scaleOf(tokens[word + joint]);
  if (scaled !== undefined && opensPhrase(tokens, at)) return { value: part * scaled, end: word + joint + 1 };
  const next = tokens[word + 1];
  const isAlone = next === undefined || next.kind === 'break' || /^[.!)\]]$/.test(next.text);
  return isCounted && name === 'half' && isAlone ? { value: part, end: word + 1 } : undefined;
}

/** Reads "two dozen", and "a dozen" that opens its phrase: "$5 a dozen" is a price. */
function dozenAt(tokens: readonly Token[], at: number): Share | undefined {
  if (tokens[at + 1]?.text !== 'dozen') return undefined;
  if (tokens[at]?.text === 'a') return opensPhrase(tokens, at) ? { value: DOZEN, end: at + 2 } : undefined;
  return isWhole(tokens[at]) ? { value: Number(tokens[at]?.text) * DOZEN, end: at + 2 } : undefined;
}

const isWhole = (token: Token | undefined): boolean =>
  token?.kind === 'number' && token.why === undefined && /^\d{1,15}$/.test(token.text);

/** Returns the value of a number that is written in words, below ten. */
const spelledCount = (token: Token | undefined): number | undefined =>
  token?.kind === 'number' && /^\p{L}/u.test(token.raw) && token.text.length === 1
    ? Number(token.text)
    : undefined;

/** Returns what a scale multiplies by. */
function scaleOf(token: Token | undefined): number | undefined {
  if (token?.kind !== 'word') return undefined;
  const power = scales()[token.text];
  return token.text === 'dozen' ? DOZEN : power === undefined ? undefined : 10 ** power;
}
