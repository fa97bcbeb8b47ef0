/** A line that opens or closes a fence of code. */
const FENCE = /^[ \t]*(```+|~~~+)[^\n`]*$/gm;

/** Returns the content of the fence of code of a text, if it is the only one; else the text. */
export function unfenced(text: string): string {
  if (!text.includes('```') && !text.includes('~~~')) return text;
  FENCE.lastIndex = 0;
  const open = FENCE.exec(text);
  const close = open === null ? null : FENCE.exec(text);
  if (open === null || close === null || FENCE.exec(text) !== null) return text;
  const start = open.index + open[0].length + 1;
  return text.slice(start, Math.max(start, close.index - 1));
}
