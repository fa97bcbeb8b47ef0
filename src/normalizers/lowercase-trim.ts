import type { Abstention } from '../domain/normalizer.ts';
import { text } from './text.ts';

/**
 * Yields the answer in lower case, trimmed, with inner white space collapsed and without its wrapping: quotes and
 * Markdown emphasis around the whole, a bullet, a code fence, `\text{…}`, and a final full stop. It is
 * `text()` without options: see there for what is read as the answer. Abstains if nothing is left.
 *
 * @example
 * ```ts
 * import { lowercaseTrim } from 'crucible-ensemble';
 *
 * lowercaseTrim('  **Paris.** '); // 'paris'
 * ```
 */
export const lowercaseTrim: (text: string) => string | Abstention = text();
