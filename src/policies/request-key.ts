import { answerKey } from '../domain/answer-key.ts';
import type { Model } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';

/**
 * What two calls have in common when the answer to one is an answer to the other, as canonical JSON: the
 * model, everything that is asked, and which sample it is. Whether somebody watches is no part of it.
 */
export const requestText = (
  { id, provider, modelName }: Pick<Model, 'id' | 'provider' | 'modelName'>,
  { wantsDeltas: _, sample = 0, ...asked }: ModelRequest,
): string => answerKey({ id, provider, modelName, sample, asked });

/** The SHA-256 of a text in hexadecimal: in a store that others can read, no prompt stands in clear text. */
export const hashed = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
};
