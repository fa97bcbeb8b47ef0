import {
  bookSchema,
  type Client,
  type ClientAnswer,
  type ClientRequest,
  citySchema,
} from '../../test/server/clients/client.ts';
import { installed } from './install.ts';

interface Asking {
  readonly model: unknown;
  readonly prompt: string;
  readonly abortSignal?: AbortSignal;
  readonly maxOutputTokens?: number;
  readonly tools?: object;
  readonly stopWhen?: unknown;
  readonly output?: unknown;
}
interface Usage {
  readonly totalTokens?: number;
}
interface StreamPart {
  readonly type: string;
  readonly error?: unknown;
  readonly text?: string;
  readonly totalUsage?: Usage;
}
interface Sdk {
  generateText(
    options: Asking,
  ): Promise<{ readonly text: string; readonly totalUsage: Usage; readonly output: unknown }>;
  streamText(options: Asking & { readonly onError: () => void }): {
    readonly fullStream: AsyncIterable<StreamPart>;
  };
  tool(options: object): unknown;
  jsonSchema(schema: object): unknown;
  isStepCount(count: number): unknown;
  readonly Output: { object(options: object): unknown };
}

type Provider = (model: string) => unknown;
type ProviderFactory = (options: object) => Provider & { chat(model: string): unknown };

/** The clients of the AI SDK. */
export const aiSdkClients = async (): Promise<readonly Client[]> => {
  const sdk = await installed<Sdk>('ai');
  const { createOpenAI } = await installed<{ createOpenAI: ProviderFactory }>('@ai-sdk/openai');
  const { createOpenAICompatible } = await installed<{ createOpenAICompatible: ProviderFactory }>(
    '@ai-sdk/openai-compatible',
  );
  const { createAnthropic } = await installed<{ createAnthropic: ProviderFactory }>('@ai-sdk/anthropic');
  const at = ({ url }: ClientRequest): object => ({ baseURL: `${url}/v1`, apiKey: 'none', name: 'crucible' });
  const client = (name: string, path: string, modelOf: (request: ClientRequest) => unknown): Client => {
    const asking = (request: ClientRequest): Asking => ({
      model: modelOf(request),
      prompt: request.question,
      maxOutputTokens: 100,
      ...(request.signal && { abortSignal: request.signal }),
    });
    return {
      name,
      path,
      async create(request) {
        const { text, totalUsage } = await sdk.generateText(asking(request));
        return { text, totalTokens: totalUsage.totalTokens };
      },
      async stream(request) {
        let text = '';
        let usage: Usage = {};
        const { fullStream } = sdk.streamText({ ...asking(request), onError: () => undefined });
        for await (const part of fullStream) {
          if (part.type === 'error') throw part.error;
          if (part.type === 'text-delta') text += part.text ?? '';
          if (part.type === 'finish') usage = part.totalUsage ?? {};
        }
        return { text, totalTokens: usage.totalTokens } satisfies ClientAnswer;
      },
      async object(request) {
        const output = sdk.Output.object({ schema: sdk.jsonSchema(citySchema) });
        return (await sdk.generateText({ ...asking(request), output })).output;
      },
      async tools(request, book) {
        const tool = sdk.tool({
          description: 'Books a table.',
          inputSchema: sdk.jsonSchema(bookSchema),
          execute: async (input: unknown) => book(input),
        });
        return sdk.generateText({
          ...asking(request),
          tools: { book: tool },
          stopWhen: sdk.isStepCount(3),
        });
      },
      statusOf: (error) => (error as { statusCode?: number }).statusCode,
    };
  };
  return [
    client('`@ai-sdk/openai`, its default', '/v1/responses', (request) =>
      createOpenAI(at(request))(request.model),
    ),
    client('`@ai-sdk/openai`, `chat`', '/v1/chat/completions', (request) =>
      createOpenAI(at(request)).chat(request.model),
    ),
    client('`@ai-sdk/openai-compatible`', '/v1/chat/completions', (request) =>
      createOpenAICompatible({ ...at(request), includeUsage: true, supportsStructuredOutputs: true })(
        request.model,
      ),
    ),
    client('`@ai-sdk/anthropic`', '/v1/messages', (request) => createAnthropic(at(request))(request.model)),
  ];
};
