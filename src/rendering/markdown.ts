import { printable } from './printable.ts';

/** A text of others as Markdown that shows it, on one line, and is no markup. */
export const markdownText = (text: string): string =>
  printable(text, 500).replace(/[\\`*_{}[\]<>()#+!|~&$]/g, (character) => `\\${character}`);

/** A table as Markdown: its first column to the left, the others, which are numbers, to the right. */
export const markdownTable = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    columns.map(markdownText),
    columns.map((_, index) => (index === 0 ? '---' : '---:')),
    ...rows.map((cells) => cells.map(markdownText)),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
