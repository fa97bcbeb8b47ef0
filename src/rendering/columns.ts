import stringWidth from 'string-width';

/** Pads a cell to a width in columns of a terminal, in which `日本` takes four: after it if it is a text, else before it. */
export const padded = (cell: string, width: number, isText = true): string => {
  const padding = ' '.repeat(Math.max(0, width - stringWidth(cell)));
  return isText ? cell + padding : padding + cell;
};

/** Renders rows as lines for a terminal with aligned cells: texts, by default the first column, to the left. */
export const columnLines = (
  rows: readonly (readonly string[])[],
  isText: (column: number) => boolean = (column) => column === 0,
): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0, isText(column)))
      .join('  ')
      .trimEnd(),
  );
};
