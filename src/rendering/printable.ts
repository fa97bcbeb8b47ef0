/**
 * Characters that control a terminal, reorder text or are hidden: control characters (C0 with ESC, DEL, C1), format
 * characters (bidi, zero-width, tags), lone surrogates, line and paragraph separators. The two joiners are not among
 * them, because several scripts are misspelt without them.
 */
export const unprintable = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text without characters that hide or reorder text. Each is replaced, but for line breaks and tabs. */
export const visible = (text: string): string =>
  text.replace(unprintable, (character) => (/[\n\t]/.test(character) ? character : '\ufffd'));

const escaped = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
};

/**
 * Returns an untrusted text that is safe to show: on one line, with control characters escaped visibly, and cut if it
 * is longer than `maxLength` characters.
 *
 * @example
 * ```ts no-run
 * printable('4\n\u001b[2J2'); // '4 ⏎ \x1b[2J2'
 * ```
 */
export const printable = (text: string, maxLength = 200): string => {
  const trimmed = text.trim();
  // An answer may have megabytes. Nothing after this length is shown, unless it is escaped or collapsed first.
  const head = trimmed.slice(0, 4 * maxLength);
  const line = head
    .replace(/[\r\n]+/g, ' ⏎ ')
    .replace(/[ \t]+/g, ' ')
    .replace(unprintable, escaped);
  const characters = Array.from(line);
  return characters.length <= maxLength && head.length === trimmed.length
    ? line
    : `${characters.slice(0, maxLength - 1).join('')}…`;
};
