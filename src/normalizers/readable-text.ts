import type { Abstention } from '../domain/normalizer.ts';
import { tooLong } from './answer-length.ts';
import { fold } from './fold.ts';

/**
 * Returns what a normalizer reads of a text: the text in one spelling ({@link fold}), without the hidden reasoning of
 * the model. Abstains if the text is too long. Every normalizer begins with this.
 *
 * @throws {ConfigError} for anything but a text.
 */
export function readableText(text: string): string | Abstention {
  const unread = tooLong(text);
  if (unread !== undefined) return unread;
  const folded = fold(text);
  const close = folded.lastIndexOf('</think>');
  return close < 0 ? folded : folded.slice(close + '</think>'.length);
}
