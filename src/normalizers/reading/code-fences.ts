import { isBlank, isNewline, skip } from './characters.ts';

/** A code fence of a text: its content is between `start` and `end`. */
export interface CodeFence {
  /** The position of the opening backticks. */
  readonly at: number;
  /** The word after the opening backticks, in lower case. */
  readonly language: string;
  readonly start: number;
  readonly end: number;
}

/** Finds the code fences of a text in one pass. */
export interface CodeFences {
  /** Returns the fence that opens at `at`. Asked for growing positions. */
  readonly opening: (at: number) => CodeFence;
  /** Returns the first backticks from `at` on that open a line; or the length of the text. */
  readonly lineFrom: (at: number) => number;
}

/** Backticks that open a line. */
const LINE_FENCE = /\n[ \t]*```/g;

const languageWord = /[ \t]*([\w+#.-]*)/y;

/** Finds the code fences of a text. */
export function codeFences(text: string): CodeFences {
  if (!text.includes('```')) return { opening: unfenced, lineFrom: () => text.length };
  let line = -1;
  const lineFrom = (at: number): number => {
    if (line < at) {
      LINE_FENCE.lastIndex = at;
      line = LINE_FENCE.test(text) ? LINE_FENCE.lastIndex - 3 : text.length;
    }
    return line;
  };
  return {
    lineFrom,
    opening(at) {
      languageWord.lastIndex = at + 3;
      const [head = '', word = ''] = languageWord.exec(text) ?? [];
      const start = at + 3 + head.length;
      const content = skip(text, isBlank, start);
      const isInline = content < text.length && !isNewline(text.charCodeAt(content));
      const inline = isInline ? text.indexOf('```', content) : -1;
      return { at, language: word.toLowerCase(), start, end: inline < 0 ? lineFrom(start) : inline };
    },
  };
}

const unfenced = (at: number): CodeFence => ({ at, language: '', start: at, end: at });

/** A line that opens or closes a fence, also one of tildes. */
const FENCE_LINE = /^[ \t]*(```+|~~~+)[^\n`]*$/gm;

/** Returns the content of the fence of code of a text, if it is the only one; else the text. */
export function withoutFence(text: string): string {
  if (!text.includes('```') && !text.includes('~~~')) return text;
  FENCE_LINE.lastIndex = 0;
  const open = FENCE_LINE.exec(text);
  const close = open === null ? null : FENCE_LINE.exec(text);
  if (open === null || close === null || FENCE_LINE.exec(text) !== null) return text;
  const start = open.index + open[0].length + 1;
  return text.slice(start, Math.max(start, close.index - 1));
}
