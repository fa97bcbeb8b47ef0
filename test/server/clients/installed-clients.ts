import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {
  type Conversation,
  createEnsemble,
  NoPredictionError,
  type Prediction,
  text,
  toolCalls,
} from '../../../src/index.ts';
import { jsonSchema } from '../../../src/normalizers/json-schema.ts';
import { type OpenAICompatibleOptions, openaiCompatible } from '../../../src/providers/openai-compatible.ts';
import { framesIn } from '../post.ts';
import { bookSchema, type Client, type ClientAnswer, type ClientRequest, citySchema } from './client.ts';

const KEY = 'none';
const statusOf = (error: unknown): number | undefined => (error as { status?: number }).status;

const openai = ({ url }: ClientRequest): OpenAI => new OpenAI({ apiKey: KEY, baseURL: `${url}/v1` });
const turn = (question: string) => ({ role: 'user' as const, content: question });
const given = ({ signal }: ClientRequest): { signal?: AbortSignal } => (signal ? { signal } : {});

const openaiChat: Client = {
  name: '`openai`, chat completions',
  path: '/v1/chat/completions',
  async create(request) {
    const { model, question } = request;
    const { choices, usage } = await openai(request).chat.completions.create(
      { model, messages: [turn(question)] },
      given(request),
    );
    return { text: choices[0]?.message.content ?? '', totalTokens: usage?.total_tokens };
  },
  async stream(request) {
    const { model, question } = request;
    const stream = openai(request).chat.completions.stream(
      { model, messages: [turn(question)], stream_options: { include_usage: true } },
      given(request),
    );
    const { choices, usage } = await stream.finalChatCompletion();
    return { text: choices[0]?.message.content ?? '', totalTokens: usage?.total_tokens };
  },
  async object(request) {
    const { model, question } = request;
    const { choices } = await openai(request).chat.completions.parse({
      model,
      messages: [turn(question)],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'city', schema: citySchema, strict: true },
      },
    });
    return choices[0]?.message.parsed;
  },
  async tools(request, book) {
    const { model, question } = request;
    const runner = openai(request).chat.completions.runTools({
      model,
      messages: [turn(question)],
      tools: [
        {
          type: 'function',
          function: {
            name: 'book',
            description: 'Books a table.',
            parameters: bookSchema as never,
            parse: JSON.parse,
            function: (input: unknown) => book(input),
          },
        },
      ],
    });
    return { text: (await runner.finalContent()) ?? '' };
  },
  statusOf,
};

const openaiResponses: Client = {
  name: '`openai`, responses',
  path: '/v1/responses',
  async create(request) {
    const { model, question } = request;
    const response = await openai(request).responses.create({ model, input: question }, given(request));
    return { text: response.output_text, totalTokens: response.usage?.total_tokens };
  },
  async stream(request) {
    const { model, question } = request;
    const stream = openai(request).responses.stream({ model, input: question }, given(request));
    const response = await stream.finalResponse();
    if (response.error !== null) throw new Error(response.error.message);
    return { text: response.output_text, totalTokens: response.usage?.total_tokens };
  },
  async object(request) {
    const { model, question } = request;
    const response = await openai(request).responses.parse({
      model,
      input: question,
      text: { format: { type: 'json_schema', name: 'city', schema: citySchema, strict: true } },
    });
    return response.output_parsed;
  },
  async tools(request, book) {
    const { model, question } = request;
    const tools = [{ type: 'function' as const, name: 'book', parameters: bookSchema, strict: true }];
    const { responses } = openai(request);
    const first = await responses.create({ model, input: question, tools });
    const [call] = first.output;
    if (call?.type !== 'function_call') throw new Error('expected a call of the tool');
    const { call_id } = call;
    const output = book(JSON.parse(call.arguments));
    const second = await responses.create({
      model,
      input: [turn(question), call, { type: 'function_call_output', call_id, output }],
      tools,
    });
    return { text: second.output_text };
  },
  statusOf,
};

const anthropic = ({ url }: ClientRequest): Anthropic => new Anthropic({ apiKey: KEY, baseURL: url });
const totalOf = (usage: Anthropic.Usage): number =>
  usage.input_tokens + usage.output_tokens + (usage.cache_read_input_tokens ?? 0);
const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('');

