import type {
  BaseChatModel,
  BaseChatModelCallOptions,
  LangSmithParams,
} from '@langchain/core/language_models/chat_models';
import type { AIMessageChunk } from '@langchain/core/messages';
import { ModelError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { RequestFeature } from '../domain/request-features.ts';
import { sentToolName, type ToolChoice } from '../domain/tools.ts';
import { checked, hasMethods, properName, reading, required, suchThat, wholeNumber } from '../options.ts';
import { cannotBeSent } from '../providers/cannot-be-sent.ts';
import { formatOf } from '../providers/openai-compatible/request-body.ts';
import { type Exchange, objectsIn, providerModel } from '../providers/provider-model.ts';
import { langchainError } from './langchain-error.ts';
import { callbacksIn, NO_STREAM, remember } from './member-config.ts';
import { emitChunk, modelResponse } from './model-response.ts';
import { writeMessages } from './write-messages.ts';

/** Options of {@link fromLangChain}. */
export interface FromLangChainOptions {
  /** The id of the member. Default: the name that the chat model gives in traces. */
  readonly id?: string;
  /**
   * The maximum number of output tokens of the chat model, from 1; `budget` needs it. It is not sent. Default: the one that the
   * chat model gives in traces.
   */
  readonly maxOutputTokens?: number;
}

/** What is used of a chat model of LangChain. */
export type LangChainChatModel = Pick<
  BaseChatModel<BaseChatModelCallOptions, AIMessageChunk>,
  'invoke' | 'stream' | 'bindTools' | 'getLsParams' | 'profile' | 'lc_secrets'
>;

/** A file of any type is handed on; the chat model refuses those that its provider does not take. */
const CARRIES: ReadonlySet<RequestFeature> = new Set([
  ...(['image', 'image-url', 'pdf', 'pdf-url', 'audio', 'audio-url', 'file', 'file-url', 'tools'] as const),
]);

/** The other settings of a chat model are those that it was created with. */
const TAKES: ReadonlySet<keyof QuerySettings> = new Set(['stopSequences']);

/**
 * Returns a chat model of LangChain as a member of an ensemble: with its deltas, its tools, its usage and its errors. An
 * ensemble that cancels the call closes its connection.
 *
 * - It makes one attempt, without the `maxRetries` of the chat model: `retry` of the ensemble repeats calls.
 * - Of the settings of a query it takes `stopSequences`. Others are left out with a warning: create the chat model with them.
 * - The schema of an answer is an option of the call if the chat model's `profile` says that its provider takes one, and else an
 *   instruction in the system prompt.
 * - Its run is within that of the ensemble if an `EnsembleChatModel` asks, and within that of a node of LangGraph if the
 *   node's configuration is the `context` of the prediction. LangGraph does not stream its messages.
 *
 * @throws {ConfigError} if `chatModel` is no chat model, or an option is invalid.
 *
 * @example
 * ```ts no-run
 * import { ChatOpenAI } from '@langchain/openai';
 * import { createEnsemble } from 'crucible-ensemble';
 * import { fromLangChain } from 'crucible-ensemble/langchain';
 *
 * const ensemble = createEnsemble({
 *   models: ['gpt-5-mini', 'gpt-4.1-mini'].map((model) => fromLangChain(new ChatOpenAI({ model }))),
 * });
 * ```
 */
export const fromLangChain = (chatModel: LangChainChatModel, options: FromLangChainOptions = {}): Model =>
  reading('fromLangChain', () => {
    const named = checked(
      'fromLangChain',
      { chatModel },
      {
        chatModel: required(
          suchThat('a chat model of LangChain, such as new ChatOpenAI(…)', (value) =>
            hasMethods(value, 'invoke', 'stream', 'getLsParams'),
          ),
        ),
      },
    ).chatModel;
    const { ls_provider, ls_model_name, ls_max_tokens, ls_temperature, ls_stop } = named.getLsParams(
      {} as never,
    ) as Partial<LangSmithParams>;
    const modelId = ls_model_name ?? 'model';
    const provider = ls_provider ?? 'langchain';
    const { id, maxOutputTokens } = checked('fromLangChain', options, {
      id: [properName, modelId],
      maxOutputTokens: [wholeNumber(1), ls_max_tokens ?? undefined],
    });
    return providerModel<LangChainChatModel>({
      id,
      provider,
      modelId,
      maxOutputTokens,
      carries: CARRIES,
      takes: TAKES,
      hasNoConfidence: true,
      secrets: Object.keys(named.lc_secrets ?? {}).map((name): unknown => Reflect.get(named, name)),
      settings: { temperature: ls_temperature, maxOutputTokens, stop: ls_stop },
      connect: () => Promise.resolve(named),
      ask: (model, exchange) => ask(model, exchange, { id, maxOutputTokens }),
      toError: (error) => langchainError(id, error),
    });
  });

/** What a model cannot be asked without, besides the request. */
interface Asked {
  readonly id: string;
  readonly maxOutputTokens: number | undefined;
}

const ask = async (
  model: LangChainChatModel,
  { request, settings, signal, emit, sends }: Exchange,
  { id, maxOutputTokens = Number.POSITIVE_INFINITY }: Asked,
): Promise<ModelResponse> => {
  if (request.maxOutputTokens !== undefined && request.maxOutputTokens < maxOutputTokens)
    throw cannotBeSent(id, 'a limit of output tokens: create the chat model with that of the budget');
  const { instruction, options: format } = formatted(model, request);
  const system = [request.system, instruction].filter(Boolean).join('\n\n');
  const asked: ModelRequest = system === '' ? request : { ...request, system };
  const callbacks = callbacksIn(request.context);
  const options = {
    ...format,
    ...(settings.stopSequences && { stop: [...settings.stopSequences] }),
    ...(callbacks && { callbacks }),
    tags: [NO_STREAM],
    runName: id,
    maxRetries: 0,
    signal,
  };
  const messages = writeMessages(asked);
  const asking = withTools(id, model, request);
  sends({
    messages: asked.messages,
    ...given({ system: asked.system, tools: asked.tools, answerSchema: objectsIn(format) }),
  });
  const answering =
    request.wantsDeltas === true
      ? streamed(id, asking.stream(messages, options), emit)
      : asking.invoke(messages, options);
  remember(answering, callbacks);
  return modelResponse(await answering);
};

/** Emits the chunks of a stream, and returns their message. */
const streamed = async (
  id: string,
  stream: Promise<AsyncIterable<AIMessageChunk>>,
  emit: Exchange['emit'],
): Promise<AIMessageChunk> => {
  let whole: AIMessageChunk | undefined;
  for await (const chunk of await stream) {
    emitChunk(chunk, emit);
    whole = whole === undefined ? chunk : whole.concat(chunk);
  }
  if (whole !== undefined) return whole;
  throw new ModelError(id, 'the chat model ended its stream without a message');
};

/** The options of a call that describe a JSON answer, or an instruction if the provider takes no schema. */
const formatted = (
  { profile }: LangChainChatModel,
  request: ModelRequest,
): { readonly instruction?: string | undefined; readonly options: Readonly<Record<string, unknown>> } => {
  const { answerSchema: schema } = request;
  const takesSchemas = profile?.structuredOutput === true;
  const { instruction, response_format } = formatOf(request, {
    answerFormat: takesSchemas ? 'json_schema' : 'none',
  });
  if (response_format === undefined) return { instruction, options: {} };
  // Each class of LangChain reads the option of its own provider, and no others.
  return {
    options: {
      response_format,
      outputConfig: { format: { type: 'json_schema', schema } },
      responseSchema: schema,
    },
  };
};

/** @throws {InvalidRequestError} if the chat model takes no tools. */
const withTools = (
  id: string,
  model: LangChainChatModel,
  { tools, toolChoice }: ModelRequest,
): Pick<LangChainChatModel, 'invoke' | 'stream'> => {
  if (tools === undefined) return model;
  if (typeof model.bindTools !== 'function') throw cannotBeSent(id, 'tools: its class has no bindTools');
  const bound = Object.entries(tools).map(([name, { description, inputSchema }]) => ({
    type: 'function',
    function: { name: sentToolName(name), parameters: inputSchema, ...given({ description }) },
  }));
  return model.bindTools(bound, toolChoice === undefined ? {} : { tool_choice: choiceOf(toolChoice) });
};

const choiceOf = (choice: ToolChoice): string => {
  if (typeof choice === 'object') return sentToolName(choice.toolName);
  return choice === 'required' ? 'any' : choice;
};
