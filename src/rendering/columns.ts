/** Cells padded to the width of their column: texts on the left, which the first column has, numbers on the right. */
export const inColumns = (
  rows: readonly (readonly string[])[],
  isText: (column: number) => boolean = (column) => column === 0,
): readonly (readonly string[])[] => {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, lengthOf(row[column] ?? '')), 0),
  );
  return rows.map((row) =>
    row.map((cell, column) => {
      const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(cell)));
      return isText(column) ? cell + padding : padding + cell;
    }),
  );
};

/** A cell as a terminal counts it, as far as code points can say. */
const lengthOf = (cell: string): number => Array.from(cell).length;

/** Rows as lines for a terminal, with their cells below one another. */
export const columnLines = (
  rows: readonly (readonly string[])[],
  isText?: (column: number) => boolean,
): readonly string[] => inColumns(rows, isText).map((cells) => cells.join('  ').trimEnd());
