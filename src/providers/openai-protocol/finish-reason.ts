import type { FinishReason } from '../../domain/model.ts';

const REASONS: ReadonlyMap<unknown, FinishReason> = new Map([
  ['stop', 'stop'],
  // Together, and servers based on text-generation-inference.
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['stop_sequence', 'stop'],
  ['length', 'length'],
  // Mistral: the context is full.
  ['model_length', 'length'],
  ['content_filter', 'content-filter'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
]);

/** Converts the `finish_reason` of a chat completion; `undefined` if it has none. */
export const toFinishReason = (reason: unknown): FinishReason | undefined =>
  typeof reason === 'string' ? (REASONS.get(reason) ?? 'other') : undefined;
