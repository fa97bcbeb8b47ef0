import type { AIMessageFields, UsageMetadata } from '@langchain/core/messages';
import { answerOf } from '../chat/answer-of.ts';
import type { AskedOfChat, JsonObject } from '../chat/asked-of.ts';
import { ensembleField } from '../chat/ensemble-field.ts';
import { given } from '../domain/given.ts';
import type { Usage } from '../domain/model.ts';
import type { Prediction } from '../domain/prediction.ts';

/** The name of this library in messages and traces. */
export const PROVIDER = 'crucible-ensemble';

/**
 * Returns the message of a prediction.
 *
 * @param id letters and digits, to make the ids of tool calls of.
 */
export const aiMessage = (
  asked: Pick<AskedOfChat, 'answersJson'>,
  prediction: Prediction,
  { model, id }: { readonly model: string; readonly id: string },
): AIMessageFields => {
  const { text, toolCalls } = answerOf(asked, prediction, id);
  const { usage } = prediction.metadata;
  return {
    content: text,
    tool_calls: toolCalls.map((call) => ({
      type: 'tool_call',
      id: call.id,
      name: call.name,
      args: call.input as Record<string, unknown>,
    })),
    // LangChain infers no type for it where a message has no declared structure.
    ...(usage !== undefined && { usage_metadata: usageMetadata(usage) as never }),
    ...(asked.answersJson && toolCalls.length === 0 && { additional_kwargs: { parsed: prediction.answer } }),
    response_metadata: {
      model_provider: PROVIDER,
      model_name: model,
      finish_reason: toolCalls.length > 0 ? 'tool_calls' : 'stop',
      ensemble: ensembleField(prediction),
    },
  };
};

/** The tokens of all calls of a prediction, in the words of LangChain. */
const usageMetadata = ({ inputTokens = 0, outputTokens = 0, ...parts }: Usage): UsageMetadata => ({
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  ...details('input_token_details', {
    cache_read: parts.cachedInputTokens,
    cache_creation: parts.cacheWriteTokens,
    audio: parts.audioInputTokens,
  }),
  ...details('output_token_details', {
    reasoning: parts.reasoningTokens,
    audio: parts.audioOutputTokens,
    image: parts.imageOutputTokens,
  }),
});

const details = (name: string, counts: JsonObject): JsonObject => {
  const known = given(counts);
  return Object.keys(known).length === 0 ? {} : { [name]: known };
};
