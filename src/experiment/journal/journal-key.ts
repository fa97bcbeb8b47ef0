import type { ModelIdentity } from '../../domain/attempt.ts';
import type { Model } from '../../domain/model.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { reading } from '../../options.ts';
import { callText } from './call-text.ts';
import { sha256 } from './journal-digest.ts';

/**
 * Computes the key of a call, 43 characters: the SHA-256, in base64url, of the model with its `settings`, the request and
 * the sample number. Equal calls have equal keys on every machine, and keys reveal no prompt. Listeners are not part of the
 * key. Of a dataset, only the question is.
 *
 * Costs one digest; makes no calls.
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
export const callKey = (
  model: ModelIdentity & Pick<Model, 'settings'>,
  request: ModelRequest,
): Promise<string> => reading('callKey', () => sha256(callText(model, request)));
