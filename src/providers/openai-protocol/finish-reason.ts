import type { FinishReason } from '../../domain/model.ts';

const REASONS: ReadonlyMap<unknown, FinishReason> = new Map([
  ['stop', 'stop'],
  // Together, and servers made of text-generation-inference.
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

/** Why a chat completion ended, from its `finish_reason`; absent where the server says nothing. */
export const toFinishReason = (served: unknown): FinishReason | undefined =>
  typeof served === 'string' ? (REASONS.get(served) ?? 'other') : undefined;
