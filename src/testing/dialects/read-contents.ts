import type { QuerySettings } from '../../domain/query-settings.ts';
import type { RequestTool, ToolChoice } from '../../domain/tools.ts';
import type { SentPart, SentRequest } from './wire-dialect.ts';

type Part =
  | { readonly text: string }
  | { readonly inlineData: { readonly mimeType: string; readonly data: string } }
  | { readonly fileData: { readonly mimeType: string; readonly fileUri: string } }
  | { readonly functionCall: { readonly id: string; readonly name: string; readonly args: unknown } }
  | {
      readonly functionResponse: {
        readonly id: string;
        readonly name: string;
        readonly response: { readonly output?: unknown; readonly error?: unknown };
      };
    };

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: readonly Part[];
}

interface Declaration {
  readonly name: string;
  readonly description?: string;
  readonly parametersJsonSchema: RequestTool['inputSchema'];
}

interface CallingConfig {
  readonly mode: 'AUTO' | 'NONE' | 'ANY';
  readonly allowedFunctionNames?: readonly string[];
}

interface GenerateBody {
  readonly contents: readonly Content[];
  readonly tools?: readonly { readonly functionDeclarations: readonly Declaration[] }[];
  readonly toolConfig?: { readonly functionCallingConfig: CallingConfig };
  readonly generationConfig?: QuerySettings & {
    readonly thinkingConfig?: { readonly thinkingLevel?: string };
  };
}

/** Reads the body of a `generateContent` request back. */
export const readContents = (body: unknown): SentRequest => {
  const { contents, tools, toolConfig, generationConfig = {} } = body as GenerateBody;
  const { thinkingConfig, ...settings } = generationConfig;
  const effort = thinkingConfig?.thinkingLevel?.toLowerCase() as QuerySettings['reasoningEffort'];
  return {
    parts: contents.flatMap(({ role, parts }) => parts.map((part) => readPart(role, part))),
    tools:
      tools &&
      Object.fromEntries(
        tools.flatMap(({ functionDeclarations }) => functionDeclarations.map(readDeclaration)),
      ),
    toolChoice: toolConfig && readChoice(toolConfig.functionCallingConfig),
    settings: { ...settings, ...(effort !== undefined && { reasoningEffort: effort }) },
  };
};

const readPart = (contentRole: Content['role'], part: Part): SentPart => {
  const role = contentRole === 'model' ? 'assistant' : 'user';
  if ('text' in part) return { role, type: 'text', text: part.text };
  if ('inlineData' in part) return { role, type: 'file', ...fileOf(part.inlineData.data, part.inlineData) };
  if ('fileData' in part) return { role, type: 'file', ...fileOf(part.fileData.fileUri, part.fileData) };
  if ('functionCall' in part) {
    const { id, name, args } = part.functionCall;
    return { role, type: 'tool-call', toolCallId: id, toolName: name, input: args };
  }
  const { id, name, response } = part.functionResponse;
  const output = response.output ?? response.error;
  return { role: 'tool', type: 'tool-result', toolCallId: id, toolName: name, output };
};

const fileOf = (
  data: string,
  { mimeType }: { readonly mimeType: string },
): Pick<SentPart, 'data' | 'mediaType'> => ({ data, mediaType: mimeType });

const readDeclaration = ({
  name,
  parametersJsonSchema: inputSchema,
  ...tool
}: Declaration): [string, RequestTool] => [name, { ...tool, inputSchema }];

const readChoice = ({ mode, allowedFunctionNames: [toolName] = [] }: CallingConfig): ToolChoice => {
  if (toolName !== undefined) return { type: 'tool', toolName };
  return mode === 'ANY' ? 'required' : mode === 'NONE' ? 'none' : 'auto';
};
