import { isObject } from '../domain/is-object.ts';
import type { FilePart, ImagePart, TextPart } from '../domain/message.ts';
import type { JsonSchema, Tool } from '../domain/tools.ts';
import { json } from '../normalizers/json.ts';
import { jsonSchema } from '../normalizers/json-schema.ts';
import { toolCalls } from '../normalizers/tool-calls.ts';
import type { Asked, JsonObject } from './dialect.ts';
import { badRequest } from './request-refusal.ts';

/** Part of a message of a user. */
export type UserPart = TextPart | ImagePart | FilePart;

/** The arguments of a tool call in an earlier turn, which may be broken JSON. */
export const parsedArguments = (text: unknown): unknown => {
  if (typeof text !== 'string') return text;
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return text;
  }
};

/** Tools by their names. A name that is given twice is refused. */
export const toolsByName = (
  tools: readonly { readonly name: string; readonly description?: unknown; readonly schema?: unknown }[],
  param: string,
): Readonly<Record<string, Tool>> => {
  const named = new Map<string, Tool>();
  tools.forEach(({ name, description, schema }, index) => {
    if (named.has(name))
      throw badRequest(`${param}[${index}]: another tool has this name`, `${param}[${index}]`);
    named.set(name, {
      ...(typeof description === 'string' && { description }),
      inputSchema: isObject(schema) ? (schema as JsonSchema) : { type: 'object', properties: {} },
    });
  });
  return Object.fromEntries(named);
};

/** How the answers to a request with tools or with a schema are read, in place of how the ensemble reads texts. */
export const readingOf = (answer: {
  readonly hasTools: boolean;
  /** A JSON Schema, or `true` for any value of JSON. */
  readonly schema?: JsonObject | true | undefined;
  /** The place of the schema in the body. */
  readonly param: string;
}): Asked['overrides'] => {
  if (answer.hasTools) return { normalization: toolCalls(), grouping: false };
  if (answer.schema === undefined) return {};
  if (answer.schema === true) return { normalization: json, grouping: false };
  try {
    return { normalization: jsonSchema(answer.schema), grouping: false };
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : 'the schema is invalid', answer.param);
  }
};
