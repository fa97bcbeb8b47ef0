import { answerOf, type ServedAnswer } from '../../chat/answer-of.ts';
import { argumentsText } from '../../chat/arguments-text.ts';
import { ensembleField } from '../../chat/ensemble-field.ts';
import type { Usage } from '../../domain/model.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Dialect, Frame, JsonObject, ResponseFacts } from '../dialect.ts';
import { openAIError, streamError } from '../openai-error.ts';
import { itemId } from './item-id.ts';
import { type ResponseAsked, readResponse } from './read-response.ts';

/** The API of responses, as OpenAI has it. */
export const responses: Dialect<ResponseAsked> = {
  read: readResponse,
  write: (asked, prediction, facts) => completed(asked, prediction, facts),
  stream(asked, facts) {
    let sequence = 0;
    const frame = (type: string, more: JsonObject): Frame => ({
      event: type,
      data: { type, sequence_number: sequence++, ...more },
    });
    const waiting = (): JsonObject => responseObject(asked, facts, { status: 'in_progress', output: [] });
    return {
      begin: () => [
        frame('response.created', { response: waiting() }),
        frame('response.in_progress', { response: waiting() }),
      ],
      event(event) {
        if (event.type === 'consensus' && asked.wantsVotes) {
          const { consensus, votes } = event;
          return [frame('response.ensemble.vote', { consensus, votes })];
        }
        if (event.type !== 'complete') return [];
        const response = completed(asked, event.prediction, facts);
        const frames = (response.output as readonly JsonObject[]).flatMap((item, index) =>
          itemFrames(frame, item, index),
        );
        return [...frames, frame('response.completed', { response })];
      },
      // Clients that look only for the text of `response.failed` would read an empty answer, so an error follows.
      fail(failure) {
        const { error } = streamError(failure) as { readonly error: JsonObject };
        const { code, message, param } = error;
        return [
          frame('response.failed', {
            response: responseObject(asked, facts, {
              status: 'failed',
              output: [],
              error: { code, message },
            }),
          }),
          frame('error', { code, message, param, error }),
        ];
      },
    };
  },
  error: openAIError,
};

/** The events of one item of the output: a message or a call of a tool. */
const itemFrames = (
  frame: (type: string, more: JsonObject) => Frame,
  item: JsonObject,
  index: number,
): readonly Frame[] => {
  const place = { item_id: item.id, output_index: index };
  const added = (empty: JsonObject): Frame =>
    frame('response.output_item.added', {
      output_index: index,
      item: { ...item, status: 'in_progress', ...empty },
    });
  const done = (): Frame => frame('response.output_item.done', { output_index: index, item });
  if (item.type === 'function_call') {
    const { name, arguments: text } = item;
    return [
      added({ arguments: '' }),
      frame('response.function_call_arguments.delta', { ...place, delta: text }),
      frame('response.function_call_arguments.done', { ...place, name, arguments: text }),
      done(),
    ];
  }
  const [part] = item.content as readonly JsonObject[];
  const within = { ...place, content_index: 0 };
  return [
    added({ content: [] }),
    frame('response.content_part.added', { ...within, part: { ...part, text: '' } }),
    frame('response.output_text.delta', { ...within, delta: part?.text, logprobs: [] }),
    frame('response.output_text.done', { ...within, text: part?.text, logprobs: [] }),
    frame('response.content_part.done', { ...within, part }),
    done(),
  ];
};

const completed = (asked: ResponseAsked, prediction: Prediction, facts: ResponseFacts): JsonObject => ({
  ...responseObject(asked, facts, {
    status: 'completed',
    output: outputOf(answerOf(asked, prediction, facts.id), facts),
  }),
  usage: usageOf(prediction.metadata.usage),
  ensemble: ensembleField(prediction),
});

const outputOf = ({ text, toolCalls }: ServedAnswer, { id }: ResponseFacts): readonly JsonObject[] =>
  toolCalls.length > 0
    ? toolCalls.map(({ id: callId, name, input }, index) => {
        const call = { type: 'function_call', call_id: callId, name, arguments: argumentsText(input) };
        return { id: itemId(`fc_${id}_${index}`, call), status: 'completed', ...call };
      })
    : [
        {
          id: itemId(`msg_${id}`, { role: 'assistant', content: text }),
          type: 'message',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
        },
      ];

/** A response with the fields that clients require, and what the request said. */
const responseObject = (
  { body, model }: ResponseAsked,
  { id, createdS }: ResponseFacts,
  state: JsonObject,
): JsonObject => ({
  id: `resp_${id}`,
  object: 'response',
  created_at: createdS,
  error: null,
  incomplete_details: null,
  instructions: body.instructions ?? null,
  max_output_tokens: body.max_output_tokens ?? null,
  metadata: body.metadata ?? {},
  model,
  parallel_tool_calls: body.parallel_tool_calls ?? true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: body.temperature ?? null,
  text: body.text ?? { format: { type: 'text' } },
  tool_choice: body.tool_choice ?? 'auto',
  tools: body.tools ?? [],
  top_p: body.top_p ?? null,
  truncation: 'disabled',
  ...state,
});

const usageOf = ({
  inputTokens = 0,
  outputTokens = 0,
  cachedInputTokens,
  reasoningTokens,
}: Usage = {}): JsonObject => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: cachedInputTokens ?? 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: reasoningTokens ?? 0 },
  total_tokens: inputTokens + outputTokens,
});
