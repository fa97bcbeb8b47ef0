/** The length of a piece of a key that is looked for. Shorter ones are found in other words. */
const PIECE = 8;

/**
 * The minimum number of letters and digits of a key whose pieces are looked for. Words such as `lm-studio` are keys of local
 * servers.
 */
const SHORTEST_KEY = 12;

/** Only letters and digits, because a server may divide a key, or escape what is between them. */
const plain = (text: string): string => text.replace(/[^a-z0-9]/gi, '').toLowerCase();

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const split = (text: string): readonly string[] => text.split(/[\s=;:,&?]+/).filter((part) => part !== '');

/** The parts of a header or of a key in the form `user:key`, such as `Bearer …`, `key=…` or `Basic …`. */
export const secretParts = (secret: string): readonly string[] => {
  const parts = split(secret);
  return [...new Set([secret.trim(), ...parts, ...parts.flatMap((part) => split(fromBase64(part)))])];
};

const fromBase64 = (text: string): string => {
  try {
    return atob(text);
  } catch {
    return '';
  }
};

/** A text in base64, as it appears within a longer one: at any of three offsets, and without what the others share. */
const inBase64 = (text: string): readonly string[] => {
  try {
    return ['', ' ', '  '].map((before) => btoa(before + text).slice(4, -4));
  } catch {
    return [];
  }
};

/**
 * Returns a function that finds a key, or a piece of it, in what a server says: in small letters or capitals, escaped,
 * divided, or in base64.
 */
export const echoOf = (secrets: readonly string[]): ((text: string) => boolean) => {
  const keys = secrets
    .flatMap((secret) => [secret, ...inBase64(secret)])
    .map(plain)
    .filter((key) => key.length >= SHORTEST_KEY);
  const [pieces, parts] = [PIECE, PART].map((length) => new Set(keys.flatMap((key) => cuts(key, length, 1))));
  const hasPiece = (text: string): boolean =>
    cuts(text, PART, STEP).some((part) => parts?.has(part)) &&
    cuts(text, PIECE, 1).some((piece) => pieces?.has(piece));
  return (text) =>
    keys.length > 0 &&
    (hasPiece(plain(text)) || (text.includes('%') && hasPiece(plain(decoded(decoded(text))))));
};

/** Returns the cuts of a text with this length, each `step` characters after the one before. */
const cuts = (text: string, length: number, step: number): readonly string[] => {
  const found: string[] = [];
  for (let at = 0; at + length <= text.length; at += step) found.push(text.slice(at, at + length));
  return found;
};

/** Of the parts of a text at every {@link STEP}th character, one is within any piece of it. Few texts have one of a key. */
const PART = 4;
const STEP = PIECE - PART + 1;
