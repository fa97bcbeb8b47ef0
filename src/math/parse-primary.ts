import type { Cursor } from './cursor.ts';
import { type Node, node, numeral, operation } from './node.ts';
import { parseBrackets } from './parse-brackets.ts';
import { parseFunction } from './parse-function.ts';
import { stop, WORDS } from './unreadable.ts';

/** Parses a value without what is behind it. */
export function parsePrimary(cursor: Cursor): Node {
  const { kind, text } = cursor.take();
  switch (kind) {
    case 'number':
    case 'name':
    case 'constant':
      return node(kind, text);
    case 'function':
      return parseFunction(cursor, text);
    case 'word':
      return parseWords(cursor, text);
    case 'symbol':
      break;
    default:
      return stop(WORDS);
  }
  switch (text) {
    case 'frac':
      return operation('/', parseArgument(cursor), parseArgument(cursor));
    case 'binom':
      return operation('binom', parseArgument(cursor), parseArgument(cursor));
    case '√':
      return parseRoot(cursor);
    case '∅':
      return node('set', '');
    default:
      return parseBrackets(cursor, text);
  }
}

/** Parses the argument of a command of LaTeX: a group, or one token, of which a number is one digit. */
const parseArgument = (cursor: Cursor): Node =>
  cursor.peek()?.kind === 'number' ? numeral(cursor.takeDigit()) : cursor.inside('primary');

const parseRoot = (cursor: Cursor): Node => {
  if (!cursor.takeIf('[')) return operation('√', cursor.inside('primary'));
  const degree = cursor.inside();
  cursor.expect(']');
  return operation('root', degree, cursor.inside('primary'));
};

/** Parses words, and the letters and numbers between them. */
const parseWords = (cursor: Cursor, first: string): Node => {
  let words = first;
  while (/^(?:word|unit|name|constant|number)$/.test(cursor.peek()?.kind ?? ''))
    words += ` ${cursor.take().text}`;
  return node('words', words);
};
