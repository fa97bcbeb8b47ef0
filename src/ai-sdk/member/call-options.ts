import type {
  LanguageModelV3FilePart,
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { Attachment } from '../../domain/attachment.ts';
import { given } from '../../domain/given.ts';
import type { Part, RequestMessage } from '../../domain/message.ts';
import { type ModelRequest, smallerLimit } from '../../domain/request.ts';
import { sentToolName } from '../../domain/tools.ts';
import { cannotBeSent } from '../../providers/cannot-be-sent.ts';
import { type Exchange, objectsIn } from '../../providers/provider-model.ts';
import { schemaInstruction } from '../../providers/schema-instruction.ts';
import { argumentsSent } from '../../providers/tool-calls.ts';
import type { AiSdkLanguageModel } from './ai-sdk-language-model.ts';

/** What the calls of a member have in common. */
export interface MemberSettings {
  readonly id: string;
  readonly model: AiSdkLanguageModel;
  readonly maxOutputTokens?: number | undefined;
  readonly providerOptions?: SharedV4ProviderOptions | undefined;
}

/**
 * Converts a request to the options of a call, and reports what the model reads of it.
 *
 * @throws {InvalidRequestError} for the URL of a file that the provider does not fetch.
 */
export const callOptions = async (
  { request, settings, signal, sends }: Exchange,
  { id, model, maxOutputTokens, providerOptions }: MemberSettings,
): Promise<LanguageModelV4CallOptions> => {
  const { messages, answerSchema, tools } = request;
  const { reasoningEffort, maxOutputTokens: asked, stopSequences, ...sampling } = settings;
  const takesSchema = Reflect.get(model, 'supportsStructuredOutputs') !== false;
  const isObjectSchema = answerSchema?.type === 'object';
  const instruction =
    answerSchema === undefined || (takesSchema && isObjectSchema)
      ? undefined
      : schemaInstruction(answerSchema);
  const system = [request.system, instruction].filter(Boolean).join('\n\n');
  sends({
    messages,
    ...given({
      system: system || undefined,
      tools,
      answerSchema: takesSchema && isObjectSchema ? objectsIn({ schema: answerSchema }) : undefined,
    }),
  });
  await refuseOtherUrls(id, messages, model);
  const limit = [maxOutputTokens, asked, request.maxOutputTokens].reduce(smallerLimit, undefined);
  return {
    prompt: [
      ...(system === '' ? [] : [{ role: 'system', content: system } as const]),
      ...messages.map((message) => toPrompt(message, model.specificationVersion)),
    ],
    abortSignal: signal,
    ...sampling,
    ...(stopSequences !== undefined && { stopSequences: [...stopSequences] }),
    ...given({ maxOutputTokens: limit, reasoning: reasoningEffort, providerOptions }),
    ...(isObjectSchema && {
      responseFormat: takesSchema ? { type: 'json', schema: answerSchema } : { type: 'json' },
    }),
    ...toolOptions(request),
  };
};

const toolOptions = ({ tools, toolChoice }: ModelRequest): Partial<LanguageModelV4CallOptions> => {
  if (tools === undefined) return {};
  return {
    tools: Object.entries(tools).map(([name, { description, inputSchema }]) => ({
      type: 'function',
      name: sentToolName(name),
      ...given({ description }),
      inputSchema,
    })),
    ...(toolChoice !== undefined && {
      toolChoice:
        typeof toolChoice === 'string'
          ? { type: toolChoice }
          : { type: 'tool', toolName: sentToolName(toolChoice.toolName) },
    }),
  };
};

const toPrompt = (
  message: RequestMessage,
  version: AiSdkLanguageModel['specificationVersion'],
): LanguageModelV4Message => {
  const { role, content } = message;
  const parts: readonly Part[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return { role, content: parts.map((part) => toPart(part, version)) } as LanguageModelV4Message;
};

const toPart = (part: Part, version: AiSdkLanguageModel['specificationVersion']): object => {
  switch (part.type) {
    case 'file':
      return toFile(part as Attachment, version);
    case 'tool-call':
      return { ...part, toolName: sentToolName(part.toolName), input: argumentsSent(part.input) };
    case 'tool-result':
      return { ...part, toolName: sentToolName(part.toolName) };
    default:
      return part;
  }
};

const toFile = (
  { mediaType, filename, data }: Attachment,
  version: AiSdkLanguageModel['specificationVersion'],
): object => ({
  type: 'file',
  mediaType,
  ...given({ filename }),
  data: version === 'v3' ? (data satisfies LanguageModelV3FilePart['data']) : taggedData(data),
});

const taggedData = (data: string | URL): object =>
  data instanceof URL ? { type: 'url', url: data } : { type: 'data', data };

/** The AI SDK downloads what its provider does not fetch. Members are called without it, so that such a URL is refused. */
const refuseOtherUrls = async (
  id: string,
  messages: readonly RequestMessage[],
  model: AiSdkLanguageModel,
): Promise<void> => {
  const links = messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? []
      : content.filter((part): part is Attachment => part.type === 'file' && part.data instanceof URL),
  );
  if (links.length === 0) return;
  const patterns = Object.entries((await model.supportedUrls) ?? {});
  for (const { mediaType, data } of links) {
    const url = String(data).toLowerCase();
    const isFetched = patterns.some(
      ([type, urls]) => isOfType(mediaType, type) && urls.some((pattern) => pattern.test(url)),
    );
    if (!isFetched)
      throw cannotBeSent(id, `URLs of files of the type ${mediaType}: read the file and give its bytes`);
  }
};

/** Whether a media type is of a pattern such as `image/*`. Either may end with a wildcard. */
const isOfType = (mediaType: string, pattern: string): boolean =>
  ['*', '*/*', mediaType].includes(pattern) ||
  (pattern.endsWith('/*') && mediaType.startsWith(pattern.slice(0, -1))) ||
  (mediaType.endsWith('/*') && pattern.startsWith(mediaType.slice(0, -1)));
