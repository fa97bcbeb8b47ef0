import type { ToolCall } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { type Fields, textOf } from '../openai-protocol/choices.ts';
import { type TokenLogprob, tokensIn } from '../openai-protocol/mean-logprob.ts';
import { argumentsRead } from '../tool-calls.ts';

/** What the items of an output say. */
export interface ReadOutput {
  readonly text: string;
  readonly isRefusal: boolean;
  /** The reasoning or its summary, and commentary before the answer; empty without them. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  /** The log probabilities of the tokens of the text. */
  readonly logprobs: readonly TokenLogprob[];
  /** Whether an item says that it is cut. */
  readonly isCut: boolean;
  /** Whether the model wrote anything, such as an empty text. */
  readonly isThere: boolean;
}

/** What stands between two parts of a reasoning. */
export const REASONING_GAP = '\n\n';

/**
 * Reads the items of an output. Items of tools that the provider runs itself, such as a web search, add nothing.
 *
 * @throws {MalformedResponseError} if a message is not text.
 */
export const readOutput = (model: string, output: unknown): ReadOutput => {
  const items = listOf(output);
  const messages = items.filter(({ type }) => type === 'message');
  const parts = messages
    .filter((message) => !isCommentary(message))
    .map((message) => readMessage(model, message));
  const reasoning = items.flatMap((item) => reasoningIn(model, item)).join(REASONING_GAP);
  const calls = items.filter(({ type }) => type === 'function_call');
  return {
    text: parts.map(({ text }) => text).join(''),
    isRefusal: parts.some(({ isRefusal }) => isRefusal),
    reasoning,
    toolCalls: calls.map(toToolCall),
    logprobs: parts.flatMap(({ logprobs }) => logprobs.flatMap(tokensIn)),
    isCut: [...messages, ...calls].some(({ status }) => status === 'incomplete'),
    isThere: reasoning !== '' || calls.length > 0 || parts.some(({ isThere }) => isThere),
  };
};

const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(asObject) : []);

/** Whether a message is said before the answer, and is no part of it. */
export const isCommentary = ({ phase }: Fields): boolean => phase === 'commentary';

interface ReadMessage {
  readonly text: string;
  readonly isRefusal: boolean;
  /** The probabilities of each part, in the form of a chat completion. */
  readonly logprobs: readonly unknown[];
  readonly isThere: boolean;
}

const readMessage = (model: string, { content }: Fields): ReadMessage => {
  const parts = listOf(content);
  const refusals = parts.map(({ refusal }) => refusal).filter((text) => typeof text === 'string');
  return {
    text: textOf(model, { content }).content + refusals.join(''),
    isRefusal: refusals.some((text) => text !== ''),
    logprobs: parts.map(({ logprobs }) => ({ content: logprobs })),
    isThere: typeof content === 'string' || parts.some(({ type }) => type !== undefined),
  };
};

/** Returns the parts of the reasoning in an item: its summary, or else the reasoning itself, which open models show. */
const reasoningIn = (model: string, item: Fields): readonly string[] => {
  if (item.type === 'message') return isCommentary(item) ? [readMessage(model, item).text] : [];
  if (item.type !== 'reasoning') return [];
  const [summary, content] = [textsIn(item.summary), textsIn(item.content)];
  return summary.length > 0 ? summary : content;
};

const textsIn = (parts: unknown): readonly string[] =>
  listOf(parts)
    .map(({ text }) => text)
    .filter((text) => typeof text === 'string' && text !== '') as string[];

const toToolCall = (item: Fields): ToolCall => {
  const { toolName = '', ...call } = namesOf(item);
  const { arguments: written } = item;
  return { ...call, toolName, input: typeof written === 'string' ? argumentsRead(written) : written };
};

/** Returns the id and the name of a call. The id is `call_id`, to which a result refers; that of the item is another one. */
export const namesOf = ({
  call_id,
  id,
  name,
}: Fields): { readonly toolCallId?: string; readonly toolName?: string } => {
  const toolCallId = call_id ?? id;
  return {
    ...(typeof toolCallId === 'string' && { toolCallId }),
    ...(typeof name === 'string' && { toolName: name }),
  };
};
