import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import type {
  BaseLanguageModelInput,
  StructuredOutputMethodOptions,
} from '@langchain/core/language_models/base';
import {
  BaseChatModel,
  type BaseChatModelParams,
  type BindToolsInput,
  type LangSmithParams,
} from '@langchain/core/language_models/chat_models';
import type { ModelProfile } from '@langchain/core/language_models/profile';
import { AIMessage, AIMessageChunk, type AIMessageFields, type BaseMessage } from '@langchain/core/messages';
import type { ToolCall, ToolCallChunk } from '@langchain/core/messages/tool';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import type { Runnable } from '@langchain/core/runnables';
import { toJsonSchema } from '@langchain/core/utils/json_schema';
import type { SerializableSchema } from '@langchain/core/utils/standard_schema';
import { argumentsText } from '../chat/arguments-text.ts';
import type { Refuse } from '../chat/asked-of.ts';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { StandardSchema } from '../domain/standard-schema.ts';
import { giveJsonSchema, jsonSchemaOf } from '../normalizers/answer-schema.ts';
import { schema as standardNormalizer } from '../normalizers/schema.ts';
import { anEnsemble, checked, ofType, properName, required } from '../options.ts';
import { PROVIDER } from './ai-message.ts';
import type { EnsembleCallOptions } from './ensemble-call-options.ts';
import { type AskableEnsemble, predicted } from './predicted.ts';
import { plain, readTool } from './read-options.ts';

/** Options of {@link EnsembleChatModel}, besides those of every chat model of LangChain. */
export interface EnsembleChatModelFields extends BaseChatModelParams {
  /** What answers: an ensemble, as `createEnsemble` returns it. */
  readonly ensemble: AskableEnsemble;
  /** The name of the model in messages, traces and the keys of a cache of LangChain. Default `ensemble`. */
  readonly model?: string;
  /**
   * Reads the texts of members that call no tool where tools may be called, such as `numeric`: how the last answer of an agent is
   * voted on. Default: by the schema of the answer; without one, all texts are the same answer, and the first member's is given.
   */
  readonly orText?: Normalizer;
}

/**
 * An ensemble as a chat model of LangChain: in chains, in `createAgent` and in graphs of LangGraph.
 *
 * - Its message has the answer, the tokens of all calls in `usage_metadata`, and the votes in `response_metadata.ensemble`.
 * - With tools, the members vote on their calls; with `withStructuredOutput`, on values that fit the schema.
 * - A stream has one chunk, because an answer is known when the votes are counted. Votes arrive before it, as the custom events
 *   `crucible.member` and `crucible.votes`.
 * - The runs of members from `fromLangChain` are within its own in traces. LangGraph does not stream their messages.
 * - `signal` closes the connections in flight, and the call fails with the reason of the signal.
 * - It never repeats a prediction that fails: `retry` of the ensemble has repeated the calls.
 *
 * @throws {ConfigError} for an invalid option; in a call for a message, a tool or a format that members cannot be sent;
 * {@link NoPredictionError} and its kinds if no prediction is possible.
 *
 * @example
 * ```ts no-run
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { EnsembleChatModel } from 'crucible-ensemble/langchain';
 *
 * const panel = createEnsemble({ models: [simulated({ id: 'a' }), simulated({ id: 'b' })] });
 * const model = new EnsembleChatModel({ ensemble: panel, model: 'panel' });
 * const message = await model.invoke('2 + 2?');
 * message.text; // '4'
 * message.response_metadata.ensemble; // { consensus: 1, votes: { 4: 2 }, … }
 * ```
 */
export class EnsembleChatModel extends BaseChatModel<EnsembleCallOptions> {
  readonly ensemble: AskableEnsemble;
  readonly model: string;
  readonly orText: Normalizer | undefined;
  /** Tells ensembles without a name apart in the keys of a cache. */
  readonly #instance: string | undefined;

  constructor(fields: EnsembleChatModelFields) {
    const { ensemble, model, orText } = checked(
      'EnsembleChatModel',
      { ensemble: fields?.ensemble, model: fields?.model, orText: fields?.orText },
      {
        ensemble: required(anEnsemble),
        model: properName,
        orText: ofType('function'),
      },
    );
    super(fields);
    this.ensemble = ensemble;
    this.model = model ?? 'ensemble';
    this.orText = orText;
    if (model === undefined) this.#instance = crypto.randomUUID();
  }

  static override lc_name(): string {
    return 'EnsembleChatModel';
  }

