import type { Abstention } from '../../domain/normalizer.ts';
import { tooLong } from './answer-length.ts';
import { isSpace } from './characters.ts';
import { fold } from './fold.ts';
import { withoutReasoning } from './hidden-reasoning.ts';

/**
 * Returns what a normalizer reads of a text: the text in one spelling ({@link fold}), without the hidden reasoning of the
 * model ({@link withoutReasoning}) and the white space at its end. Abstains if the text is too long, and if it is nothing but
 * reasoning. Every normalizer begins with this.
 *
 * @throws {ConfigError} for anything but a text.
 */
export function readableText(text: string): string | Abstention {
  const unread = tooLong(text);
  if (unread !== undefined) return unread;
  const ends = isSpace(text.charCodeAt(text.length - 1));
  return withoutReasoning(fold(ends ? text.trimEnd() : text));
}
