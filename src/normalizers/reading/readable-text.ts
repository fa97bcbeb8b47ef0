import type { Abstention } from '../../domain/normalizer.ts';
import { ANSWER_TAGS } from '../marks/answer-marks.ts';
import { tooLong } from './answer-length.ts';
import { isSpace } from './characters.ts';
import { fold } from './fold.ts';
import { REASONING_TAGS, withoutReasoning } from './hidden-reasoning.ts';

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
  return withoutReasoning(asWritten(fold(ends ? text.trimEnd() : text)));
}

/** The tags of answers and of reasoning, written with entities: `&lt;answer&gt;42&lt;/answer&gt;`. */
const ESCAPED_TAG = new RegExp(`&lt;(/?(?:${ANSWER_TAGS}|${REASONING_TAGS}))&gt;`, 'gi');

/** `[ANSWER]42[/ANSWER]`. */
const BRACKETED_TAG = /\[(\/?(?:final[ _-]?)?answer)\]/gi;

/** What is struck through: `~~42~~ 43`. */
const STRUCK = /(?<!~)~~(?![~\s])[^~\n]{1,200}~~(?!~)|<del>[^<\n]{0,200}<\/del>/gi;

/** What a text has that may not be read as it is written. Alone, `includes('[/')` takes long for a text of brackets. */
const UNUSUAL = /&(?:lt|LT);|\[\/|~~|<del>/;

/** Returns a text with its tags in one spelling, and without what is struck through. */
function asWritten(text: string): string {
  if (!mayBeUnusual(text) || !UNUSUAL.test(text)) return text;
  let plain = text;
  if (plain.includes('&lt;') || plain.includes('&LT;')) plain = plain.replace(ESCAPED_TAG, '<$1>');
  if (plain.includes('[/')) plain = plain.replace(BRACKETED_TAG, '<$1>');
  if (plain.includes('~~') || plain.includes('<del>')) plain = plain.replace(STRUCK, '');
  return plain;
}

const mayBeUnusual = (text: string): boolean =>
  text.includes('<') || text.includes('[') || text.includes('&') || text.includes('~');