const anthropicMessages: Client = {
  name: '`@anthropic-ai/sdk`',
  path: '/v1/messages',
  async create(request) {
    const { model, question } = request;
    const message = await anthropic(request).messages.create(
      { model, max_tokens: 100, messages: [turn(question)] },
      given(request),
    );
    return { text: textOf(message), totalTokens: totalOf(message.usage) };
  },
  async stream(request) {
    const { model, question } = request;
    const stream = anthropic(request).messages.stream(
      { model, max_tokens: 100, messages: [turn(question)] },
      given(request),
    );
    const message = await stream.finalMessage();
    return { text: textOf(message), totalTokens: totalOf(message.usage) };
  },
  async object(request) {
    const { model, question } = request;
    const message = await anthropic(request).messages.parse({
      model,
      max_tokens: 100,
      messages: [turn(question)],
      output_config: { format: { type: 'json_schema', schema: citySchema } },
    });
    return JSON.parse(textOf(message));
  },
  async tools(request, book) {
    const { model, question } = request;
    const tools = [{ name: 'book', description: 'Books a table.', input_schema: bookSchema as never }];
    const { messages } = anthropic(request);
    const first = await messages.create({ model, max_tokens: 100, messages: [turn(question)], tools });
    const [use] = first.content;
    if (use?.type !== 'tool_use') throw new Error('expected a call of the tool');
    const second = await messages.create({
      model,
      max_tokens: 100,
      messages: [
        turn(question),
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: use.id, content: book(use.input) }],
        },
      ],
      tools,
    });
    return { text: textOf(second) };
  },
  statusOf,
};

/** Our own model: an ensemble of one that asks an ensemble. */
const own = (api: NonNullable<OpenAICompatibleOptions['api']>): Client => {
  const memberOf = ({ url, model }: ClientRequest, more: object = {}) =>
    createEnsemble({
      models: [openaiCompatible(model, { baseURL: `${url}/v1`, apiKey: KEY, api })],
      normalization: text(),
      ...more,
    });
  const answered = ({ text: answer, metadata: { usage } }: Prediction): ClientAnswer => ({
    text: answer,
    totalTokens: (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
  });
  return {
    name: `\`crucible-ensemble/openai-compatible\`, ${api}`,
    path: api === 'responses' ? '/v1/responses' : '/v1/chat/completions',
    create: async (request) => answered(await memberOf(request).predict(request.question, given(request))),
    async stream(request) {
      for await (const event of memberOf(request).stream(request.question, given(request)))
        if (event.type === 'complete') return answered(event.prediction);
      throw new Error('the stream had no answer');
    },
    object: async (request) =>
      (await memberOf(request, { normalization: jsonSchema(citySchema) }).predict(request.question)).answer,
    async tools(request, book) {
      const ensemble = memberOf(request, { normalization: toolCalls() });
      const tools = { book: { description: 'Books a table.', inputSchema: bookSchema } };
      const first = await ensemble.predict({ messages: [turn(request.question)], tools });
      const [call] = first.toolCalls ?? [];
      if (call === undefined) throw new Error('expected a call of the tool');
      const place = { toolCallId: 'call_1', toolName: call.toolName };
      const value = book(call.input);
      const messages: Conversation['messages'] = [
        turn(request.question),
        { role: 'assistant', content: [{ type: 'tool-call', ...place, input: call.input }] },
        { role: 'tool', content: [{ type: 'tool-result', ...place, output: { type: 'text', value } }] },
      ];
      return answered(await memberOf(request).predict({ messages, tools }));
    },
    statusOf: (error) => {
      const [outcome] = error instanceof NoPredictionError ? error.outcomes : [];
      return outcome?.status === 'failed' ? outcome.error.status : undefined;
    },
  };
};

/** As `curl` and programs without a library ask. */
const raw: Client = {
  name: '`fetch` or `curl`',
  path: '/v1/chat/completions',
  async create(request) {
    const body = (await (await post(request, {})).json()) as OpenAI.ChatCompletion;
    return { text: body.choices[0]?.message.content ?? '', totalTokens: body.usage?.total_tokens };
  },
  async stream(request) {
    const response = await post(request, { stream: true, stream_options: { include_usage: true } });
    const chunks = framesIn(await response.text()).map(({ data }) => data as Record<string, never>);
    const failure = chunks.find((chunk) => chunk.error !== undefined);
    if (failure !== undefined) throw new Error(JSON.stringify(failure.error));
    const parts = chunks as unknown as OpenAI.ChatCompletionChunk[];
    return {
      text: parts.map(({ choices }) => choices?.[0]?.delta.content ?? '').join(''),
      totalTokens: parts.find(({ usage }) => usage)?.usage?.total_tokens,
    };
  },
  statusOf,
};

const post = async (request: ClientRequest, more: object): Promise<Response> => {
  const { url, model, question } = request;
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ model, messages: [turn(question)], ...more }),
    ...given(request),
  });
  if (response.ok) return response;
  throw Object.assign(new Error(await response.text()), { status: response.status });
};

/** The clients that the tests have installed. */
export const installedClients: readonly Client[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  own('chat'),
  own('responses'),
  raw,
];
