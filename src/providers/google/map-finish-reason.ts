import type { FinishReason } from '../../domain/model.ts';

const known: ReadonlyMap<unknown, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // Another request could continue the answer.
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

/** Converts the API's finish reason; `undefined` while the answer is incomplete. */
export const mapFinishReason = (finishReason: unknown): FinishReason | undefined =>
  typeof finishReason === 'string' && finishReason !== '' ? (known.get(finishReason) ?? 'other') : undefined;
