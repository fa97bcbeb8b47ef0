import { IDEOGRAPHIC_SPACE } from './character-codes.ts';
import { isBeyondAscii } from './characters.ts';

/**
 * Returns a text in one spelling: well-formed, without invisible characters, full-width ASCII as plain ASCII,
 * composed (NFC). Folding twice is folding once, and plain ASCII comes back untouched.
 *
 * Keeps at most 30 combining marks in a row.
 *
 * Not NFKC: that would turn `10²` into `102` and `½` into `1⁄2`. Invisible characters are the soft hyphen,
 * the zero-width ones (joiners too, so a joined emoji becomes its parts), bidi controls and tag characters.
 * `４\u200b２` becomes `42`.
 */
export function fold(text: string): string {
  if (isAsciiText(text)) return text;
  const visible = text.toWellFormed().replace(invisible, '').replace(fullWidth, toAscii);
  const sparse = fewerMarks(visible);
  const composed = sparse.normalize('NFC');
  // Composing can add a mark, and a folded text must not change when it is folded again.
  return composed === sparse ? composed : fewerMarks(composed);
}

function isAsciiText(text: string): boolean {
  if (text.length > 40) return !beyondAscii.test(text);
  for (let at = 0; at < text.length; at++) if (isBeyondAscii(text.charCodeAt(at))) return false;
  return true;
}

const beyondAscii = /[^\0-\x7f]/;
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;
const fullWidth = /[\uff01-\uff5e\u3000]+/g;

const manyMarks = /(\p{M}{30})\p{M}+/gu;

/** Keeps 30 marks on a letter (the limit of UAX #15), because composing sorts them in square time. */
const fewerMarks = (text: string): string => text.replace(manyMarks, '$1');

/** The distance from an ASCII character to its full-width form. The blank is the exception. */
const FULL_WIDTH_OFFSET = 0xfee0;

function toAscii(wide: string): string {
  let ascii = '';
  for (let at = 0; at < wide.length; at++) {
    const code = wide.charCodeAt(at);
    ascii += code === IDEOGRAPHIC_SPACE ? ' ' : String.fromCharCode(code - FULL_WIDTH_OFFSET);
  }
  return ascii;
}
