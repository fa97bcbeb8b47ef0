import { GREATER_THAN } from './character-codes.ts';
import { isSpace } from './characters.ts';

/**
 * Returns the end of the text between `from` and `to` without white space and without the end tokens that servers forget to
 * remove (`</s>`, `<eos>`, `<|im_end|>`, ...).
 */
export function withoutEndTokens(text: string, from: number, to: number): number {
  let end = to;
  let tokens = 0;
  while (end > from) {
    const code = text.charCodeAt(end - 1);
    if (isSpace(code)) end--;
    else if (code === GREATER_THAN) {
      const tail = text.slice(Math.max(from, end - LONGEST_TOKEN), end);
      const token = tail.slice(tail.lastIndexOf('<'));
      if (!isEndToken(token) || ++tokens > MOST_TOKENS) break;
      end -= token.length;
    } else break;
  }
  return end;
}

const LONGEST_TOKEN = 24;

const MOST_TOKENS = 50;

const endTokens = new Set(['</s>', '<s>', '<eos>', '<pad>', '<end_of_turn>', '<unk>']);

const isEndToken = (token: string): boolean =>
  endTokens.has(token) || (token.startsWith('<|') && token.endsWith('|>'));
