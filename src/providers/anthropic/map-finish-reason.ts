import type { FinishReason } from '../../domain/model.ts';

const REASONS: ReadonlyMap<unknown, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'refusal'],
]);

/** Converts the `stop_reason` of a message; `undefined` if it has none. */
export const mapFinishReason = (reason: unknown): FinishReason | undefined =>
  typeof reason === 'string' ? (REASONS.get(reason) ?? 'other') : undefined;
