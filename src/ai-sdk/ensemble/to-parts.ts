import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Text,
  LanguageModelV4ToolCall,
} from '@ai-sdk/provider';
import { answerOf } from '../../chat/answer-of.ts';
import { argumentsText } from '../../chat/arguments-text.ts';
import type { AskedOfChat } from '../../chat/asked-of.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { StreamEvent } from '../../domain/stream-event.ts';
import { type MemberProgress, memberOf, toProviderMetadata, type VoteProgress } from './progress.ts';
import { toJson } from './to-json.ts';
import { PROVIDER } from './to-messages.ts';
import { toUsage } from './to-usage.ts';

/** The answer of a prediction as the AI SDK has it. */
export interface WrittenAnswer {
  readonly content: (LanguageModelV4Text | LanguageModelV4ToolCall)[];
  readonly finishReason: LanguageModelV4FinishReason;
}

/** Returns the answer of a prediction: a text, or the calls of tools that won. */
export const toContent = (
  asked: Pick<AskedOfChat, 'answersJson'>,
  prediction: Prediction,
  id: string,
): WrittenAnswer => {
  const { text, toolCalls } = answerOf(asked, prediction, id);
  if (toolCalls.length === 0)
    return { content: [{ type: 'text', text }], finishReason: { unified: 'stop', raw: undefined } };
  return {
    content: toolCalls.map((call) => ({
      type: 'tool-call',
      toolCallId: call.id,
      toolName: call.name,
      input: argumentsText(call.input),
    })),
    finishReason: { unified: 'tool-calls', raw: undefined },
  };
};

/** Returns the parts of a stream for an event of a prediction: none for most. */
export const toParts = (
  asked: Pick<AskedOfChat, 'answersJson'>,
  event: StreamEvent,
  predictionId: string,
): readonly LanguageModelV4StreamPart[] => {
  switch (event.type) {
    case 'call-end':
      if (event.role !== undefined) return [];
      return [custom('member', { predictionId, call: event.call, ...memberOf(event.outcome) })];
    case 'consensus': {
      const { consensus, votes } = event;
      return [custom('votes', { predictionId, consensus, votes })];
    }
    case 'complete':
      return ending(asked, event.prediction, predictionId);
    default:
      return [];
  }
};

const custom = (
  name: 'member' | 'votes',
  progress: MemberProgress | VoteProgress,
): LanguageModelV4StreamPart => ({
  type: 'custom',
  kind: `${PROVIDER}.${name}`,
  providerMetadata: { [PROVIDER]: toJson(progress) },
});

const ending = (
  asked: Pick<AskedOfChat, 'answersJson'>,
  prediction: Prediction,
  id: string,
): readonly LanguageModelV4StreamPart[] => {
  const { content, finishReason } = toContent(asked, prediction, id);
  return [
    ...content.flatMap((part): readonly LanguageModelV4StreamPart[] =>
      part.type === 'text'
        ? [
            { type: 'text-start', id },
            { type: 'text-delta', id, delta: part.text },
            { type: 'text-end', id },
          ]
        : [
            { type: 'tool-input-start', id: part.toolCallId, toolName: part.toolName },
            { type: 'tool-input-delta', id: part.toolCallId, delta: part.input },
            { type: 'tool-input-end', id: part.toolCallId },
            part,
          ],
    ),
    {
      type: 'finish',
      usage: toUsage(prediction.metadata.usage),
      finishReason,
      providerMetadata: toProviderMetadata(prediction),
    },
  ];
};
