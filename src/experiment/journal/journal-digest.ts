import { hashAtOnce } from '../../domain/hash-at-once.ts';

/** Computes the SHA-256 of a text in base64url. */
export const sha256 = async (text: string): Promise<string> => {
  const atOnce = hashAtOnce();
  if (atOnce !== undefined) return atOnce('sha256', text, 'base64url');
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
};

/** Encodes bytes for file names and URLs (RFC 4648, section 5), without padding. */
export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
