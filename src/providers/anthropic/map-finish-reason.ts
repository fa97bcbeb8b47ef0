import type { FinishReason } from '../../domain/model.ts';

const REASONS: ReadonlyMap<unknown, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'refusal'],
]);

/** Why a message ended, from its `stop_reason`; absent where the API says nothing. */
export const mapFinishReason = (served: unknown): FinishReason | undefined =>
  typeof served === 'string' ? (REASONS.get(served) ?? 'other') : undefined;
