import { parsedArguments, type UserPart } from '../../chat/asked-of.ts';
import { createTurns, type Turns } from '../../chat/turns.ts';
import type { ToolCallPart } from '../../domain/message.ts';
import type { Conversation } from '../../domain/request.ts';
import type { JsonObject } from '../dialect.ts';
import {
  aList,
  anything,
  aText,
  checkFields,
  type FieldCheck,
  type FieldChecks,
  oneOfThese,
  unsupported,
} from '../fields.ts';
import { badRequest } from '../request-refusal.ts';
import { listIn, objectAt, objectIn, textAt, textsAt } from '../values.ts';

const content: FieldCheck = (value) =>
  typeof value === 'string' || Array.isArray(value) ? undefined : 'a string or a list of parts';

const ofEach: FieldChecks = { role: aText, content, name: aText };

const fieldsByRole: Readonly<Record<string, FieldChecks>> = {
  system: ofEach,
  developer: ofEach,
  user: ofEach,
  assistant: {
    ...ofEach,
    refusal: aText,
    tool_calls: aList,
    // Some clients send the reasoning and the sources back. Models do not need them.
    reasoning: anything,
    reasoning_content: anything,
    reasoning_details: anything,
    annotations: anything,
  },
  tool: { ...ofEach, tool_call_id: aText },
};

/** Converts the messages of a chat completion. */
export const readMessages = (given: readonly unknown[]): Conversation['messages'] => {
  const turns = createTurns(badRequest);
  given.forEach((value, index) => {
    const path = `messages[${index}]`;
    const message = objectAt(value, path);
    const role = textAt(message.role, `${path}.role`);
    const checks = Object.hasOwn(fieldsByRole, role) ? fieldsByRole[role] : undefined;
    if (checks === undefined)
      throw badRequest(
        `${path}.role: expected ${oneOfThese(...Object.keys(fieldsByRole))(role)}`,
        `${path}.role`,
      );
    checkFields(message, checks, `${path}.`);
    addTurn(turns, role, message, path);
  });
  return turns.messages;
};

const addTurn = (turns: Turns, role: string, message: JsonObject, path: string): void => {
  const place = `${path}.content`;
  switch (role) {
    case 'system':
    case 'developer':
      turns.system(textsAt(message.content, place, readText));
      break;
    case 'assistant': {
      const text = textsAt(message.content ?? '', place, readText);
      turns.assistant([
        ...(text === '' ? [] : [{ type: 'text' as const, text }]),
        ...listIn(message.tool_calls).map((call, index) => readCall(call, `${path}.tool_calls[${index}]`)),
      ]);
      break;
    }
    case 'tool': {
      const id = textAt(message.tool_call_id, `${path}.tool_call_id`);
      const value = textsAt(message.content, place, readText);
      turns.result(id, { type: 'text', value }, `${path}.tool_call_id`);
      break;
    }
    default:
      turns.user(readUser(message.content, place));
      break;
  }
};

const readText = ({ type, text, refusal }: JsonObject, path: string): string => {
  if (type === 'text') return textAt(text, `${path}.text`);
  if (type === 'refusal') return textAt(refusal, `${path}.refusal`);
  throw unsupported(`${path}.type`);
};

const readCall = (given: unknown, path: string): ToolCallPart => {
  const { id, function: called } = objectAt(given, path);
  const { name, arguments: input } = objectIn(called);
  return {
    type: 'tool-call',
    toolCallId: textAt(id, `${path}.id`),
    toolName: textAt(name, `${path}.function.name`),
    input: parsedArguments(input),
  };
};

const readUser = (given: unknown, path: string): string | readonly UserPart[] =>
  typeof given === 'string'
    ? given
    : listIn(given).map((part, index) => readPart(objectIn(part), `${path}[${index}]`));

const readPart = (part: JsonObject, path: string): UserPart => {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: textAt(part.text, `${path}.text`) };
    case 'image_url':
      return { type: 'image', image: textAt(objectIn(part.image_url).url, `${path}.image_url.url`) };
    case 'input_audio': {
      const { data, format } = objectIn(part.input_audio);
      const mediaType = `audio/${textAt(format, `${path}.input_audio.format`)}`;
      return { type: 'file', data: textAt(data, `${path}.input_audio.data`), mediaType };
    }
    case 'file': {
      const { file_data: data, filename, file_id: id } = objectIn(part.file);
      if (id !== undefined) throw unsupported(`${path}.file.file_id`);
      return {
        type: 'file',
        data: textAt(data, `${path}.file.file_data`),
        ...(typeof filename === 'string' && { filename }),
      };
    }
    default:
      throw unsupported(`${path}.type`);
  }
};
