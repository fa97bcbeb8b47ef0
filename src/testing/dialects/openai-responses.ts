import type { ServedEvent } from '../replies.ts';
import { openaiError } from './openai-error.ts';
import { readResponses } from './read-responses.ts';
import { inPieces, type ServedAnswer, totalTokens, type WireDialect } from './wire-dialect.ts';

/** Why a response is not complete. A refusal and calls of tools are items of a complete one. */
const INCOMPLETE: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
};

const RESPONSE = { id: 'resp_1', object: 'response', model: 'served' };

/** The state of a response: complete, or why it is not. */
const stateOf = ({ finishReason = 'stop' }: ServedAnswer): object => {
  const reason = INCOMPLETE[finishReason];
  return reason === undefined
    ? { status: 'completed', error: null, incomplete_details: null }
    : { status: 'incomplete', error: null, incomplete_details: { reason } };
};

const usageOf = ({ usage }: ServedAnswer): object =>
  usage === undefined
    ? {}
    : {
        usage: {
          input_tokens: usage.inputTokens,
          input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          output_tokens: usage.outputTokens,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: totalTokens(usage),
        },
      };

/** An item of the output, and the pieces in which a stream adds to it. */
interface ServedItem {
  readonly item: { readonly id: string; readonly type: string };
  /** The item before anything was added. */
  readonly empty: object;
  /** The field that counts the parts of the item. Calls have none. */
  readonly index?: string;
  readonly event: string;
  readonly pieces: readonly string[];
}

const itemsOf = (served: ServedAnswer): ServedItem[] => [
  ...(served.reasoning === undefined ? [] : [reasoningItem(served.reasoning)]),
  ...(served.text === '' && served.toolCalls !== undefined ? [] : [messageItem(served)]),
  ...(served.toolCalls ?? []).map(callItem),
];

const reasoningItem = (text: string): ServedItem => {
  const item = { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text }] };
  return {
    item,
    empty: { ...item, summary: [] },
    index: 'summary_index',
    event: 'reasoning_summary_text',
    pieces: inPieces(text),
  };
};

const messageItem = ({ text, finishReason }: ServedAnswer): ServedItem => {
  const isRefusal = finishReason === 'refusal';
  const part = isRefusal
    ? { type: 'refusal', refusal: text }
    : { type: 'output_text', text, annotations: [], logprobs: [] };
  const item = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [part],
  };
  return {
    item,
    empty: { ...item, status: 'in_progress', content: [] },
    index: 'content_index',
    event: isRefusal ? 'refusal' : 'output_text',
    pieces: inPieces(text),
  };
};

/** The arguments are a text; a call that is served with a text has broken ones. */
const callItem = ({
  toolCallId,
  toolName,
  input,
}: NonNullable<ServedAnswer['toolCalls']>[number]): ServedItem => {
  const written = typeof input === 'string' ? input : JSON.stringify(input);
  const item = {
    id: `fc_${toolCallId}`,
    type: 'function_call',
    status: 'completed',
    call_id: toolCallId,
    name: toolName,
    arguments: written,
  };
  return {
    item,
    empty: { ...item, status: 'in_progress', arguments: '' },
    event: 'function_call_arguments',
    pieces: inPieces(written),
  };
};

/** The events that write an item, without those that repeat its parts. */
const eventsOf = ({ item, empty, index, event, pieces }: ServedItem, output_index: number): object[] => {
  const place = { item_id: item.id, output_index, ...(index !== undefined && { [index]: 0 }) };
  return [
    { type: 'response.output_item.added', output_index, item: empty },
    ...pieces.map((delta) => ({ type: `response.${event}.delta`, ...place, delta })),
    { type: 'response.output_item.done', output_index, item },
  ];
};

const numbered = (events: readonly object[]): ServedEvent[] =>
  events.map((event, sequence_number) => {
    const { type } = event as { readonly type: string };
    return { event: type, data: JSON.stringify({ ...event, sequence_number }) };
  });

const answer = (served: ServedAnswer): object => ({
  ...RESPONSE,
  ...stateOf(served),
  output: itemsOf(served).map(({ item }) => item),
  ...usageOf(served),
});

/** The Responses API of OpenAI, and of compatible servers. */
export const openaiResponses: WireDialect = {
  read: readResponses,
  finishReasons: ['stop', 'length', 'content-filter', 'refusal'],
  requestIdHeader: 'x-request-id',
  answer,
  events: (served) => {
    const { status } = stateOf(served) as { readonly status: string };
    return numbered([
      { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } },
      ...itemsOf(served).flatMap(eventsOf),
      { type: `response.${status}`, response: answer(served) },
    ]);
  },
  isTerminal: ({ event = '' }) => /^response\.(?:completed|incomplete|failed)$/.test(event),
  error: openaiError,
  errorEvent: {
    event: 'error',
    data: JSON.stringify({
      type: 'error',
      sequence_number: 3,
      code: 'server_error',
      message: 'The server had an error',
      param: null,
    }),
  },
  malformed: {
    'an empty object': {},
    'no object': 'answer',
    null: null,
    'output that is null': { ...RESPONSE, status: 'completed', output: null },
    'no item': { ...RESPONSE, status: 'completed', output: [] },
    'an item that is null': { ...RESPONSE, status: 'completed', output: [null] },
    'no content': { ...RESPONSE, status: 'completed', output: [{ type: 'message', role: 'assistant' }] },
    'content that is no text': {
      ...RESPONSE,
      status: 'completed',
      output: [{ type: 'message', role: 'assistant', content: { answer: 4 } }],
    },
    'a chat completion': { choices: [{ index: 0, message: { content: '391' }, finish_reason: 'stop' }] },
  },
  exhausted: {
    error: { message: 'You exceeded your quota', type: 'insufficient_quota', code: 'insufficient_quota' },
  },
};
