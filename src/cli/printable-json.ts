import { plainCosts } from '../rendering/amounts.ts';
import { unprintable } from '../rendering/printable.ts';

/**
 * Formats a value as JSON that is safe to print on a terminal. It also escapes characters that `JSON.stringify`
 * leaves as they are: C1 controls, bidi controls, U+2028. The document parses to the same value, because these
 * characters occur only in strings; but costs are without the rounding noise of sums. Without `indent` it is one line.
 */
export const printableJson = (value: unknown, indent = 2): string =>
  JSON.stringify(value, plainCosts, indent).replace(unprintable, (character) =>
    character === '\n' ? character : character.split('').map(escapedUnit).join(''),
  );

/** Escapes one UTF-16 code unit; a character beyond U+FFFF has two. */
const escapedUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
