import type { Abstention } from '../domain/normalizer.ts';
import { tooLong } from './answer-length.ts';
import { fold } from './fold.ts';
import { withoutReasoning } from './hidden-reasoning.ts';

/**
 * Returns what a normalizer reads of a text: the text in one spelling ({@link fold}), without the hidden reasoning of
 * the model ({@link withoutReasoning}). Abstains if the text is too long, and if it is nothing but reasoning. Every normalizer begins with this.
 *
 * @throws {ConfigError} for anything but a text.
 */
export function readableText(text: string): string | Abstention {
  const unread = tooLong(text);
  if (unread !== undefined) return unread;
  return withoutReasoning(fold(text));
}
