import { suchThat } from '../../options.ts';

/** The check of a seed of random draws. */
export const seedCheck = suchThat('a number or a string', (value) =>
  ['number', 'string'].includes(typeof value),
);
