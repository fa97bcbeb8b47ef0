import { openaiError } from './openai-error.ts';
import { readChat } from './read-chat.ts';
import {
  finishReasonOf,
  inPieces,
  type ServedAnswer,
  totalTokens,
  type WireDialect,
} from './wire-dialect.ts';

const FINISH_REASONS: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  // The message has a field of its own for refusals.
  refusal: 'stop',
  'tool-calls': 'tool_calls',
};

/** The arguments are a text; a call that is served with a text has broken ones. */
const written = (input: unknown): string => (typeof input === 'string' ? input : JSON.stringify(input));

/** The calls of an answer in the pieces of a stream: the name comes once, and the arguments bit by bit. */
const callDeltas = ({ toolCalls = [] }: ServedAnswer): object[] =>
  toolCalls.flatMap(({ toolCallId, toolName, input }, index) => [
    {
      tool_calls: [{ index, id: toolCallId, type: 'function', function: { name: toolName, arguments: '' } }],
    },
    ...inPieces(written(input)).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);

const messageOf = (served: ServedAnswer): object => {
  if (served.finishReason === 'refusal') return { content: null, refusal: served.text };
  const { text, toolCalls, reasoning } = served;
  return {
    content: text === '' && toolCalls !== undefined ? null : text,
    refusal: null,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(toolCalls !== undefined && {
      tool_calls: toolCalls.map(({ toolCallId, toolName, input }) => ({
        id: toolCallId,
        type: 'function',
        function: { name: toolName, arguments: written(input) },
      })),
    }),
  };
};

const usageOf = ({ usage }: ServedAnswer): object =>
  usage === undefined
    ? {}
    : {
        usage: {
          prompt_tokens: usage.inputTokens,
          completion_tokens: usage.outputTokens,
          total_tokens: totalTokens(usage),
          prompt_tokens_details: { cached_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      };

const CHUNK = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_780_000_000, model: 'served' };
const COMPLETION = { ...CHUNK, object: 'chat.completion' };

/** The chat completions of OpenAI, and of compatible servers. */
export const openaiChat: WireDialect = {
  read: readChat,
  finishReasons: ['stop', 'length', 'content-filter', 'refusal'],
  requestIdHeader: 'x-request-id',
  answer: (served) => ({
    ...COMPLETION,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', ...messageOf(served) },
        logprobs: null,
        finish_reason: FINISH_REASONS[finishReasonOf(served)],
      },
    ],
    ...usageOf(served),
  }),
  events: (served) => {
    const field = served.finishReason === 'refusal' ? 'refusal' : 'content';
    const deltas = [
      { role: 'assistant' },
      ...inPieces(served.reasoning ?? '').map((piece) => ({ reasoning_content: piece })),
      ...inPieces(served.text).map((piece) => ({ [field]: piece })),
      ...callDeltas(served),
    ];
    const chunks = [
      ...deltas.map((delta) => ({ ...CHUNK, choices: [{ index: 0, delta, finish_reason: null }] })),
      {
        ...CHUNK,
        choices: [{ index: 0, delta: {}, finish_reason: FINISH_REASONS[finishReasonOf(served)] }],
      },
      ...(served.usage === undefined ? [] : [{ ...CHUNK, choices: [], ...usageOf(served) }]),
    ];
    return [...chunks.map((chunk) => ({ data: JSON.stringify(chunk) })), { data: '[DONE]' }];
  },
  isTerminal: ({ data }) => data.includes('"finish_reason":"'),
  error: openaiError,
  errorEvent: {
    data: JSON.stringify({
      error: { message: 'The server had an error', type: 'server_error', param: null, code: null },
    }),
  },
  malformed: {
    'an empty object': {},
    'no object': 'answer',
    null: null,
    'choices that are null': { ...COMPLETION, choices: null },
    'no choice': { ...COMPLETION, choices: [] },
    'a choice that is null': { ...COMPLETION, choices: [null] },
    'no message': { ...COMPLETION, choices: [{ index: 0, finish_reason: 'stop' }] },
    'no content': {
      ...COMPLETION,
      choices: [{ index: 0, message: { role: 'assistant', content: null }, finish_reason: 'stop' }],
    },
    'content that is no text': {
      ...COMPLETION,
      choices: [{ index: 0, message: { role: 'assistant', content: { answer: 4 } }, finish_reason: 'stop' }],
    },
  },
  exhausted: {
    error: { message: 'You exceeded your quota', type: 'insufficient_quota', code: 'insufficient_quota' },
  },
};
