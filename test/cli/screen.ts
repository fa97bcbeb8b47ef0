// biome-ignore lint/suspicious/noControlCharactersInRegex: this reads control sequences
const tokens = /\x1b\[([?\d]*)([A-Za-z])|\n|[^\x1b\n]+|\x1b/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const control = /[\x00-\x1f\x7f-\x9f]/;

/**
 * Returns the lines that a terminal shows after an output with cursor movement and erasing. Any other control sequence is
 * an error, so a screen also proves that there was none.
 */
export const screenOf = (output: string): string[] => {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  const put = (text: string): void => {
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
  };
  for (const [token, count = '', command] of output.matchAll(tokens)) {
    const steps = Number(count) || 1;
    if (token === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (command === 'A') row = Math.max(0, row - steps);
    else if (command === 'B') row += steps;
    else if (command === 'G') column = 0;
    else if (command === 'K') lines[row] = count === '2' ? '' : (lines[row] ?? '').slice(0, column);
    else if (command === 'm' || ((command === 'h' || command === 'l') && count.startsWith('?'))) continue;
    else if (control.test(token)) throw new Error(`unexpected ${JSON.stringify(token)}`);
    else put(token);
  }
  return lines.map((line) => line.trimEnd());
};
