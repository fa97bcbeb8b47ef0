import type { FinishReason } from '../../domain/model.ts';

const known: ReadonlyMap<unknown, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // As far as one request goes; another would go on.
  ['CONTINUATION', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
  ['MODEL_ARMOR', 'content-filter'],
]);

/** Why a model stopped writing, from the API's word for it; `undefined` while it has not. */
export const mapFinishReason = (finishReason: unknown): FinishReason | undefined =>
  typeof finishReason === 'string' && finishReason !== '' ? (known.get(finishReason) ?? 'other') : undefined;
