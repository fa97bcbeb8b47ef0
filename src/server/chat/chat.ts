import { answerOf, type ServedAnswer } from '../../chat/answer-of.ts';
import { argumentsText } from '../../chat/arguments-text.ts';
import { ensembleField } from '../../chat/ensemble-field.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Dialect, Frame, JsonObject, ResponseFacts } from '../dialect.ts';
import { openAIError, streamError } from '../openai-error.ts';
import { chatUsage } from './chat-usage.ts';
import { type ChatAsked, readChat } from './read-chat.ts';

/** The API of chat completions, as OpenAI and most other servers have it. */
export const chat: Dialect<ChatAsked> = {
  read: readChat,
  write(asked, prediction, facts) {
    const answer = answerOf(asked, prediction, facts.id);
    return {
      ...head(asked, facts, 'chat.completion'),
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: answer.toolCalls.length > 0 ? null : answer.text,
            refusal: null,
            ...(answer.toolCalls.length > 0 && { tool_calls: toolCallsIn(answer) }),
          },
          logprobs: null,
          finish_reason: finishReason(answer),
        },
      ],
      usage: chatUsage(prediction.metadata.usage),
      ensemble: ensembleField(prediction),
    };
  },
  stream(asked, facts) {
    const chunk = (more: JsonObject): Frame => ({
      data: { ...head(asked, facts, 'chat.completion.chunk'), ...more },
    });
    const choice = (delta: JsonObject, finish: string | null = null): Frame =>
      chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
    return {
      begin: () => [choice({ role: 'assistant', content: '', refusal: null })],
      event(event) {
        if (event.type === 'complete') return [...ending(event.prediction), { data: '[DONE]' }];
        if (event.type !== 'consensus' || !asked.wantsVotes) return [];
        const { consensus, votes } = event;
        return [chunk({ choices: [], ensemble: { consensus, votes } })];
      },
      fail: (error) => [{ data: streamError(error) }],
    };
    function ending(prediction: Prediction): readonly Frame[] {
      const answer = answerOf(asked, prediction, facts.id);
      return [
        choice(
          answer.toolCalls.length > 0
            ? { tool_calls: toolCallsIn(answer).map((call, index) => ({ index, ...call })) }
            : { content: answer.text },
        ),
        choice({}, finishReason(answer)),
        chunk({
          choices: [],
          ...(asked.wantsUsage && { usage: chatUsage(prediction.metadata.usage) }),
          ensemble: ensembleField(prediction),
        }),
      ];
    }
  },
  error: openAIError,
};

const head = ({ model }: ChatAsked, { id, createdS }: ResponseFacts, object: string): JsonObject => ({
  id: `chatcmpl-${id}`,
  object,
  created: createdS,
  model,
});

const toolCallsIn = ({ toolCalls }: ServedAnswer): readonly JsonObject[] =>
  toolCalls.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: argumentsText(input) },
  }));

const finishReason = ({ toolCalls }: ServedAnswer): string => (toolCalls.length > 0 ? 'tool_calls' : 'stop');
