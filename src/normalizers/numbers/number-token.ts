/**
 * A number without its sign (`number`), a written-out fraction such as `½` or `\frac{1}{2}` (`fraction`), an exponent
 * (`power`), a word, a word in a script without blanks (`unspaced`), a word with digits such as `GPT-4` (`name`), a
 * punctuation mark, symbol or operator (`mark`), or a line break (`break`).
 */
export interface Token {
  readonly kind: 'number' | 'fraction' | 'power' | 'word' | 'unspaced' | 'name' | 'mark' | 'break';
  /** The plain number, the word in lower case, or the canonical mark. */
  readonly text: string;
  /** As it is written. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** Whether white space precedes it. */
  readonly isSpaced: boolean;
  /** The value of a fraction. */
  readonly value?: number;
  /** The reason if a number cannot be read. */
  readonly why?: string;
  /** Whether the comma of a number may separate items. */
  readonly isUnclear?: boolean;
  readonly hasComma?: boolean;
}

/** Returns the texts of a few tokens, joined by blanks. */
export const wordsAt = (tokens: readonly Token[], at: number, count: number): string =>
  tokens
    .slice(at, at + count)
    .map(({ text }) => text)
    .join(' ');
