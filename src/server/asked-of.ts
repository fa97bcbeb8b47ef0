import type { FilePart, ImagePart, TextPart } from '../domain/message.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { Conversation } from '../domain/request.ts';
import type { Tool, ToolChoice } from '../domain/tools.ts';
import { json } from '../normalizers/json.ts';
import { jsonSchema } from '../normalizers/json-schema.ts';
import { toolCalls } from '../normalizers/tool-calls.ts';
import type { Asked, JsonObject } from './dialect.ts';
import { badRequest } from './request-refusal.ts';

/** Part of a message of a user. */
export type UserPart = TextPart | ImagePart | FilePart;

/** A tool as a request defines it. */
export interface GivenTool {
  readonly name: string;
  readonly description: unknown;
  readonly schema: unknown;
}

/** The form that an answer must have: any value of JSON, or one that fits a schema. */
export type AnswerFormat =
  | 'json'
  | { readonly schema: JsonObject /** The place of the schema in the body. */; readonly param: string }
  | undefined;

/** What the APIs that chat have in common. */
export interface ChatRequest {
  readonly model: unknown;
  readonly isStreamed: boolean;
  readonly system?: string | undefined;
  readonly messages: Conversation['messages'];
  readonly tools: readonly GivenTool[];
  readonly toolChoice: ToolChoice | undefined;
  /** Whether an answer may call several tools. */
  readonly mayCallSeveral: boolean;
  /** The settings, of which those that are absent or `null` have no effect. */
  readonly settings: { readonly [Name in keyof QuerySettings]?: unknown };
  readonly format: AnswerFormat;
  readonly deadlineMs: number | undefined;
}

/**
 * Converts what a client asks to a query and to how its answers are read: as tool calls if there are tools, as JSON if a
 * format is given, and else as the ensemble reads them.
 *
 * @throws {RequestRefusal} for a tool that is given twice, and for an invalid schema.
 */
export const askedOf = (request: ChatRequest): Asked => {
  const { model, isStreamed, system, messages, toolChoice, format, deadlineMs } = request;
  const tools = toolsByName(request.tools);
  const settings = Object.fromEntries(
    Object.entries(request.settings).filter(([, value]) => value !== undefined && value !== null),
  );
  const callsTools = tools !== undefined && toolChoice !== 'none';
  return {
    model: model as string,
    isStreamed,
    answersJson: !callsTools && format !== undefined,
    query: {
      messages,
      ...(system !== undefined && { system }),
      ...(tools !== undefined && { tools }),
      ...(tools !== undefined && toolChoice !== undefined && { toolChoice }),
      ...(Object.keys(settings).length > 0 && { settings }),
    },
    overrides: {
      ...(callsTools ? { normalization: toolCalls(), grouping: false } : readingOf(format)),
      ...(callsTools && !request.mayCallSeveral && { check: callsOneTool }),
      ...(deadlineMs !== undefined && { deadlineMs }),
    },
  };
};

const callsOneTool = (answer: unknown): string | true =>
  !Array.isArray(answer) || answer.length <= 1 || 'it calls several tools, and only one may be called';

const readingOf = (format: AnswerFormat): Asked['overrides'] => {
  if (format === undefined) return {};
  if (format === 'json') return { normalization: json, grouping: false };
  try {
    return { normalization: jsonSchema(format.schema), grouping: false };
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : 'the schema is invalid', format.param);
  }
};

const toolsByName = (tools: readonly GivenTool[]): Readonly<Record<string, Tool>> | undefined => {
  const named = new Map<string, Tool>();
  tools.forEach(({ name, description, schema }, index) => {
    const param = `tools[${index}]`;
    if (named.has(name)) throw badRequest(`${param}: another tool has this name`, param);
    named.set(name, {
      ...(typeof description === 'string' && { description }),
      inputSchema: (schema ?? { type: 'object', properties: {} }) as JsonObject,
    });
  });
  return named.size === 0 ? undefined : Object.fromEntries(named);
};

/** The arguments of a tool call in an earlier turn. A model may have broken their JSON; then they stay a text. */
export const parsedArguments = (text: unknown): unknown => {
  if (typeof text !== 'string') return text ?? {};
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return text;
  }
};
