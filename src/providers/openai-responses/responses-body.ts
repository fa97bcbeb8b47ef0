import type { ModelInput } from '../../domain/attempt.ts';
import { given } from '../../domain/given.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { asObject } from '../as-object.ts';
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
 * Returns the body of a request of the Responses API, and the part of it that the model reads. The parameters come last, but
 * leave the model, the conversation, the stream and the limit of the output as they are.
 *
 * @throws {InvalidRequestError} if the API cannot be sent a part of the request.
 */
export const responsesBody = (
  request: ModelRequest,
  { id, model, parameters: { stream: _, ...parameters } = {}, ...options }: BodyOptions,
  { settings, limits, format }: BodyParts,
): { readonly body: Readonly<Record<string, unknown>>; readonly input: ModelInput } => {
  const { text, tools, ...conversation } = toResponsesRequest(id, request, format);
  const { reasoning, include, ...fields } = settingFields({
    ...options,
    ...settings,
    maxOutputTokens: undefined,
  });
  const joined = given({
    text: joinedObject(text, parameters.text),
    tools: joinedList(tools, parameters.tools),
    reasoning: joinedObject(reasoning, parameters.reasoning),
    include: joinedList(include, parameters.include),
  });
  const { messages, system } = request;
  return {
    body: {
      ...fields,
      ...parameters,
      ...joined,
      ...limits,
      ...conversation,
      ...(request.wantsDeltas && { stream: true }),
      model,
    },
    input: {
      messages,
      ...given({
        system,
        tools: request.tools,
        answerSchema: objectsIn({ ...parameters, text: joined.text }),
      }),
    },
  };
};

const joinedObject = (ours: object | undefined, more: unknown): unknown =>
  ours === undefined ? more : { ...ours, ...asObject(more) };

const joinedList = (ours: readonly unknown[] | undefined, more: unknown): unknown =>
  ours === undefined ? more : [...ours, ...(Array.isArray(more) ? more : [])];
