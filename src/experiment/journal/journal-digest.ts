import { hashAtOnce } from '../../policies/hash-at-once.ts';
import { base64url } from './base64url.ts';

/** Computes the SHA-256 of a text in base64url. */
export const sha256 = async (text: string): Promise<string> => {
  const atOnce = hashAtOnce();
  if (atOnce !== undefined) return atOnce('sha256', text, 'base64url');
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
};
