import { printable } from '../../printable.ts';
import type { SummaryTable } from './summary-table.ts';

const MAX_CELL = 40;

/** Rows in columns: the first to the left, the others to the right. */
const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
};

/** A summary as lines for a terminal. */
export const toText = (title: string, tables: readonly SummaryTable[]): string => {
  const sections = tables.map(({ title: heading, columns, rows }) => {
    const cells = rows.map((row) => row.map((cell) => printable(cell, MAX_CELL)));
    const hasHeads = columns.some((column) => column !== '' && column !== 'value');
    return [heading, ...aligned(hasHeads ? [columns, ...cells] : cells).map((line) => `  ${line}`)].join(
      '\n',
    );
  });
  return `${[printable(title), ...sections].join('\n\n')}\n`;
};
