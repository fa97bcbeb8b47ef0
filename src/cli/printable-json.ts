import { unprintable } from '../rendering/printable.ts';

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');

/**
 * Formats a value as JSON that is safe to print on a terminal. It also escapes characters that `JSON.stringify`
 * leaves as they are: C1 controls, bidi controls, U+2028. The document parses to the same value, because these
 * characters occur only in strings.
 */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => line.replace(unprintable, escaped))
    .join('\n');
