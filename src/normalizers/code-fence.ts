/** A line that opens or closes a fence of code. */
const FENCE = /^[ \t]*(```+|~~~+)[^\n`]*$/gm;

/** The content of a fence of code, and where it stands. */
export interface Fence {
  readonly content: string;
  readonly at: number;
  readonly end: number;
}

/** Returns the fence of code of a text if it is the only one. */
export function soleFence(text: string): Fence | undefined {
  if (!text.includes('```') && !text.includes('~~~')) return undefined;
  FENCE.lastIndex = 0;
  const open = FENCE.exec(text);
  const close = open === null ? null : FENCE.exec(text);
  if (open === null || close === null || FENCE.exec(text) !== null) return undefined;
  const start = open.index + open[0].length + 1;
  return {
    content: text.slice(start, Math.max(start, close.index - 1)),
    at: open.index,
    end: close.index + close[0].length,
  };
}
