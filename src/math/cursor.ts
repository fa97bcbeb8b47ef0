import type { Node } from './node.ts';
import type { Token } from './token.ts';
import { CUT_OFF, stop, TOO_LONG } from './unreadable.ts';

/** How deep an answer may be nested. */
const MOST_DEPTH = 50;

/** The parts of the parser that the others call. */
export interface Grammar {
  /** Parses anything: a list, a relation, sets, a sum. */
  readonly list: (cursor: Cursor) => Node;
  /** Parses a value with its powers and signs. */
  readonly factor: (cursor: Cursor) => Node;
  /** Parses what is behind a power sign. */
  readonly exponent: (cursor: Cursor) => Node;
  /** Parses a value without them. */
  readonly primary: (cursor: Cursor) => Node;
}

/** A place in the tokens of an answer, which the parser moves on. */
export interface Cursor {
  /** Returns the token at the place, or a number of tokens behind it. */
  readonly peek: (ahead?: number) => Token | undefined;
  /** Whether the token at the place, or a number of tokens behind it, is one of these symbols. */
  readonly isAt: (symbols: string | readonly string[], ahead?: number) => boolean;
  /** Returns the token at the place, and moves behind it. */
  readonly take: () => Token;
  /** Moves behind a symbol if it is one of these; returns it. */
  readonly takeIf: (symbols: string | readonly string[]) => string | undefined;
  /** Moves behind one of these symbols, which close a bracket. Reading stops if none is there. */
  readonly expect: (symbols: string) => string;
  /** Takes the first digit of a number, as LaTeX does in `\\frac12`. */
  readonly takeDigit: () => string;
  /** Parses one level deeper, behind an opening bracket. Default: a list, in which a bar opens an absolute value. */
  readonly inside: (part?: keyof Grammar, opening?: string) => Node;
  /** The bracket that opens the level. */
  readonly opening: () => string;
  /** Whether a bar behind a value closes an absolute value, or begins the condition of a set. */
  readonly isBarClosing: () => boolean;
}

/** Returns a cursor at the first token. */
export const cursorOf = (given: readonly Token[], grammar: Grammar): Cursor => {
  const tokens = [...given];
  const openings = [''];
  let at = 0;
  const cursor: Cursor = {
    peek: (ahead = 0) => tokens[at + ahead],
    isAt: (symbols, ahead = 0) => {
      const token = tokens[at + ahead];
      return token?.kind === 'symbol' && symbols.includes(token.text);
    },
    take: () => tokens[at++] ?? stop(CUT_OFF),
    takeIf: (symbols) => (cursor.isAt(symbols) ? cursor.take().text : undefined),
    expect: (symbols) => cursor.takeIf(symbols) ?? stop(CUT_OFF),
    takeDigit: () => {
      const { text } = cursor.take();
      if (text.length > 1) tokens[--at] = { kind: 'number', text: text.slice(1), isSpaced: false };
      return text.charAt(0);
    },
    inside: (part = 'list', opening = '') => {
      if (openings.push(opening) > MOST_DEPTH) stop(TOO_LONG);
      const result = grammar[part](cursor);
      openings.pop();
      return result;
    },
    opening: () => openings.at(-1) ?? '',
    isBarClosing: () => /[|⦃]/.test(cursor.opening()),
  };
  return cursor;
};
