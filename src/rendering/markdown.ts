import { markdownTable as tableOf } from 'markdown-table';
import stringWidth from 'string-width';
import { printable } from './printable.ts';

const MAX_LENGTH = 500;

/** Renders an untrusted text as Markdown on one line, without markup. Amounts such as `$0.50` and `< 0.001` stay as they are. */
export const markdownText = (text: string): string => printable(text, MAX_LENGTH).replace(markup, '\\$&');

const markup = new RegExp(
  [
    /[\\`*[\]>|~&#]/,
    // Begins a tag.
    /<(?=\S)/,
    // Ends a formula.
    /\$(?!\d)/,
    // Emphasizes a word; within one it is a character.
    /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u,
    // Marks a list or a heading.
    /^[-+=](?=[-+=\s]|$)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
);

/**
 * Renders a table as Markdown, aligned for a terminal, too: texts, by default the first column, to the left, numbers
 * to the right. No cell is read as markup.
 */
export const markdownTable = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  isText: (column: number) => boolean = (column) => column === 0,
): string =>
  tableOf(
    [columns, ...rows].map((cells) => cells.map((cell) => markdownText(cell))),
    { align: columns.map((_, column) => (isText(column) ? '' : 'r')), stringLength: stringWidth },
  );
