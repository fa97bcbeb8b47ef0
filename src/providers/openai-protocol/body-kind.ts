/** The fields of events in a stream. */
const FIELDS: ReadonlySet<string> = new Set(['data', 'event', 'id', 'retry']);
const LONGEST_FIELD = 5;

const BYTE_ORDER_MARK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf]);
const SPACE = 0x20;
const COLON = 0x3a;
const NEWLINES: ReadonlySet<number> = new Set([0x0a, 0x0d]);
const LETTER = /[a-z]/i;

/**
 * Creates a function that tells from the chunks of a body whether it is a stream of events; `undefined` as long as
 * that is unknown. Servers write errors and whole answers in place of streams, streams in place of answers, with any content
 * type, and comments before each of them.
 *
 * @param isExpected whether a stream was asked for: then anything that begins with a letter is one.
 */
export const createKindSeeker = (isExpected: boolean): ((chunk: Uint8Array) => boolean | undefined) => {
  let isInComment = false;
  let field = '';
  const isStreamAt = (byte: number): boolean | undefined => {
    if (isInComment) {
      isInComment = !NEWLINES.has(byte);
      return undefined;
    }
    if (field === '' && byte === COLON) {
      isInComment = true;
      return undefined;
    }
    if (field === '' && (byte <= SPACE || BYTE_ORDER_MARK.has(byte))) return undefined;
    const character = String.fromCharCode(byte);
    if (isExpected || !LETTER.test(character)) {
      return isExpected && field === '' ? LETTER.test(character) : byte === COLON && FIELDS.has(field);
    }
    field += character.toLowerCase();
    return field.length > LONGEST_FIELD ? false : undefined;
  };
  return (chunk) => {
    for (const byte of chunk) {
      const isStream = isStreamAt(byte);
      if (isStream !== undefined) return isStream;
    }
    return undefined;
  };
};

const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Creates a function that tells whether the chunks of a JSON body end with the end of its object or array. It does not
 * read what follows, so that a connection that stays open is not waited for.
 */
export const createJsonEndSeeker = (): ((chunk: Uint8Array) => boolean) => {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let isAtEnd = false;
  const add = (byte: number): void => {
    if (isInString) {
      isInString = byte !== QUOTE || isEscaped;
      isEscaped = byte === BACKSLASH && !isEscaped;
    } else if (byte === QUOTE) isInString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) {
      depth -= 1;
      isAtEnd = depth === 0;
    } else if (byte > SPACE) isAtEnd = false;
  };
  return (chunk) => {
    chunk.forEach(add);
    return isAtEnd && depth === 0;
  };
};
