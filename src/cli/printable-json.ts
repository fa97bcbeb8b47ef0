import { unprintable } from '../rendering/printable.ts';

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');

/**
 * A value as a JSON document that is safe on a terminal: what `JSON.stringify` leaves as it is (C1, bidi
 * controls, U+2028) is escaped as well. It parses to the same value, since such characters stand in
 * strings only; the line breaks of the document itself stay.
 */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => line.replace(unprintable, escaped))
    .join('\n');
