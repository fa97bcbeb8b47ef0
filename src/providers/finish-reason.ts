import type { FinishReason } from '../domain/model.ts';
import { asObject } from './as-object.ts';

/** The words of all providers, in lower case and with underscores, by what they mean. */
const WORDS: Readonly<Record<Exclude<FinishReason, 'other'>, readonly string[]>> = {
  stop: [
    ...['stop', 'end_turn', 'stop_sequence', 'complete', 'completed'],
    // Together and servers based on text-generation-inference; Baidu.
    ...['eos', 'eos_token', 'eos_found', 'normal'],
    // The names of tokens and texts that end an answer.
    ...['eot', 'eot_id', 'im_end', 'end_of_turn', 'end_of_text', 'endoftext', 'stop_token', 'stop_string'],
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
const NONE: ReadonlySet<string> = new Set([
  ...['', 'null', 'none', 'undefined', 'nil', 'nullptr', 'false', 'unspecified', 'not_set', 'unset'],
]);

/** The words of servers that write into each event that the answer continues. They end no stream. */
const UNFINISHED: ReadonlySet<string> = new Set([
  ...['not_finished', 'unfinished', 'not_stopped', 'in_progress', 'generating', 'running', 'streaming'],
  ...['pending', 'queued', 'processing', 'ongoing'],
]);

/** The words for a failure while the answer was written: OpenRouter, DeepSeek, Zhipu, vLLM and SGLang, Cohere. */
const INTERRUPTED: ReadonlySet<string> = new Set([
  ...['error', 'insufficient_system_resource', 'network_error', 'abort', 'aborted', 'cancelled'],
  ...['user_cancel', 'timeout', 'time_limit', 'server_error', 'internal_error'],
]);

/** The fields of a finish reason that is an object. */
const FIELDS = ['type', 'reason', 'finish_reason', 'name', 'value', 'kind'] as const;

/** Returns the text of a finish reason: its own, or that within an object or an array; `undefined` without one. Of several, a cut. */
const textIn = (reason: unknown): string | undefined => {
  if (typeof reason === 'string') return reason;
  const first: unknown = Array.isArray(reason) ? reason[0] : reason;
  if (typeof first === 'string') return first;
  const fields = asObject(first);
  const texts = FIELDS.map((field) => fields[field]).filter((text) => typeof text === 'string');
  return texts.find(isCut) ?? texts[0];
};

/**
 * Returns the word of a finish reason in one spelling: `FinishReason.MAX_TOKENS`, `maxTokens` and `max-tokens` are
 * `max_tokens`. Empty if it is absent or `false`; `undefined` if it is a value without a word.
 */
const wordOf = (reason: unknown): string | undefined => {
  if (reason === undefined || reason === null || reason === false) return '';
  // Nearly every reason is a known word already: each reply is asked for dozens of them.
  if (typeof reason === 'string' && REASONS.has(reason)) return reason;
  return textIn(reason)
    ?.slice(0, LONGEST_REASON)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/^.*(?:\.|::)(?=\w)/s, '')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '')
    .replace(/^(?:finish|stop|done)_reason_/, '');
};

/** The known words are far shorter. */
const LONGEST_REASON = 200;

/**
 * Converts a provider's finish reason. `undefined` without one, as while the answer is incomplete: absent, empty, or a
 * word for nothing, such as `'null'`. A word that is not known, or a value without a word, is `'other'`.
 */
export const toFinishReason = (reason: unknown): FinishReason | undefined => {
  const word = wordOf(reason);
  if (word === undefined) return 'other';
  return NONE.has(word) ? undefined : (REASONS.get(word) ?? 'other');
};

/** Whether a finish reason in an event says that the answer has ended. A number or a flag does not. */
export const endsAnswer = (reason: unknown): boolean => {
  const word = wordOf(reason);
  return word !== undefined && !NONE.has(word) && !UNFINISHED.has(word);
};

/** Whether a finish reason means that the provider failed while it wrote the answer. */
export const isInterrupted = (reason: unknown): boolean => INTERRUPTED.has(wordOf(reason) ?? '');

/**
 * Returns a provider's finish reason that is not known, so that it can be named; `undefined` if it is known or is not a
 * word of letters. Keys have digits, so none of them can pass for a word.
 */
export const unknownFinishReason = (reason: unknown): string | undefined => {
  if (toFinishReason(reason) !== 'other') return undefined;
  const word = textIn(reason)
    ?.trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return word !== undefined && /^[a-z][a-z_]{0,39}$/.test(word) ? word : undefined;
};

/**
 * Joins two finish reasons of one stream: that of the later event. But a normal end replaces only none or an unknown one, and
 * an unknown one replaces no cut.
 */
export const laterReason = (earlier: unknown, later: unknown): unknown => {
  const before = toFinishReason(earlier);
  const isReplaceable = before === undefined || before === 'other';
  switch (toFinishReason(later)) {
    case undefined:
      return earlier;
    case 'stop':
      return isReplaceable && !isInterrupted(earlier) ? later : earlier;
    case 'other':
      return isCut(earlier) ? earlier : later;
    default:
      return later;
  }
};

/**
 * Returns the strictest of the finish reasons that one answer has in several places. The usual place comes first. A cut in
 * any place is a cut; an unknown reason elsewhere does not change a known one in the usual place.
 */
export const strictestReason = (usual: unknown, others: readonly unknown[]): unknown => {
  const given = others.filter((reason) => reason !== undefined && reason !== null);
  const cut = [usual, ...given].find((reason) => isInterrupted(reason) || isCut(reason));
  if (cut !== undefined) return cut;
  if (toFinishReason(usual) !== undefined) return usual;
  const present = given.filter((reason) => toFinishReason(reason) !== undefined);
  return present.find((reason) => toFinishReason(reason) === 'other') ?? present[0];
};

/** Whether a finish reason is known, and is not the normal end. */
const isCut = (reason: unknown): boolean => {
  const known = toFinishReason(reason);
  return known !== undefined && known !== 'other' && known !== 'stop';
};
