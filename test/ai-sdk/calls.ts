import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';

type Prompt = LanguageModelV4CallOptions['prompt'];

/** The prompt of a question, as the AI SDK gives it to a model. */
export const promptOf = (text: string): Prompt => [{ role: 'user', content: [{ type: 'text', text }] }];

/** A tool as the AI SDK gives it to a model. */
export const tool = (
  name: string,
  properties: object = {},
): NonNullable<LanguageModelV4CallOptions['tools']>[number] => ({
  type: 'function',
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: { ...properties }, required: Object.keys(properties) },
});

/** A stream of parts that are there already. */
export const streamOf = <Part>(parts: readonly Part[]): ReadableStream<Part> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });

/** Reads a stream to its end. */
export const partsOf = (
  stream: ReadableStream<LanguageModelV4StreamPart>,
): Promise<LanguageModelV4StreamPart[]> => Array.fromAsync(stream);
