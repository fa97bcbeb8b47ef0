import { isObject } from '../../domain/is-object.ts';
import type { AssistantMessage, Message, SystemMessage, ToolCallPart } from '../../domain/message.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { JsonObject } from '../dialect.ts';
import {
  aList,
  anObject,
  aText,
  checkFields,
  type FieldChecks,
  requireFields,
  unsupported,
} from '../fields.ts';
import { parsedArguments, type UserPart } from '../query-parts.ts';
import { badRequest } from '../request-refusal.ts';

const content = (value: unknown): string | undefined =>
  typeof value === 'string' || Array.isArray(value) ? undefined : 'a string or a list of parts';

const fieldsByRole: Readonly<Record<string, FieldChecks>> = {
  system: { role: aText, content, name: aText },
  developer: { role: aText, content, name: aText },
  user: { role: aText, content, name: aText },
  // `reasoning_content` is what some clients send back of the reasoning; models do not need it.
  assistant: {
    role: aText,
    content,
    name: aText,
    refusal: aText,
    tool_calls: aList,
    reasoning_content: aText,
  },
  tool: { role: aText, content, tool_call_id: aText, name: aText },
};

/** Converts the messages of a chat completion. */
export const readMessages = (messages: readonly unknown[]): readonly (Message | SystemMessage)[] => {
  /** The tool that each call of an earlier turn asked for: results have only its id. */
  const toolNames = new Map<string, string>();
  return messages.map((given, index) => {
    const path = `messages[${index}]`;
    if (anObject(given) !== undefined) throw badRequest(`${path}: expected an object`, path);
    const message = given as JsonObject;
    requireFields(message, ['role'], `${path}.`);
    const checks = Object.hasOwn(fieldsByRole, String(message.role))
      ? fieldsByRole[String(message.role)]
      : undefined;
    if (checks === undefined)
      throw badRequest(
        `${path}.role: expected ${Object.keys(fieldsByRole).join(', ')}, but got ${quotedName(message.role)}`,
        `${path}.role`,
      );
    checkFields(message, checks, `${path}.`);
    return read(message, path, toolNames);
  });
};

const read = (message: JsonObject, path: string, toolNames: Map<string, string>): Message | SystemMessage => {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textIn(message.content, `${path}.content`) };
    case 'assistant':
      return readAssistant(message, path, toolNames);
    case 'tool':
      return readToolResult(message, path, toolNames);
    default:
      return { role: 'user', content: readParts(message.content, `${path}.content`) };
  }
};

const readAssistant = (
  message: JsonObject,
  path: string,
  toolNames: Map<string, string>,
): AssistantMessage => {
  const text = textIn(message.content ?? '', `${path}.content`);
  const calls = ((message.tool_calls ?? []) as readonly unknown[]).map((call, index) =>
    readCall(call, `${path}.tool_calls[${index}]`),
  );
  for (const { toolCallId, toolName } of calls) toolNames.set(toolCallId, toolName);
  if (calls.length === 0) return { role: 'assistant', content: text };
  return {
    role: 'assistant',
    content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls],
  };
};

const readCall = (given: unknown, path: string): ToolCallPart => {
  const call = (isObject(given) ? given : {}) as JsonObject;
  const called = (isObject(call.function) ? call.function : {}) as JsonObject;
  if (typeof call.id !== 'string' || typeof called.name !== 'string')
    throw badRequest(`${path}: expected { id, type: "function", function: { name, arguments } }`, path);
  return {
    type: 'tool-call',
    toolCallId: call.id,
    toolName: called.name,
    input: parsedArguments(called.arguments),
  };
};

const readToolResult = (message: JsonObject, path: string, toolNames: Map<string, string>): Message => {
  requireFields(message, ['tool_call_id', 'content'], `${path}.`);
  const toolCallId = String(message.tool_call_id);
  const toolName = toolNames.get(toolCallId);
  if (toolName === undefined)
    throw badRequest(
      `${path}.tool_call_id: no tool call of an earlier message has this id`,
      `${path}.tool_call_id`,
    );
  const value = textIn(message.content, `${path}.content`);
  return {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId, toolName, output: { type: 'text', value } }],
  };
};

/** The text of a content that may only be a text. */
const textIn = (given: unknown, path: string): string => {
  if (typeof given === 'string') return given;
  if (given === undefined || given === null) throw badRequest(`${path} is missing`, path);
  return (given as readonly unknown[])
    .map((part, index) => {
      const { type, text, refusal } = (isObject(part) ? part : {}) as JsonObject;
      if (type === 'text' && typeof text === 'string') return text;
      if (type === 'refusal' && typeof refusal === 'string') return refusal;
      throw unsupported(`${path}[${index}]`);
    })
    .join('\n\n');
};

const readParts = (given: unknown, path: string): string | readonly UserPart[] => {
  if (typeof given === 'string') return given;
  if (!Array.isArray(given)) throw badRequest(`${path} is missing`, path);
  return given.map((part, index) => readPart(part, `${path}[${index}]`));
};

const readPart = (given: unknown, path: string): UserPart => {
  const part = (isObject(given) ? given : {}) as JsonObject;
  const inner = (name: string): JsonObject => (isObject(part[name]) ? (part[name] as JsonObject) : {});
  switch (part.type) {
    case 'text':
      return { type: 'text', text: text(part.text, `${path}.text`) };
    case 'image_url':
      return { type: 'image', image: text(inner('image_url').url, `${path}.image_url.url`) };
    case 'input_audio': {
      const { data, format } = inner('input_audio');
      const mediaType = `audio/${text(format, `${path}.input_audio.format`)}`;
      return { type: 'file', data: text(data, `${path}.input_audio.data`), mediaType };
    }
    case 'file': {
      const { file_data: data, filename, file_id: id } = inner('file');
      if (id !== undefined) throw unsupported(`${path}.file.file_id`);
      return {
        type: 'file',
        data: text(data, `${path}.file.file_data`),
        ...(typeof filename === 'string' && { filename }),
      };
    }
    default:
      throw unsupported(`${path}.type`);
  }
};

const text = (value: unknown, path: string): string => {
  if (typeof value === 'string') return value;
  throw badRequest(`${path}: expected a string`, path);
};
