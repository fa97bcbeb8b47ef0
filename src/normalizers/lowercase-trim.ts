import type { Abstention } from '../domain/normalizer.ts';
import { SPACE } from './character-codes.ts';
import { isSpace } from './characters.ts';
import { readAnswer } from './final-answer.ts';
import { unwrapped } from './plain-text.ts';

/**
 * Yields the answer in lower case, trimmed, with inner white space collapsed and without its wrapping: quotes and
 * Markdown emphasis around the whole, and a final full stop. A delimited answer (`<answer>`,
 * `{"answer": …}`, `\boxed{…}`, `#### …`) is read alone, and so is the rest of a line that opens with
 * "Answer:" or "So the answer is". Within a sentence these words are prose. Abstains if nothing is left.
 *
 * @example
 * ```ts
 * lowercaseTrim('  **Paris.** '); // 'paris'
 * ```
 */
export const lowercaseTrim = (text: string): string | Abstention => readAnswer(text, reader);

const read = (text: string, from: number, to: number): string | undefined => {
  const answer = collapsed(unwrapped(text, from, to)).toLowerCase();
  return answer === '' ? undefined : answer;
};

const reader = {
  sought: 'a text',
  readsProse: true,
  field: (content: string) => read(content, 0, content.length),
  phrase(text: string, start: number, end: number) {
    if (!opensItsLine(text, start)) return undefined;
    // Includes the quote or emphasis that opens the answer, so that it is removed with its closing one.
    const wrapping = /["'`*\u201c\u2018]*$/.exec(text.slice(Math.max(0, start - 4), start))?.[0] ?? '';
    return read(text, start - wrapping.length, end);
  },
  unmarked: (text: string, { from, to }: { readonly from: number; readonly to: number }) =>
    read(text, from, to),
};

/** The longest announcement before an answer, with its emphasis. */
const LONGEST_OPENING = 60;

const opening = /^[\W_]*(?:(?:so|thus|hence|therefore),? )?(?:the |my )?(?:final )?answer\b/i;

/** Whether the announcement of the answer at `start` opens its line. Looks back {@link LONGEST_OPENING} characters. */
function opensItsLine(text: string, start: number): boolean {
  const from = Math.max(0, start - LONGEST_OPENING);
  const before = text.slice(from, start);
  const line = before.lastIndexOf('\n') + 1;
  return (line > 0 || from === 0) && opening.test(before.slice(line));
}

/** Replaces every run of white space by one blank. A text without runs is returned as it is. */
function collapsed(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code) && (code !== SPACE || text.charCodeAt(at + 1) === SPACE))
      return text.split(/\s+/).join(' ');
  }
  return text;
}
