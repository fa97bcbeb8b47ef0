import type { ModelRequest } from '../../domain/request.ts';
import { responseFormat } from '../openai-protocol/response-format.ts';
import type { Settings } from './settings.ts';

/** The fields that ask for an answer in JSON. */
interface Format {
  /** What the prompt has to say, where the server cannot be told otherwise. */
  readonly words?: string;
  readonly response_format?: object;
}

/** The JSON that is sent for a question. A parameter that nobody has set is not sent. */
export const requestBody = (request: ModelRequest, settings: Settings): string => {
  const { model, server, parameters, maxOutputTokens, temperature, confidence } = settings;
  const { words, ...format } = formatOf(request, settings);
  const system = [request.system, words].filter((text) => text !== undefined).join('\n\n');
  return JSON.stringify({
    ...parameters,
    ...format,
    ...(maxOutputTokens !== undefined && { [server.maxTokensField]: maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(confidence === 'logprobs' && { logprobs: server.logprobs }),
    ...(request.wantsDeltas && {
      stream: true,
      ...(server.asksForUsage && { stream_options: { include_usage: true } }),
    }),
    model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...request.messages.map(({ role, content }) => ({ role, content })),
    ],
  });
};

const formatOf = ({ answerSchema }: ModelRequest, { answerFormat }: Settings): Format => {
  if (answerSchema === undefined) return {};
  const format = answerFormat === 'json_schema' ? responseFormat(answerSchema) : undefined;
  if (format !== undefined) return { response_format: format };
  // Servers with `json_object` alone insist on the word JSON in the prompt, and the model has to know the schema.
  const words = `Answer with JSON alone, without any other text, that fits this JSON Schema:\n${JSON.stringify(answerSchema)}`;
  return answerFormat === 'json_object' && answerSchema.type === 'object'
    ? { words, response_format: { type: 'json_object' } }
    : { words };
};
