import { columnLines } from '../../rendering/columns.ts';
import { printable } from '../../rendering/printable.ts';
import type { SummaryTable } from './summary-table.ts';

const MAX_CELL = 40;

/** Renders a summary as lines for a terminal. */
export const toText = (title: string, tables: readonly SummaryTable[]): string => {
  const sections = tables.map(({ title: heading, columns, rows }) => {
    const cells = rows.map((row) => row.map((cell) => printable(cell, MAX_CELL)));
    const hasHeads = columns.some((column) => column !== '' && column !== 'value');
    return [heading, ...columnLines(hasHeads ? [columns, ...cells] : cells).map((line) => `  ${line}`)].join(
      '\n',
    );
  });
  return `${[printable(title), ...sections].join('\n\n')}\n`;
};
