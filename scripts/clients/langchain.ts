import {
  bookSchema,
  type Client,
  type ClientAnswer,
  type ClientRequest,
  citySchema,
} from '../../test/server/clients/client.ts';
import { installed } from './install.ts';

interface AiMessage {
  readonly text: string;
  readonly usage_metadata?: { readonly total_tokens: number };
  readonly tool_calls: readonly { readonly id: string; readonly args: unknown }[];
  concat(other: AiMessage): AiMessage;
}
interface ChatModel {
  invoke(input: unknown, options: object): Promise<AiMessage>;
  stream(input: unknown, options: object): Promise<AsyncIterable<AiMessage>>;
  bindTools(tools: readonly object[]): ChatModel;
  withStructuredOutput(schema: object, options: object): { invoke(input: unknown): Promise<unknown> };
}
type Message = new (fields: object | string) => unknown;

/** The client of LangChain. `panel-codex` is a model with "codex" in its name, which it sends to the Responses API. */
export const langchainClients = async (): Promise<readonly Client[]> => {
  const { ChatOpenAI } = await installed<{ ChatOpenAI: new (options: object) => ChatModel }>(
    '@langchain/openai',
  );
  const { HumanMessage, ToolMessage } =
    await installed<Record<'HumanMessage' | 'ToolMessage', Message>>('@langchain/core/messages');
  const client = (name: string, path: string, more: object, nameOf = (model: string) => model): Client => {
    // A failed ensemble has retried already.
    const modelOf = ({ url, model }: ClientRequest): ChatModel =>
      new ChatOpenAI({
        model: nameOf(model),
        apiKey: 'none',
        maxRetries: 0,
        configuration: { baseURL: `${url}/v1` },
        ...more,
      });
    const given = ({ signal }: ClientRequest): object => (signal ? { signal } : {});
    const answered = ({ text, usage_metadata }: AiMessage): ClientAnswer => ({
      text,
      totalTokens: usage_metadata?.total_tokens,
    });
    return {
      name,
      path,
      create: async (request) =>
        answered(await modelOf(request).invoke([new HumanMessage(request.question)], given(request))),
      async stream(request) {
        let whole: AiMessage | undefined;
        for await (const part of await modelOf(request).stream(request.question, given(request)))
          whole = whole === undefined ? part : whole.concat(part);
        if (whole === undefined) throw new Error('the stream had no answer');
        return answered(whole);
      },
      object: (request) =>
        modelOf(request)
          .withStructuredOutput({ title: 'city', ...citySchema }, { method: 'jsonSchema' })
          .invoke(request.question),
      async tools(request, book) {
        const tool = {
          type: 'function',
          function: { name: 'book', description: 'Books a table.', parameters: bookSchema },
        };
        const model = modelOf(request).bindTools([tool]);
        const question = new HumanMessage(request.question);
        const first = await model.invoke([question], {});
        const results = first.tool_calls.map(
          ({ id, args }) => new ToolMessage({ tool_call_id: id, content: book(args) }),
        );
        return answered(await model.invoke([question, first, ...results], {}));
      },
      statusOf: (error) => (error as { status?: number }).status,
    };
  };
  return [
    client('`@langchain/openai`', '/v1/chat/completions', {}),
    client('`@langchain/openai`, `useResponsesApi`', '/v1/responses', { useResponsesApi: true }),
    client('`@langchain/openai`, a model named "codex"', '/v1/responses', {}, (model) => `${model}-codex`),
  ];
};
