/** The delimiters that are looked for in a header row, the most common first. */
const CANDIDATES = [',', ';', '\t', '|'];

/** The first line in which Excel writes and reads the delimiter of a file. */
const SEPARATOR_LINE = /^\ufeff?sep=(.)\r?\n/i;

/** The layout of a CSV file, by its beginning. */
export interface CsvLayout {
  readonly delimiter: string;
  /** The number of the line with the names of the columns, from 1. */
  readonly headerLine: number;
}

/** The names of a header row. A name in quotes may contain the delimiter. */
const namesIn = (header: string, delimiter: string): readonly string[] => {
  let isQuoted = false;
  const names = [''];
  for (const character of header) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) names.push('');
    else names.push(`${names.pop()}${character}`);
  }
  return names.map((name) => name.trim());
};

/**
 * Returns the layout of a file that begins with `start`: its delimiter is the one with which the header row has the wanted
 * column, or else the one with which it has the most columns.
 */
export const csvLayout = (start: string, wanted: string, fallback: string): CsvLayout => {
  const [, stated] = SEPARATOR_LINE.exec(start) ?? [];
  if (stated !== undefined) return { delimiter: stated, headerLine: 2 };
  const [header = ''] = start.replace(/^\ufeff/, '').split(/[\r\n]/, 1);
  const ranked = [fallback, ...CANDIDATES.filter((candidate) => candidate !== fallback)]
    .map((delimiter) => ({ delimiter, names: namesIn(header, delimiter) }))
    .toSorted(
      (one, other) =>
        Number(other.names.includes(wanted)) - Number(one.names.includes(wanted)) ||
        other.names.length - one.names.length,
    );
  return { delimiter: ranked[0]?.delimiter ?? fallback, headerLine: 1 };
};
