import type { ModelInput } from '../../domain/attempt.ts';
import { given } from '../../domain/given.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { withParameters } from '../extra-parameters.ts';
import { chatMessages } from '../openai-protocol/chat-messages.ts';
import { chatSettings } from '../openai-protocol/chat-settings.ts';
import { chatTools } from '../openai-protocol/chat-tools.ts';
import { type AnswerDescription, responseFormat } from '../openai-protocol/response-format.ts';
import { objectsIn } from '../provider-model.ts';
import { schemaInstruction } from '../schema-instruction.ts';
import type { Settings } from './settings.ts';
import { tokenFields } from './token-fields.ts';

/** The JSON body of a request, and the part of it that the model reads. */
interface RequestBody {
  readonly body: string;
  readonly input: ModelInput;
}

/**
 * Returns the body of a request. Parameters that are not set are not sent.
 *
 * @param own the settings of the request that the server takes, which go before the options of the model.
 * @throws {InvalidRequestError} for what the protocol cannot express.
 */
export const requestBody = (
  request: ModelRequest,
  settings: Settings,
  own: QuerySettings = {},
): RequestBody => {
  const { id, model, server, parameters, temperature, confidence } = settings;
  const { instruction, ...format } = formatOf(request, settings);
  const system = [request.system, instruction].filter((text) => text !== undefined).join('\n\n');
  const { messages, tools } = request;
  const input = {
    ...given({ system: system || undefined, tools, answerSchema: objectsIn({ ...parameters, ...format }) }),
    messages,
  };
  const described = {
    ...format,
    ...given({ temperature }),
    ...(confidence === 'logprobs' && { logprobs: server.logprobs }),
    ...chatTools(request, server.takesStrictTools === true),
  };
  const body = JSON.stringify({
    ...withParameters<object>(described, parameters),
    ...settingFields(own, server),
    ...tokenFields(request, settings, own.maxOutputTokens),
    ...(request.wantsDeltas && {
      stream: true,
      ...(server.asksForUsage && { stream_options: { include_usage: true } }),
    }),
    model,
    messages: chatMessages(id, input),
  });
  return { body, input };
};

const settingFields = ({ seed, ...settings }: QuerySettings, server: Settings['server']): object => ({
  ...chatSettings(settings),
  ...(seed !== undefined && { [server.seedField ?? 'seed']: seed }),
});

/**
 * Returns the description of a JSON answer in a request, with an instruction for the system prompt if the server does
 * not accept the schema.
 */
export const formatOf = (
  { answerSchema }: Pick<ModelRequest, 'answerSchema'>,
  { answerFormat }: Pick<Settings, 'answerFormat'>,
): { readonly instruction?: string; readonly response_format?: AnswerDescription } => {
  if (answerSchema === undefined) return {};
  const format = answerFormat === 'json_schema' ? responseFormat(answerSchema) : undefined;
  if (format !== undefined) return { response_format: format };
  // Servers with `json_object` require the word JSON in the prompt, and the model needs the schema.
  const instruction = schemaInstruction(answerSchema);
  return answerFormat === 'json_object' && answerSchema.type === 'object'
    ? { instruction, response_format: { type: 'json_object' } }
    : { instruction };
};
