import { isSpace } from './characters.ts';

/**
 * Where the text between `from` and `to` ends when white space and the end tokens that servers forget to
 * remove (`</s>`, `<eos>`, `<|im_end|>`, ...) are taken off its tail.
 */
export function withoutEndTokens(text: string, from: number, to: number): number {
  let end = to;
  while (end > from) {
    const code = text.charCodeAt(end - 1);
    if (isSpace(code)) end--;
    else if (code === 62) {
      let open = end - 2;
      while (open > from && end - open < longestToken && text.charCodeAt(open) !== 60) open--;
      if (open < from || !isEndToken(text.slice(open, end))) break;
      end = open;
    } else break;
  }
  return end;
}

const longestToken = 24;
const known = new Set(['</s>', '<s>', '<eos>', '<pad>', '<end_of_turn>', '<unk>']);

const isEndToken = (token: string): boolean =>
  known.has(token) || (token.startsWith('<|') && token.endsWith('|>'));