  override _llmType(): string {
    return PROVIDER;
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model: this.model, ...(this.#instance !== undefined && { instance: this.#instance }) };
  }

  override getLsParams(options: this['ParsedCallOptions']): LangSmithParams {
    return {
      ls_model_type: 'chat',
      ls_provider: PROVIDER,
      ls_model_name: this.model,
      ...(options.stop !== undefined && { ls_stop: options.stop }),
    };
  }

  /** `createAgent` asks for the schema of a `responseFormat` itself, instead of by a tool. */
  override get profile(): ModelProfile {
    return { toolCalling: true, structuredOutput: true };
  }

  /**
   * Returns the model with tools, which members vote to call.
   *
   * @throws {ConfigError} for a tool that a provider would run, such as its web search.
   */
  override bindTools(
    tools: BindToolsInput[],
    kwargs: Partial<EnsembleCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, EnsembleCallOptions> {
    for (const [index, tool] of tools.entries()) readTool(tool, `tools[${index}]`, refuseBy('bindTools'));
    return this.withConfig({ ...kwargs, tools });
  }

  /**
   * Returns a chain that answers with a value that fits a schema: one of zod, another Standard Schema, or a JSON Schema. The
   * members vote on such values. With `includeRaw`, it answers with `{ raw, parsed }`, where `raw` is the message.
   *
   * @throws {ConfigError} for a `method` other than `jsonSchema`, which is how members are asked.
   */
  override withStructuredOutput<Output extends Record<string, unknown> = Record<string, unknown>>(
    schema: SerializableSchema<Output> | object,
    config?: StructuredOutputMethodOptions<false>,
  ): Runnable<BaseLanguageModelInput, Output>;
  override withStructuredOutput<Output extends Record<string, unknown> = Record<string, unknown>>(
    schema: SerializableSchema<Output> | object,
    config?: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Output }>;
  override withStructuredOutput(
    schema: object,
    {
      name = 'answer',
      method = 'jsonSchema',
      includeRaw = false,
    }: StructuredOutputMethodOptions<boolean> = {},
  ): Runnable<BaseLanguageModelInput, never> {
    if (method !== 'jsonSchema')
      throw refuseBy('withStructuredOutput')(
        `method: expected "jsonSchema", which is how members are asked, but got ${JSON.stringify(method)}`,
        'method',
      );
    const jsonSchema = plain(toJsonSchema(schema as SerializableSchema));
    const asking = this.withConfig({
      response_format: { type: 'json_schema', json_schema: { name, schema: jsonSchema } },
      ls_structured_output_format: { kwargs: { method }, schema: jsonSchema },
      ...(isStandard(schema) && { overrides: { normalization: reading(schema, jsonSchema) } }),
    });
    const answering = asking.pipe((raw: BaseMessage) => {
      const { parsed } = raw.additional_kwargs;
      return (includeRaw ? { raw, parsed } : parsed) as never;
    });
    return answering.withConfig({ runName: 'StructuredOutput' });
  }

  override async _generate(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const message = new AIMessage(await this.#answer(messages, options, run));
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { tool_calls: calls = [], ...fields } = await this.#answer(messages, options, run);
    const message = new AIMessageChunk({ ...fields, tool_call_chunks: calls.map(toChunk) });
    const chunk = new ChatGenerationChunk({ text: message.text, message });
    yield chunk;
    await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
  }

  #answer(
    messages: readonly BaseMessage[],
    options: this['ParsedCallOptions'],
    run: CallbackManagerForLLMRun | undefined,
  ): Promise<AIMessageFields> {
    return predicted(messages, options as EnsembleCallOptions, {
      ...given({ orText: this.orText }),
      ensemble: this.ensemble,
      model: this.model,
      run,
      refuse: refuseBy('EnsembleChatModel'),
    });
  }
}

const toChunk = ({ id, name, args }: ToolCall, index: number): ToolCallChunk => ({
  type: 'tool_call_chunk',
  name,
  index,
  args: argumentsText(args),
  ...given({ id }),
});

const refuseBy =
  (owner: string): Refuse =>
  (fault) =>
    new ConfigError([`${owner}: ${fault}`]);

const isStandard = (schema: object): schema is StandardSchema =>
  isObject(Reflect.get(schema, '~standard')) || typeof Reflect.get(schema, '~standard') === 'function';

/** Reads answers by a Standard Schema. Models receive its JSON Schema even if only LangChain can convert it. */
const reading = (schema: StandardSchema, jsonSchema: Record<string, unknown>): Normalizer => {
  const read = standardNormalizer(schema);
  if (jsonSchemaOf(read) === undefined) giveJsonSchema(read, () => jsonSchema);
  return read;
};
