import { answerOf, type ServedAnswer } from '../../chat/answer-of.ts';
import { ensembleField } from '../../chat/ensemble-field.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Usage } from '../../domain/model.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Asked, Dialect, Frame, JsonObject, ResponseFacts } from '../dialect.ts';
import type { HttpError } from '../request-refusal.ts';
import { readMessage } from './read-message.ts';

/** The API of messages, as Anthropic has it. */
export const messages: Dialect = {
  read: readMessage,
  write(asked, prediction, facts) {
    const answer = answerOf(asked, prediction, facts.id);
    return {
      ...head(asked, facts),
      content: blocksOf(answer),
      stop_reason: stopReason(answer),
      usage: usageOf(prediction.metadata.usage),
      ensemble: ensembleField(prediction),
    };
  },
  stream(asked, facts) {
    const frame = (type: string, more: JsonObject = {}): Frame => ({ event: type, data: { type, ...more } });
    const ending = (prediction: Prediction): readonly Frame[] => {
      const answer = answerOf(asked, prediction, facts.id);
      return [
        ...blocksOf(answer).flatMap((block, index) => [
          frame('content_block_start', { index, content_block: emptied(block) }),
          frame('content_block_delta', { index, delta: deltaOf(block) }),
          frame('content_block_stop', { index }),
        ]),
        frame('message_delta', {
          delta: { stop_reason: stopReason(answer), stop_sequence: null },
          usage: usageOf(prediction.metadata.usage),
          ensemble: ensembleField(prediction),
        }),
        frame('message_stop'),
      ];
    };
    return {
      begin: () => [
        frame('message_start', {
          message: { ...head(asked, facts), content: [], stop_reason: null, usage: usageOf() },
        }),
        frame('ping'),
      ],
      event: (event) => (event.type === 'complete' ? ending(event.prediction) : []),
      fail: (error) => [{ event: 'error', data: anthropicError(error) }],
    };
  },
  error: (error) => anthropicError(error),
};

const head = ({ model }: Asked, { id }: ResponseFacts): JsonObject => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  model,
  stop_sequence: null,
});

const blocksOf = ({ text, toolCalls }: ServedAnswer): readonly JsonObject[] =>
  toolCalls.length > 0
    ? toolCalls.map(({ id, name, input }) => ({
        type: 'tool_use',
        id: id.replace('call_', 'toolu_'),
        name,
        input: isObject(input) ? input : {},
      }))
    : [{ type: 'text', text, citations: null }];

const emptied = (block: JsonObject): JsonObject =>
  block.type === 'tool_use' ? { ...block, input: {} } : { ...block, text: '' };

const deltaOf = (block: JsonObject): JsonObject =>
  block.type === 'tool_use'
    ? { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
    : { type: 'text_delta', text: block.text };

const stopReason = ({ toolCalls }: ServedAnswer): string => (toolCalls.length > 0 ? 'tool_use' : 'end_turn');

/** Anthropic counts the tokens that are read from the cache, or written to it, besides those of the input. */
const usageOf = ({
  inputTokens = 0,
  outputTokens = 0,
  cachedInputTokens = 0,
  cacheWriteTokens = 0,
}: Usage = {}): JsonObject => ({
  input_tokens: Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens),
  cache_creation_input_tokens: cacheWriteTokens,
  cache_read_input_tokens: cachedInputTokens,
  output_tokens: outputTokens,
});

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};

/** An error in the shape of Anthropic. */
const anthropicError = ({ status, message, code, param }: HttpError): JsonObject => ({
  type: 'error',
  error: {
    type: errorTypes[status] ?? 'api_error',
    message,
    code,
    ...(param !== undefined && { param }),
  },
});
