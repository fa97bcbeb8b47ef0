/**
 * Returns the code in an answer: its longest fenced block, or the whole text if it has none. As a normalization, it makes the code
 * the answer.
 *
 * @example
 * ```ts
 * import { codeIn } from 'crucible-ensemble/checks';
 *
 * const fence = '`'.repeat(3);
 * codeIn(['Here it is:', `${fence}js`, 'export const one = 1;', fence, 'Enjoy!'].join('\n')); // => 'export const one = 1;\n'
 * ```
 */
export const codeIn = (text: string): string => {
  const blocks = typeof text === 'string' ? fencedIn(text) : [];
  if (blocks.length === 0) return typeof text === 'string' ? text : '';
  return blocks.reduce((longest, block) => (block.length > longest.length ? block : longest));
};

/** An opening fence, and its closing one: at least as long, of the same character, with nothing after it. */
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

const fencedIn = (text: string): readonly string[] => {
  const blocks: string[] = [];
  let open: string | undefined;
  let lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, fence = '', info = ''] = FENCE.exec(line) ?? [];
    if (open === undefined) {
      if (fence === '' || (fence.startsWith('`') && info.includes('`'))) continue;
      open = fence;
      lines = [];
    } else if (fence.startsWith(open) && info.trim() === '') {
      blocks.push(lines.map((each) => `${each}\n`).join(''));
      open = undefined;
    } else lines.push(line);
  }
  // A fence that is not closed continues to the end.
  if (open !== undefined) blocks.push(lines.join('\n'));
  return blocks;
};
