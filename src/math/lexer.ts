import { symbolOf } from './symbols.ts';
import type { Token, TokenKind } from './token.ts';
import { NOTATION, stop, TOO_LONG, UNCLEAR } from './unreadable.ts';
import { type Setting, symbolPart, wordTokens } from './word-token.ts';

/** The most tokens of an answer. */
const MOST_TOKENS = 2000;

/** Blanks, numbers, environments, commands, words, and symbols. */
const TOKEN = new RegExp(
  [
    '(\\s+)',
    '((?:\\d+\\.\\d+|\\.\\d+|\\d+(?=[eE](?:[+-]\\d)?\\d)|(?<![\\d.])1(?=[eE][+-]))[eE][+-]?\\d{1,3}(?![\\w.])',
    '\\d{1,3}(?:,\\d{3})+(?![\\d,])(?:\\.\\d+)?',
    '\\d+(?:\\.\\d+)?|\\.\\d+)',
    '(\\\\(?:begin|end)) ?\\{(\\w+)\\*?\\}(?:\\{[clr| ]*\\})?',
    '\\\\([a-zA-Z]+)\\*?',
    "([a-zA-Z]+'*)",
    '\\\\[^]|[<>=!~]=|<>|\\.\\.+|[^]',
  ].join('|'),
  'gu',
);

/** The exponent of a number that may be a sum as well: \`2e-1\`. */
const AMBIGUOUS = /^\d+[eE][+-]\d/;

const MATRIX = /^(?:[pbB]?matrix|smallmatrix|array)$/;

const TEXT = /^(?:text\w*|mbox|hbox|emph|fbox)$/;

const UPRIGHT = /^(?:mathrm|operatorname)$/;

/** Commands that change how a group looks, not what it is. */
const LOOK =
  /^(?:math(?:bf|it|sf|cal|tt)|boldsymbol|bm|pmb|vec|boxed|framebox|underline|ensuremath|rm|bf|it)$/;

/** The token that a word stands behind. A unit may be divided by another one. */
const lastValue = (tokens: readonly Token[]): Token | undefined =>
  /^[/·]$/.test(tokens.at(-1)?.text ?? '') && tokens.at(-2)?.kind === 'unit' ? tokens.at(-2) : tokens.at(-1);

/** Returns the tokens of an answer in one spelling. Within brackets a comma separates; elsewhere it may group thousands. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const outer: { readonly setting: Setting; readonly isSet: boolean }[] = [];
  let setting: Setting = 'formula';
  let next: Setting = 'formula';
  let depth = 0;
  let isSpaced = false;

  const push = (kind: TokenKind, value: string): void => {
    if (tokens.length === MOST_TOKENS) stop(TOO_LONG);
    tokens.push({ kind, text: value, isSpaced });
    isSpaced = false;
  };

  const readCommand = (written: string): void => {
    if (written === 'times' && text.includes('\\vec')) stop(NOTATION);
    if (TEXT.test(written)) next = 'text';
    else if (UPRIGHT.test(written)) next = 'upright';
    else if (!LOOK.test(written)) readSymbol(written);
  };

  /** Reads a brace of LaTeX. Those around texts are no tokens, and one that no command is before is that of a set. */
  const readBrace = (written: string, at: number): void => {
    const isSet = !/[\w^\]}*]\s?$/.test(text.slice(Math.max(0, at - 2), at));
    const own = written === '{' ? { setting, isSet } : (outer.pop() ?? { setting, isSet: false });
    if (written === '{') {
      outer.push(own);
      if (setting === 'formula') setting = next;
    }
    if (setting !== 'formula') isSpaced = true;
    else if (own.isSet) readSymbol(written === '{' ? '\u2983' : '\u2984');
    else push('symbol', written);
    if (written === '}') setting = own.setting;
  };

  const readSymbol = (written: string): void => {
    const symbol = symbolOf(written);
    if (symbol === '.' && setting !== 'formula') return;
    const [kind, value] = symbolPart(symbol);
    if (/[([⦃]/.test(value)) depth++;
    if (/[)\]⦄]/.test(value)) depth--;
    push(kind, value);
  };

  // A reading that stopped has left it somewhere.
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [written, blank, digits, delimiter, environment = '', command, word] = match;
    if (blank) isSpaced = true;
    else if (command) readCommand(command);
    else if (digits) {
      if (AMBIGUOUS.test(text.slice(match.index, match.index + 40)) && !written.includes('e')) stop(UNCLEAR);
      const isList = depth > 0 && written.includes(',');
      const number = isList ? written.slice(0, written.indexOf(',')) : written.replaceAll(',', '');
      if (isList) TOKEN.lastIndex = match.index + number.length;
      push('number', number.toLowerCase());
    } else if (word) {
      for (const [kind, value] of wordTokens(word, setting, lastValue(tokens))) push(kind, value);
    } else if (written === '{' || written === '}') readBrace(written, match.index);
    else if (delimiter) push('symbol', MATRIX.test(environment) ? delimiter : stop(NOTATION));
    else readSymbol(written === '\\\\' ? written : written.replace(/^\\(?=.)/, ''));
    if (!blank && !command) next = 'formula';
  }
  return tokens;
}
