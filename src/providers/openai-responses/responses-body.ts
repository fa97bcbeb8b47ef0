import type { ModelInput } from '../../domain/attempt.ts';
import { given } from '../../domain/given.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { withParameters } from '../extra-parameters.ts';
import type { AnswerDescription } from '../openai-protocol/response-format.ts';
import { objectsIn } from '../provider-model.ts';
import { toResponsesRequest } from './build-request.ts';
import { type ReasoningSummary, settingFields } from './setting-fields.ts';

/** The options of a model that are part of every request. */
interface BodyOptions {
  readonly id: string;
  /** The name of the model in requests. */
  readonly model: string;
  readonly temperature?: number | undefined;
  readonly reasoningEffort?: QuerySettings['reasoningEffort'] | undefined;
  readonly reasoningSummary?: ReasoningSummary | undefined;
  readonly confidence?: 'logprobs' | undefined;
  /** More fields of the body. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** What a request has besides its text. */
interface BodyParts {
  /** The settings of the request. */
  readonly settings: QuerySettings;
  /** The fields that limit the output. */
  readonly limits: Readonly<Record<string, unknown>>;
  /** The description of the answer, if there is one. */
  readonly format: AnswerDescription | undefined;
}

/**
 * Returns the body of a request of the Responses API, and the part of it that the model reads. The settings of the query come
 * last.
 *
 * @throws {InvalidRequestError} if the API cannot be sent a part of the request.
 */
export const responsesBody = (
  request: ModelRequest,
  { id, model, parameters, ...options }: BodyOptions,
  { settings, limits, format }: BodyParts,
): { readonly body: Readonly<Record<string, unknown>>; readonly input: ModelInput } => {
  const { text, tools, ...conversation } = toResponsesRequest(id, request, format);
  const described = { store: false, ...settingFields(options), ...given({ text, tools }) };
  const own = settingFields(settings);
  const body = {
    ...withParameters(withParameters(described, parameters), own),
    ...limits,
    ...conversation,
    ...(request.wantsDeltas && { stream: true }),
    model,
  };
  const { messages, system } = request;
  const answerSchema = objectsIn({ ...parameters, text: body.text });
  return { body, input: { messages, ...given({ system, tools: request.tools, answerSchema }) } };
};
