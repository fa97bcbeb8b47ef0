import type { Abstention } from '../normalizer.ts';
import { isSpace } from './characters.ts';
import { finalAnswer } from './final-answer.ts';
import { unwrapped } from './plain-text.ts';

/**
 * Yields the answer in lower case, trimmed, with inner white space collapsed and the wrapping taken off: quotes
 * and Markdown emphasis around the whole, and a final full stop. A delimited answer (`<answer>`,
 * `{"answer": …}`, `\boxed{…}`, `#### …`) is read alone; prose such as "the answer is" is not, since where
 * such an answer ends is a guess. Abstains when nothing is left.
 *
 * @example
 * ```ts
 * lowercaseTrim('  **Paris.** '); // 'paris'
 * ```
 */
export const lowercaseTrim = (text: string): string | Abstention => finalAnswer(text, reader);

const read = (text: string, from: number, to: number): string | undefined => {
  const answer = collapsed(unwrapped(text, from, to)).toLowerCase();
  return answer === '' ? undefined : answer;
};

const reader = {
  sought: 'a text',
  field: (content: string) => read(content, 0, content.length),
  unmarked: (text: string, { from, to }: { readonly from: number; readonly to: number }) =>
    read(text, from, to),
};

/** One blank for every run of white space; a text without runs comes back as it is. */
function collapsed(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code) && (code !== 32 || text.charCodeAt(at + 1) === 32)) return text.split(/\s+/).join(' ');
  }
  return text;
}
