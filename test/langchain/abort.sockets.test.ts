import { BaseChatModel, type LangSmithParams } from '@langchain/core/language_models/chat_models';
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnsemble } from '../../src/index.ts';
import { EnsembleChatModel, fromLangChain } from '../../src/langchain/langchain.ts';
import { type FaultServer, startFaultServer } from '../../src/testing/fault-server.ts';
import { json, stalledHeaders } from '../../src/testing/replies.ts';

let server: FaultServer;
let underWay: Promise<unknown>;

beforeEach(async () => {
  server = await startFaultServer();
  underWay = server.seen(0);
  server.answer(({ path }) => (path === '/slow' ? stalledHeaders() : json({ text: 'yes' })));
});

afterEach(() => server.close());

/** A chat model that asks a server, and hands the signal of a call on. */
class Served extends BaseChatModel {
  readonly #path: string;

  constructor(path: string) {
    super({});
    this.#path = path;
  }

  override _llmType(): string {
    return 'served';
  }

  override getLsParams(): LangSmithParams {
    return { ls_model_type: 'chat', ls_model_name: this.#path.slice(1) };
  }

  async #ask({ signal }: this['ParsedCallOptions']): Promise<string> {
    // The slow one is under way when the others answer.
    if (this.#path === '/fast') await underWay;
    const response = await fetch(server.baseURL + this.#path, { method: 'POST', signal: signal ?? null });
    return ((await response.json()) as { text: string }).text;
  }

  override async _generate(_: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const message = new AIMessage(await this.#ask(options));
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    _: BaseMessage[],
    options: this['ParsedCallOptions'],
  ): AsyncGenerator<ChatGenerationChunk> {
    const message = new AIMessageChunk(await this.#ask(options));
    yield new ChatGenerationChunk({ text: message.text, message });
  }
}

const member = (path: string, id: string) => fromLangChain(new Served(path), { id });

const abandoned = (): number => server.requests.filter((request) => request.isAbandoned()).length;

describe('the connections of chat models', () => {
  it.each([
    ['invoke', []],
    ['stream', []],
    // A handler of events makes members stream.
    ['invoke', [{ handleCustomEvent: () => undefined }]],
  ] as const)('are closed when the signal of a call aborts: %s', async (method, callbacks) => {
    const ensemble = createEnsemble({ models: [member('/slow', 'a'), member('/slow', 'b')] });
    const controller = new AbortController();
    const asking = new EnsembleChatModel({ ensemble })[method]('?', {
      signal: controller.signal,
      callbacks: [...callbacks],
    });
    const ended = (async () => {
      for await (const _ of (await asking) as unknown as AsyncIterable<unknown>);
    })();
    await server.seen(1);
    controller.abort(new Error('left'));
    await expect(ended).rejects.toThrow('left');
    await Promise.all(server.requests.map((request) => request.abandoned));
    expect(abandoned()).toBe(2);
  });

  it('are closed when the vote is decided without them', async () => {
    const models = [member('/fast', 'a'), member('/fast', 'b'), member('/slow', 'c')];
    const ensemble = createEnsemble({ models, earlyStop: 'decided' });
    expect((await new EnsembleChatModel({ ensemble }).invoke('?')).text).toBe('yes');
    const slow = server.requests.find(({ path }) => path === '/slow');
    await slow?.abandoned;
    expect([server.requests.length, abandoned()]).toEqual([3, 1]);
  });
});
