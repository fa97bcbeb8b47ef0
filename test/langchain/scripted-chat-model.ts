import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base';
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
  type LangSmithParams,
} from '@langchain/core/language_models/chat_models';
import { AIMessage, AIMessageChunk, type AIMessageFields, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import type { Runnable } from '@langchain/core/runnables';

export interface ScriptedCallOptions extends BaseChatModelCallOptions {
  readonly tools?: readonly object[];
}

/** What a scripted chat model was asked. */
export interface Received {
  readonly messages: readonly BaseMessage[];
  readonly options: Partial<ScriptedCallOptions> & Readonly<Record<string, unknown>>;
}

type Said = string | AIMessageFields;
type Say = (received: Received) => Said | Promise<Said>;

/** A chat model that says what a function returns, and remembers what it was asked. */
export class ScriptedChatModel extends BaseChatModel<ScriptedCallOptions> {
  readonly received: Received[] = [];
  override readonly name: string;
  readonly #say: Say;
  readonly #more: object;

  constructor(name: string, say: Said | Say, more: object = {}) {
    super({});
    this.name = name;
    this.#say = typeof say === 'function' ? say : () => say;
    this.#more = more;
  }

  override _llmType(): string {
    return 'scripted';
  }

  override get profile(): object {
    return this.#more;
  }

  override getLsParams(): LangSmithParams {
    return { ls_model_type: 'chat', ls_provider: 'scripts', ls_model_name: this.name, ls_max_tokens: 100 };
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs: Partial<ScriptedCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, ScriptedCallOptions> {
    return this.withConfig({ tools, ...kwargs });
  }

  async #said(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<AIMessageFields> {
    const received = { messages, options: { ...options } };
    this.received.push(received);
    const said = await this.#say(received);
    return typeof said === 'string' ? { content: said } : said;
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const message = new AIMessage(await this.#said(messages, options));
    return { generations: [{ text: message.text, message }] };
  }

  /** One chunk for each word, and one for the rest. */
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { content, ...rest } = await this.#said(messages, options);
    const words = typeof content === 'string' ? content.split(/(?<= )/) : [];
    for (const fields of [...words.map((text) => ({ content: text })), { content: '', ...rest }]) {
      const message = new AIMessageChunk(fields as AIMessageFields);
      const chunk = new ChatGenerationChunk({ text: message.text, message });
      yield chunk;
      await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}
