import type { ModelIdentity } from '../../domain/attempt.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { requestText } from '../../policies/request-key.ts';
import { sha256 } from './journal-digest.ts';

/**
 * The key under which a call is recorded, 43 characters: the SHA-256, in base64url, of the model, everything
 * that is asked, and which sample it is. Equal calls have equal keys, on every machine; no prompt can be read
 * from one. Who listens to a call is no part of it.
 *
 * Costs one digest, and no call.
 *
 * @example
 * ```ts
 * import { callKey } from 'crucible-ensemble/experiment';
 *
 * const request = { prompt: '2 + 2?', messages: [{ role: 'user' as const, content: '2 + 2?' }] };
 * const first = await callKey({ id: 'small' }, request);
 * const again = await callKey({ id: 'small' }, { ...request, wantsDeltas: true });
 * const other = await callKey({ id: 'small' }, { ...request, sample: 1 });
 * [first.length, again === first, other === first]; // => [43, true, false]
 * ```
 */
export const callKey = (model: ModelIdentity, request: ModelRequest): Promise<string> =>
  keyOfText(requestText(model, request));

/** The key of a call of which {@link requestText} is known. */
export const keyOfText = (text: string): Promise<string> => sha256(text);
