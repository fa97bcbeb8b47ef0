import { reading, refuse, shown } from '../../options.ts';

/** The grade of one rater for one item; `undefined` and `null` are missing ones. */
export type Rating = number | string | undefined | null;

/** The ratings of an item, one for each rater, in the same order for all items. */
export type RatingRow<Kind = Rating> = readonly Kind[];

/** Whether a rating was given. */
export const isRated = (rating: Rating): rating is number | string => rating !== undefined && rating !== null;

/**
 * Reads ratings, and refuses other values.
 *
 * @param owner the function that takes them, for messages.
 * @param isNumeric whether each of them must be a number.
 */
export const ratingRows = (
  owner: string,
  rows: Iterable<RatingRow>,
  isNumeric: boolean,
): readonly RatingRow[] =>
  reading(owner, () => {
    const read = Array.from(rows, (row) => (Array.isArray(row) ? (row as RatingRow) : refuseRow(owner, row)));
    const expected = isNumeric ? 'a finite number' : 'a number, a text';
    for (const rating of read.flat())
      if (isRated(rating) && !(Number.isFinite(rating) || (!isNumeric && typeof rating === 'string')))
        refuse([
          `${owner}: a rating must be ${expected}, or undefined if it is missing, but got ${shown(rating)}`,
        ]);
    return read;
  });

const refuseRow = (owner: string, row: unknown): never => {
  refuse([`${owner}: expected an array of ratings for each item, but got ${shown(row)}`]);
  throw new TypeError('unreachable');
};

/** Returns the rows that have a rating of every rater. */
export const completeRows = (rows: readonly RatingRow[]): readonly RatingRow<number | string>[] => {
  const raters = Math.max(0, ...rows.map(({ length }) => length));
  return rows.filter((row): row is RatingRow<number | string> => row.length === raters && row.every(isRated));
};
