import type { FinishReason } from '../domain/model.ts';

/** The finish reasons of all providers. Google's are in capitals, so that no two providers mean different things by one. */
const REASONS: ReadonlyMap<unknown, FinishReason> = new Map([
  // OpenAI and servers with its protocol.
  ['stop', 'stop'],
  ['length', 'length'],
  ['content_filter', 'content-filter'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  // Together, and servers based on text-generation-inference.
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  // Mistral: the context is full.
  ['model_length', 'length'],
  // Anthropic; the first is also sent by servers based on text-generation-inference.
  ['stop_sequence', 'stop'],
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'refusal'],
  // Google.
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

/** Converts a provider's finish reason; `undefined` without one, as while the answer is incomplete. */
export const toFinishReason = (reason: unknown): FinishReason | undefined =>
  typeof reason === 'string' && reason !== '' ? (REASONS.get(reason) ?? 'other') : undefined;
