import type { ModelInput } from '../../domain/attempt.ts';
import { given } from '../../domain/given.ts';
import { textOf } from '../../domain/message.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { type AnswerDescription, responseFormat } from '../openai-protocol/response-format.ts';
import { objectsIn } from '../provider-model.ts';
import type { Settings } from './settings.ts';
import { tokenFields } from './token-fields.ts';

/** The JSON body of a request, and the part of it that the model reads. */
interface RequestBody {
  readonly body: string;
  readonly input: ModelInput;
}

/** Returns the body of a request. Parameters that are not set are not sent. */
export const requestBody = (request: ModelRequest, settings: Settings): RequestBody => {
  const { model, server, parameters, temperature, confidence } = settings;
  const { instruction, ...format } = formatOf(request, settings);
  const system = [request.system, instruction].filter((text) => text !== undefined).join('\n\n');
  const { messages } = request;
  const input = {
    ...given({ system: system || undefined, answerSchema: objectsIn({ ...parameters, ...format }) }),
    messages,
  };
  const body = JSON.stringify({
    ...parameters,
    ...format,
    ...tokenFields(request, settings),
    ...given({ temperature }),
    ...(confidence === 'logprobs' && { logprobs: server.logprobs }),
    ...(request.wantsDeltas && {
      stream: true,
      ...(server.asksForUsage && { stream_options: { include_usage: true } }),
    }),
    model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...messages.map(({ role, content }) => ({ role, content: textOf(content) })),
    ],
  });
  return { body, input };
};

/**
 * Returns the description of a JSON answer in a request, with an instruction for the system prompt if the server does
 * not accept the schema.
 */
export const formatOf = (
  { answerSchema }: ModelRequest,
  { answerFormat }: Settings,
): { readonly instruction?: string; readonly response_format?: AnswerDescription } => {
  if (answerSchema === undefined) return {};
  const format = answerFormat === 'json_schema' ? responseFormat(answerSchema) : undefined;
  if (format !== undefined) return { response_format: format };
  // Servers with `json_object` require the word JSON in the prompt, and the model needs the schema.
  const instruction = `Answer with JSON alone, without any other text, that fits this JSON Schema:\n${JSON.stringify(answerSchema)}`;
  return answerFormat === 'json_object' && answerSchema.type === 'object'
    ? { instruction, response_format: { type: 'json_object' } }
    : { instruction };
};
