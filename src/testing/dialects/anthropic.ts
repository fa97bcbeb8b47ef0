import type { ServedEvent } from '../replies.ts';
import { inPieces, type ServedAnswer, type WireDialect } from './wire-dialect.ts';

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  refusal: 'refusal',
};

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'served', stop_sequence: null };

const stopReason = ({ finishReason = 'stop' }: ServedAnswer): string | undefined =>
  STOP_REASONS[finishReason];

const usageOf = ({ usage }: ServedAnswer): object =>
  usage === undefined
    ? {}
    : {
        usage: {
          input_tokens: usage.inputTokens,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          output_tokens: usage.outputTokens,
        },
      };

const event = (type: string, rest: object = {}): ServedEvent => ({
  event: type,
  data: JSON.stringify({ type, ...rest }),
});

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** The Messages API of Anthropic. */
export const anthropic: WireDialect = {
  finishReasons: ['stop', 'length', 'refusal'],
  requestIdHeader: 'request-id',
  answer: (served) => ({
    ...MESSAGE,
    content: [{ type: 'text', text: served.text }],
    stop_reason: stopReason(served),
    ...usageOf(served),
  }),
  events: (served) => [
    event('message_start', {
      message: {
        ...MESSAGE,
        content: [],
        stop_reason: null,
        ...usageOf({ ...served, ...(served.usage && { usage: { ...served.usage, outputTokens: 1 } }) }),
      },
    }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('ping'),
    ...inPieces(served.text).map((text) =>
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    ),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: stopReason(served), stop_sequence: null },
      ...(served.usage && { usage: { output_tokens: served.usage.outputTokens } }),
    }),
    event('message_stop'),
  ],
  isTerminal: (served) => served.event === 'message_delta',
  error: (status, message) => ({
    type: 'error',
    error: { type: ERROR_TYPES[status] ?? 'api_error', message },
    request_id: 'req_1',
  }),
  errorEvent: event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  malformed: {
    'an empty object': {},
    'no object': 'answer',
    null: null,
    'content that is null': { ...MESSAGE, content: null, stop_reason: 'end_turn' },
    'no content': { ...MESSAGE, content: [], stop_reason: 'end_turn' },
    'a block that is null': { ...MESSAGE, content: [null], stop_reason: 'end_turn' },
    'a block without text': { ...MESSAGE, content: [{ type: 'text' }], stop_reason: 'end_turn' },
  },
};
