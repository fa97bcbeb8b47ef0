import { isLetter, symbolOf } from './symbols.ts';
import { endsValue, type Token, type TokenKind } from './token.ts';
import { functions, isUnit, scales, shortWord } from './words.ts';

/** How letters are read: as names of variables, as a text, or as upright letters, which may be either. */
export type Setting = 'formula' | 'text' | 'upright';

type Part = readonly [kind: TokenKind, text: string];

/** Words that say how exact a value is. */
const HEDGES = /^(?:about|approximately|approx|roughly|around|exactly|nearly)$/;

/** Returns the tokens that a run of letters is. */
export function wordTokens(word: string, setting: Setting, before: Token | undefined): readonly Part[] {
  const lower = word.toLowerCase();
  if (lower === 'or' || lower === 'and') return [['separator', lower]];
  if (HEDGES.test(lower)) return [];
  if (isUnit(lower, setting !== 'formula') && (endsValue(before) || before?.kind === 'unit'))
    return [['unit', lower]];
  if (/^[a-z]'*$/i.test(word)) return [letter(word)];
  const symbol = [word, lower].map(symbolOf).find((found) => found !== word && found !== lower);
  if (symbol !== undefined && (word.length > 2 || symbol === 'π' || symbol === '∞'))
    return [symbolPart(symbol)];
  if (functions().has(lower)) return [['function', lower]];
  const scale = scales[lower];
  if (scale !== undefined)
    return [
      ['symbol', '·'],
      ['number', scale],
    ];
  const isProduct =
    setting === 'formula'
      ? word.length <= 3 &&
        !shortWord.test(/^(?!DNE)[A-Z]+$/.test(word) ? word : lower) &&
        !/^[A-Z][a-z]{2}$/.test(word)
      : setting === 'upright' && word.length <= 2;
  return isProduct ? (word.match(/[a-z]'*/gi) ?? []).map(letter) : [['word', lower]];
}

const letter = (name: string): Part => [name === 'e' || name === 'i' ? 'constant' : 'name', name];

/** Returns the token that a symbol is. */
export const symbolPart = (symbol: string): Part => {
  if (symbol === 'π' || symbol === '∞') return ['constant', symbol];
  if (symbol === ',' || symbol === ';') return ['separator', symbol];
  if (symbol === 'i') return letter(symbol);
  if (isLetter(symbol)) return ['name', symbol];
  return [functions().has(symbol) ? 'function' : 'symbol', symbol];
};
