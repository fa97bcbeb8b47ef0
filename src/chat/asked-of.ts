/**
 * What chat APIs and frameworks have in common: their messages, tools and formats as a query, and a prediction as their answer.
 */

import { given } from '../domain/given.ts';
import type { FilePart, ImagePart, TextPart } from '../domain/message.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { Conversation } from '../domain/request.ts';
import type { Tool, ToolChoice } from '../domain/tools.ts';
import type { PredictOverrides } from '../engine/ensemble-options.ts';
import { json } from '../normalizers/json.ts';
import { jsonSchema } from '../normalizers/json-schema.ts';
import { toolCalls } from '../normalizers/tool-calls.ts';

/** A value of JSON that is an object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Returns the error for a fault of what is asked.
 *
 * @param place where the fault is, such as `tools[0]`.
 */
export type Refuse = (fault: string, place: string) => Error;

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
  | { readonly schema: JsonObject /** Where the schema is. */; readonly place: string }
  | undefined;

/** What the APIs that chat have in common. */
export interface ChatRequest {
  readonly system?: string | undefined;
  readonly messages: Conversation['messages'];
  readonly tools: readonly GivenTool[];
  readonly toolChoice: ToolChoice | undefined;
  /** Whether an answer may call several tools. */
  readonly mayCallSeveral: boolean;
  /** The settings, of which those that are absent or `null` have no effect. */
  readonly settings: { readonly [Name in keyof QuerySettings]?: unknown };
  readonly format: AnswerFormat;
  /** How a text is read where tools may be called. Default: by the format; without one, all texts are the same answer. */
  readonly orText?: Normalizer | undefined;
}

/** What is asked, in the words of the library. */
export interface AskedOfChat {
  readonly query: Conversation;
  /** How this prediction is made, such as the `normalization` of a JSON Schema. */
  readonly overrides: Pick<PredictOverrides, 'normalization' | 'grouping' | 'check'>;
  /** Whether the answer is a value of JSON, which the client reads as a text. */
  readonly answersJson: boolean;
}

/**
 * Converts what a client asks to a query and to how its answers are read: as tool calls if there are tools, texts as JSON if
 * a format is given, and else as the ensemble reads them.
 *
 * @throws what `refuse` returns, for a tool that is given twice and for an invalid schema.
 */
export const askedOf = (request: ChatRequest, refuse: Refuse): AskedOfChat => {
  const { system, messages, toolChoice, format } = request;
  const tools = toolsByName(request.tools, refuse);
  const settings = Object.fromEntries(
    Object.entries(request.settings).filter(([, value]) => value !== undefined && value !== null),
  );
  const callsTools = tools !== undefined && toolChoice !== 'none';
  const reading = readingOf(format, refuse);
  const { orText = reading.normalization as Normalizer | undefined } = request;
  return {
    answersJson: format !== undefined,
    query: {
      messages,
      ...(system !== undefined && { system }),
      ...(tools !== undefined && { tools }),
      ...(tools !== undefined && toolChoice !== undefined && { toolChoice }),
      ...(Object.keys(settings).length > 0 && { settings }),
    },
    overrides: {
      ...(callsTools ? { normalization: toolCalls(given({ orText })), grouping: false } : reading),
      ...(callsTools && !request.mayCallSeveral && { check: callsOneTool }),
    },
  };
};

const callsOneTool = (answer: unknown): string | true =>
  !Array.isArray(answer) || answer.length <= 1 || 'it calls several tools, and only one may be called';

const readingOf = (format: AnswerFormat, refuse: Refuse): AskedOfChat['overrides'] => {
  if (format === undefined) return {};
  if (format === 'json') return { normalization: json, grouping: false };
  try {
    return { normalization: jsonSchema(format.schema), grouping: false };
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'the schema is invalid', format.place);
  }
};

const toolsByName = (
  tools: readonly GivenTool[],
  refuse: Refuse,
): Readonly<Record<string, Tool>> | undefined => {
  const named = new Map<string, Tool>();
  tools.forEach(({ name, description, schema }, index) => {
    const place = `tools[${index}]`;
    if (named.has(name)) throw refuse(`${place}: another tool has this name`, place);
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
