import { hashAtOnce } from '../domain/hash-at-once.ts';

/** Returns the SHA-256 digest of a text, in hexadecimal. */
export const sha256Of = async (text: string): Promise<string> => {
  const atOnce = hashAtOnce();
  if (atOnce !== undefined) return atOnce('sha256', text, 'hex');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Compares two digests of the same length in a time that does not depend on them. */
export const equalDigests = (one: string, other: string): boolean => {
  let difference = one.length ^ other.length;
  for (let place = 0; place < one.length; place += 1)
    difference |= one.charCodeAt(place) ^ other.charCodeAt(place);
  return difference === 0;
};
