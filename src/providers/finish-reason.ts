import type { FinishReason } from '../domain/model.ts';

/** The words of all providers, in lower case and with underscores, by what they mean. */
const WORDS: Readonly<Record<Exclude<FinishReason, 'other'>, readonly string[]>> = {
  stop: [
    ...['stop', 'end_turn', 'stop_sequence', 'complete', 'completed'],
    // Together and servers based on text-generation-inference; Baidu.
    ...['eos', 'eos_token', 'normal'],
  ],
  length: [
    ...['length', 'max_tokens', 'max_output_tokens', 'max_completion_tokens', 'token_limit'],
    // The context is full: Mistral, Anthropic and Zhipu, xAI.
    ...['model_length', 'model_context_window_exceeded', 'context_length_exceeded', 'max_context'],
    // MiniMax; llama.cpp; Google: another request could continue the answer.
    ...['max_output', 'max_length', 'limit', 'continuation'],
  ],
  'content-filter': [
    ...['content_filter', 'content_filtered', 'safety', 'blocked', 'blocklist', 'recitation'],
    // Zhipu; Bedrock; Cohere.
    ...['sensitive', 'guardrail_intervened', 'error_toxic'],
    ...['prohibited_content', 'spii', 'model_armor', 'image_safety', 'image_prohibited_content'],
    ...['image_recitation'],
  ],
  refusal: ['refusal'],
  'tool-calls': ['tool_calls', 'tool_call', 'tool_use', 'function_call'],
};

const REASONS: ReadonlyMap<string, FinishReason> = new Map(
  Object.entries(WORDS).flatMap(([reason, words]) =>
    words.map((word) => [word, reason as FinishReason] as const),
  ),
);

/** The words of servers that write no finish reason as a word: in Python `str(None)`, in protobuf the first of an enum. */
const NONE: ReadonlySet<string> = new Set([...['', 'null', 'none', 'undefined', 'nil', 'unspecified']]);

/** The words for a failure while the answer was written: OpenRouter, DeepSeek, Zhipu, vLLM and SGLang, Cohere. */
const INTERRUPTED: ReadonlySet<string> = new Set([
  ...['error', 'insufficient_system_resource', 'network_error', 'abort', 'aborted', 'cancelled'],
  ...['user_cancel', 'timeout', 'time_limit', 'server_error', 'internal_error'],
]);

/** Servers differ in case and hyphens, and some write the prefix of an enum. */
const wordOf = (reason: unknown): string =>
  typeof reason === 'string'
    ? reason
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_')
        .replace(/^finish_reason_/, '')
    : '';

/**
 * Converts a provider's finish reason. `undefined` without one, as while the answer is incomplete: absent, empty, or a
 * word for nothing, such as `'null'`. A word that is not known is `'other'`.
 */
export const toFinishReason = (reason: unknown): FinishReason | undefined => {
  const word = wordOf(reason);
  return NONE.has(word) ? undefined : (REASONS.get(word) ?? 'other');
};

/** Whether a finish reason means that the provider failed while it wrote the answer. */
export const isInterrupted = (reason: unknown): boolean => INTERRUPTED.has(wordOf(reason));

/**
 * Returns a provider's finish reason that is not known, so that it can be named; `undefined` if it is known or is not a
 * word of letters. Keys have digits, so none of them can pass for a word.
 */
export const unknownFinishReason = (reason: unknown): string | undefined => {
  const word = wordOf(reason);
  return toFinishReason(reason) === 'other' && /^[a-z][a-z_]{0,39}$/.test(word) ? word : undefined;
};

/** Joins two finish reasons of one stream: that of the later event, except that a normal end corrects no other one. */
export const laterReason = (earlier: unknown, later: unknown): unknown => {
  const reason = toFinishReason(later);
  const isCorrected = reason !== undefined && (reason !== 'stop' || toFinishReason(earlier) === undefined);
  return isCorrected ? later : earlier;
};
