import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import { asObject } from '../as-object.ts';
import type { Fields } from '../openai-protocol/choices.ts';
import { errorInReply, hasError } from '../openai-protocol/failure-in.ts';
import { createThinkDivider } from '../openai-protocol/reasoning.ts';
import type { Exchange } from '../provider-model.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { isCommentary, namesOf, REASONING_GAP } from './read-output.ts';

/** A response that is joined from the events of a stream. */
export interface StreamedResponse {
  /**
   * Adds an event. Events that are not known add nothing.
   *
   * @throws {ModelError} if it is an error, or of another protocol.
   */
  readonly add: (event: unknown) => void;
  /** Whether the last event has come. */
  readonly isEnded: () => boolean;
  /** The response of the last event. */
  readonly response: () => Fields;
  /** The items of the output as they were streamed, because some servers leave them out of the last event. */
  readonly output: () => readonly Fields[];
}

/** An item of the output that is being written. */
interface Draft {
  /** The item as the server sent it last. */
  item: Fields;
  isDone: boolean;
  /** What was added to it: a text, a reasoning, or the arguments of a call. */
  written: string;
  refusal: string;
  logprobs: unknown[];
}

/** Creates a response without items. Adding an event takes the same time however long the response is. */
export const createStreamedResponse = (
  model: string,
  { headers, emit }: Pick<Exchange, 'emit'> & { readonly headers?: ReplyHeaders | undefined },
): StreamedResponse => {
  const drafts = new Map<unknown, Draft>();
  let last: Fields | undefined;
  /** The part of the reasoning that was emitted last. */
  let reasoningPart: string | undefined;

  const draftOf = ({ output_index, item_id }: Fields, type: string): Draft => {
    const place = output_index ?? item_id;
    const known = drafts.get(place);
    if (known !== undefined) return known;
    const draft: Draft = { item: { type }, isDone: false, written: '', refusal: '', logprobs: [] };
    drafts.set(place, draft);
    return draft;
  };

  const emitReasoning = (delta: string, part: string): void => {
    const isNext = reasoningPart !== undefined && reasoningPart !== part;
    reasoningPart = part;
    emit(isNext ? REASONING_GAP + delta : delta, { kind: 'reasoning' });
  };

  const thinking = createThinkDivider();
  const emitText = ({ text, reasoning }: ReturnType<typeof thinking.add>): void => {
    if (reasoning !== '') emitReasoning(reasoning, 'text');
    if (text !== '') emit(text);
  };

  const addDelta = (type: string, event: Fields): void => {
    const { delta, output_index, summary_index, content_index, logprobs } = event;
    if (typeof delta !== 'string' || delta === '') return;
    const part = [output_index, summary_index ?? content_index].join();
    const draft = draftOf(event, ITEMS[type] ?? '');
    if (type === REFUSAL) draft.refusal += delta;
    else draft.written += delta;
    if (Array.isArray(logprobs)) draft.logprobs.push(...logprobs);
    if (draft.item.type === 'function_call') emit(delta, { kind: 'tool-input', ...namesOf(draft.item) });
    else if (draft.item.type === 'reasoning' || isCommentary(draft.item)) emitReasoning(delta, part);
    else emitText(thinking.add(delta));
  };

  return {
    add: (chunk) => {
      const event = asObject(chunk);
      const type = typeof event.type === 'string' ? event.type : '';
      if (type === 'error' || hasError(event)) throw errorInReply(model, event, headers);
      if (Object.hasOwn(ITEMS, type)) addDelta(type, event);
      else if (ITEM.test(type)) {
        const draft = draftOf(event, '');
        draft.item = { ...draft.item, ...asObject(event.item) };
        draft.isDone = type.endsWith('done');
      } else if (LAST.test(type)) {
        emitText(thinking.end());
        const response = asObject(event.response);
        last = { ...response, status: statusOf(type, response.status) };
      } else if (type === '' && (isObject(event.choices) || isObject(event.candidates)))
        throw otherProtocol(model);
    },
    isEnded: () => last !== undefined,
    response: () => last ?? {},
    output: () => [...drafts.values()].map(itemOf),
  };
};

const REFUSAL = 'response.refusal.delta';

/** The events that add to an item, and the type of that item. */
const ITEMS: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'message',
  [REFUSAL]: 'message',
  'response.reasoning_summary_text.delta': 'reasoning',
  'response.reasoning_text.delta': 'reasoning',
  'response.function_call_arguments.delta': 'function_call',
};

const ITEM = /^response\.output_item\.(?:added|done)$/;
const LAST = /^response\.(?:completed|incomplete|failed|cancelled|done)$/;

/** Returns the status that the last event says, by its name or in its response. Either of them may say that it is cut. */
const statusOf = (type: string, status: unknown): unknown => {
  const named = type.replace(/^.*\./, '').replace('done', 'completed');
  return named === 'completed' && ['incomplete', 'failed', 'cancelled'].includes(String(status))
    ? status
    : named;
};

/** Returns an item as it was sent when it was done, or else with what was added to it. */
const itemOf = ({ item, isDone, written, refusal, logprobs }: Draft): Fields => {
  if (isDone) return item;
  if (item.type === 'function_call') return { ...item, arguments: written };
  if (item.type === 'reasoning') return { ...item, summary: [{ text: written }] };
  const texts = [{ type: 'output_text', text: written, logprobs }];
  return { ...item, content: refusal === '' ? texts : [...texts, { type: 'refusal', refusal }] };
};

const otherProtocol = (model: string): MalformedResponseError =>
  new MalformedResponseError(model, 'the stream has an event that is not of the Responses API: check "api"');
