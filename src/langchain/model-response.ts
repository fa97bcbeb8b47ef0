import type { AIMessageChunk } from '@langchain/core/messages';
import type { ModelResponse } from '../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../domain/provider-report.ts';
import type { ToolCall } from '../domain/tools.ts';
import { asObject } from '../providers/as-object.ts';
import { toFinishReason, unknownFinishReason } from '../providers/finish-reason.ts';
import type { Exchange } from '../providers/provider-model.ts';
import { type ReadUsage, readUsage } from '../providers/token-count.ts';
import { argumentsRead, callsAndThoughts, finishOf } from '../providers/tool-calls.ts';

type Message = Pick<
  AIMessageChunk,
  | 'id'
  | 'text'
  | 'tool_calls'
  | 'invalid_tool_calls'
  | 'usage_metadata'
  | 'response_metadata'
  | 'contentBlocks'
>;

/** The fields of `response_metadata` in which chat models put the finish reason, and the name of the model. */
const FINISH = ['finish_reason', 'stop_reason', 'finishReason', 'stopReason', 'done_reason'] as const;
const NAMES = ['model_name', 'model', 'modelName'] as const;

/** Converts the message of a chat model. */
export const modelResponse = (message: Message): ModelResponse => {
  const { text, id, response_metadata: metadata } = message;
  const toolCalls = toolCallsIn(message);
  const { usage, warnings } = usageIn(message);
  const reason = FINISH.map((name): unknown => metadata?.[name]).find((given) => given !== undefined);
  const finishReason = finishOf(toFinishReason(reason), toolCalls);
  // LangChain makes up the id of a message that has none.
  const ownId = id?.startsWith('run-') === true ? undefined : id;
  const model = NAMES.map((name): unknown => metadata?.[name]).find((given) => typeof given === 'string');
  return {
    text,
    ...callsAndThoughts(toolCalls, reasoningIn(message)),
    ...(usage && { usage }),
    ...(finishReason && { finishReason }),
    ...reportedByProvider({
      metadata: toProviderMetadata(ownId, model, unknownFinishReason(reason)),
      warnings,
    }),
  };
};

/** Emits what a chunk adds to the answer, to its reasoning and to the arguments of its calls. */
export const emitChunk = (chunk: AIMessageChunk, emit: Exchange['emit']): void => {
  const { text } = chunk;
  const reasoning = reasoningIn(chunk);
  if (reasoning !== '') emit(reasoning, { kind: 'reasoning' });
  if (text !== '') emit(text);
  for (const { id, name, args } of chunk.tool_call_chunks ?? [])
    emit(args ?? '', { kind: 'tool-input', toolCallId: id, toolName: name });
};

const reasoningIn = ({ contentBlocks }: Pick<Message, 'contentBlocks'>): string =>
  contentBlocks.flatMap((block) => (block.type === 'reasoning' ? [block.reasoning] : [])).join('');

/** The calls of a message. One with arguments that LangChain could not read has them as they are. */
const toolCallsIn = ({ tool_calls: calls = [], invalid_tool_calls: broken = [] }: Message): ToolCall[] => [
  ...calls.map(({ id, name, args }) => ({ toolCallId: id, toolName: name, input: args })),
  ...broken.map(({ id, name, args }) => ({
    toolCallId: id,
    toolName: name ?? '',
    input: argumentsRead(args ?? ''),
  })),
];

const usageIn = ({ usage_metadata: reported }: Message): ReadUsage =>
  readUsage(reported, (count) => {
    const { input_token_details: input, output_token_details: output } = asObject(reported);
    const inputTokens = count('input_tokens');
    const outputTokens = count('output_tokens');
    if (inputTokens === undefined && outputTokens === undefined) return undefined;
    return {
      inputTokens,
      outputTokens,
      cachedInputTokens: count('cache_read', input ?? {}),
      cacheWriteTokens: count('cache_creation', input ?? {}),
      audioInputTokens: count('audio', input ?? {}),
      reasoningTokens: count('reasoning', output ?? {}),
      audioOutputTokens: count('audio', output ?? {}),
      imageOutputTokens: count('image', output ?? {}),
    };
  });
