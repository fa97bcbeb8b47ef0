import { hashAtOnce, nodeCrypto } from '../domain/hash-at-once.ts';

/** Returns the SHA-256 digest of a text, in hexadecimal. */
export const sha256Of = async (text: string): Promise<string> => {
  const atOnce = hashAtOnce();
  if (atOnce !== undefined) return atOnce('sha256', text, 'hex');
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

const encoder = new TextEncoder();

/** Compares two digests in a time that does not depend on what they are: by `timingSafeEqual` of the platform if it has one. */
export const equalDigests = (one: string, other: string): boolean => {
  const { timingSafeEqual = equalBytes } = nodeCrypto();
  return one.length === other.length && timingSafeEqual(encoder.encode(one), encoder.encode(other));
};

/** What `timingSafeEqual` of Node does, for platforms without it: reads all bytes. */
export const equalBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.reduce((difference, byte, place) => difference | (byte ^ (other[place] ?? 0)), 0) === 0;
