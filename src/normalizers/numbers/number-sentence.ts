import type { Token } from './number-token.ts';

/** Whether a full stop, a question mark, an exclamation mark or a line break ends the sentence at `at`. */
export function endsSentence(tokens: readonly Token[], at: number): boolean {
  const { kind, text, start } = tokens[at] as Token;
  if (kind === 'break' || text === '?') return true;
  // `5!` is a factorial, "5 apples!" and "**5**!" are exclamations.
  if (text === '!') return tokens[at - 1]?.kind === 'word' || tokens[at - 1]?.end !== start;
  const next = tokens[at + 1];
  if (isAbbreviated(tokens, at)) return false;
  return (
    text === '.' &&
    (next === undefined ||
      next.isSpaced ||
      next.kind === 'break' ||
      next.text === '[' ||
      next.text === ')' ||
      next.kind === 'word' ||
      next.kind === 'unspaced')
  );
}

/** Whether a full stop belongs to a currency or "approx." before a number. */
const isAbbreviated = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.text === '.' &&
  tokens[at + 1]?.kind === 'number' &&
  tokens[at]?.isSpaced === false &&
  /^(?:rs|rp|fr|sfr|kr|ca|approx|appr|aprox|env)$/.test(tokens[at - 1]?.text ?? '');

/** Returns the tokens of the first sentence. */
export function firstSentence(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex((_, at) => at > 0 && endsSentence(tokens, at));
  return end === -1 ? tokens : tokens.slice(0, end);
}

/** Returns the last token of `[1]`, `[1, 2]`; `undefined` if the brackets hold anything but whole numbers. */
export function citationEnd(tokens: readonly Token[], open: number): number | undefined {
  for (let at = open + 1; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token;
    if (text === ']') return at > open + 1 ? at : undefined;
    if (text !== ',' && !(kind === 'number' && /^\d{1,3}$/.test(text))) return undefined;
  }
  return undefined;
}
