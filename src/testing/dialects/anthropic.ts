import type { ServedEvent } from '../replies.ts';
import { readMessages } from './read-messages.ts';
import { finishReasonOf, inPieces, type ServedAnswer, type WireDialect } from './wire-dialect.ts';

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  refusal: 'refusal',
  'tool-calls': 'tool_use',
};

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'served', stop_sequence: null };

const stopReason = (served: ServedAnswer): string | undefined => STOP_REASONS[finishReasonOf(served)];

/** A content block: how it begins in a stream, the pieces that follow, and what it is as a whole. */
interface Block {
  readonly start: object;
  readonly deltas: readonly object[];
  readonly whole: object;
}

const blocksOf = ({ reasoning, text, toolCalls = [] }: ServedAnswer): readonly Block[] => [
  ...(reasoning === undefined ? [] : [thinkingBlock(reasoning)]),
  ...(text === '' && toolCalls.length > 0 ? [] : [textBlock(text)]),
  ...toolCalls.map(({ toolCallId, toolName, input }) => ({
    start: { type: 'tool_use', id: toolCallId, name: toolName, input: {} },
    deltas: inPieces(typeof input === 'string' ? input : JSON.stringify(input)).map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    })),
    whole: { type: 'tool_use', id: toolCallId, name: toolName, input },
  })),
];

const textBlock = (text: string): Block => ({
  start: { type: 'text', text: '' },
  deltas: inPieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
  whole: { type: 'text', text },
});

const thinkingBlock = (thinking: string): Block => ({
  start: { type: 'thinking', thinking: '', signature: '' },
  deltas: [
    ...inPieces(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
    { type: 'signature_delta', signature: 'c2lnbmVk' },
  ],
  whole: { type: 'thinking', thinking, signature: 'c2lnbmVk' },
});

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
  read: readMessages,
  requestIdHeader: 'request-id',
  answer: (served) => ({
    ...MESSAGE,
    content: blocksOf(served).map(({ whole }) => whole),
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
    event('ping'),
    ...blocksOf(served).flatMap(({ start, deltas }, index) => [
      event('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
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
