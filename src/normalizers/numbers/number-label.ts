import type { Token } from './number-token.ts';
import { quantityAt } from './quantity.ts';

/**
 * Returns tokens without the letter of the option that they spell out: `(C) 7`, `C) 7`, `C. 7`. Several options stay as
 * they are: `(A) 5, (B) 6`.
 */
export function withoutLabel(tokens: readonly Token[]): readonly Token[] {
  const end = labelEnd(tokens, 0);
  if (end === undefined || quantityAt(tokens, end) === undefined) return tokens;
  return tokens.some((_, at) => at >= end && labelEnd(tokens, at) !== undefined) ? tokens : tokens.slice(end);
}

/** Returns the position after the label at `at`. */
function labelEnd(tokens: readonly Token[], at: number): number | undefined {
  const isOpened = tokens[at]?.text === '(';
  const letter = isOpened ? at + 1 : at;
  const { kind, raw = '' } = tokens[letter] ?? {};
  if (kind !== 'word' || !(isOpened ? /^[A-Ja-j]$/ : /^[A-J]$/).test(raw)) return undefined;
  const isClosed =
    tokens[letter + 1]?.text === ')' || (!isOpened && /^[.:]$/.test(tokens[letter + 1]?.text ?? ''));
  return isClosed ? letter + 2 : undefined;
}

/** How an item of a list begins. The bracket before it may be gone. */
const ITEM = /^[\s>*_-]*\(?(?:([A-Za-z])[).:]|(\d{1,2})[).])[*_]*\s/;

/** Whether a line is the first item of a list that the next line continues with: "1. 7⏎2. 9", "(a) 7⏎(b) 9". */
export function isListItem(text: string, start: number, end: number): boolean {
  const label = labelOf(text.slice(start, end));
  if (label === undefined) return false;
  const next = labelOf(/^\s*([^\n]*)/.exec(text.slice(end, end + REACH))?.[1] ?? '');
  return next === label + 1;
}

const REACH = 80;

/** Returns what a line counts by: the code of its letter, or its number. */
function labelOf(line: string): number | undefined {
  const [, letter, number] = ITEM.exec(line) ?? [];
  return letter === undefined ? (number === undefined ? undefined : Number(number)) : letter.charCodeAt(0);
}
