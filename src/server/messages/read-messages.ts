import type { UserPart } from '../../chat/asked-of.ts';
import { createTurns, type Turns } from '../../chat/turns.ts';
import type { AssistantMessage, ToolResultPart } from '../../domain/message.ts';
import type { Conversation } from '../../domain/request.ts';
import type { JsonObject } from '../dialect.ts';
import { unsupported } from '../fields.ts';
import { badRequest } from '../request-refusal.ts';
import { listIn, objectAt, objectIn, textAt, textsAt } from '../values.ts';

/** Converts the messages of Anthropic's API. */
export const readMessages = (given: readonly unknown[]): Conversation['messages'] => {
  const turns = createTurns(badRequest);
  given.forEach((value, index) => {
    const path = `messages[${index}]`;
    const { role, content } = objectAt(value, path);
    if (role === 'user') addUser(turns, content, `${path}.content`);
    else if (role === 'assistant') turns.assistant(assistantParts(content, `${path}.content`));
    else if (role === 'system') turns.system(textsAt(content, `${path}.content`, readText));
    else throw badRequest(`${path}.role: expected "user", "assistant" or "system"`, `${path}.role`);
  });
  return turns.messages;
};

/** A text, or a block of text. */
export const readText = ({ type, text }: JsonObject, path: string): string => {
  if (type === 'text') return textAt(text, `${path}.text`);
  throw unsupported(`${path}.type`);
};

/** A turn of a user may begin with the results of tools. */
const addUser = (turns: Turns, content: unknown, path: string): void => {
  if (typeof content === 'string') {
    turns.user(content);
    return;
  }
  const parts: UserPart[] = [];
  listIn(content).forEach((value, index) => {
    const place = `${path}[${index}]`;
    const block = objectAt(value, place);
    if (block.type === 'tool_result') parts.push(...addResult(turns, block, place));
    else parts.push(readPart(block, place));
  });
  if (parts.length > 0) turns.user(parts);
};

/** Returns the images and files of a result, which only the turn of a user can carry. */
const addResult = (turns: Turns, block: JsonObject, path: string): readonly UserPart[] => {
  const id = textAt(block.tool_use_id, `${path}.tool_use_id`);
  const files: UserPart[] = [];
  const value = textsAt(block.content ?? '', `${path}.content`, (part, place) => {
    if (part.type === 'text') return readText(part, place);
    files.push(readPart(part, place));
    return '';
  });
  const output: ToolResultPart['output'] = { type: block.is_error === true ? 'error-text' : 'text', value };
  turns.result(id, output, `${path}.tool_use_id`);
  return files;
};

type AssistantPart = Exclude<AssistantMessage['content'], string>[number];

const assistantParts = (content: unknown, path: string): readonly AssistantPart[] =>
  typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : listIn(content)
        .map((value, index) => assistantPart(objectAt(value, `${path}[${index}]`), `${path}[${index}]`))
        .filter((part) => part !== undefined);

const assistantPart = (block: JsonObject, path: string): AssistantPart | undefined => {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: textAt(block.text, `${path}.text`) };
    case 'tool_use': {
      const toolCallId = textAt(block.id, `${path}.id`);
      const toolName = textAt(block.name, `${path}.name`);
      return { type: 'tool-call', toolCallId, toolName, input: block.input ?? {} };
    }
    // Models do not need the reasoning of earlier turns.
    case 'thinking':
    case 'redacted_thinking':
      return undefined;
    default:
      throw unsupported(`${path}.type`);
  }
};

const readPart = (block: JsonObject, path: string): UserPart => {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: textAt(block.text, `${path}.text`) };
    case 'image': {
      const { data, mediaType } = readSource(block.source, `${path}.source`);
      return { type: 'image', image: data, ...(mediaType !== undefined && { mediaType }) };
    }
    case 'document': {
      const { data, mediaType } = readSource(block.source, `${path}.source`);
      return {
        type: 'file',
        data,
        mediaType: mediaType ?? 'application/pdf',
        ...(typeof block.title === 'string' && { filename: block.title }),
      };
    }
    default:
      throw unsupported(`${path}.type`);
  }
};

const readSource = (
  value: unknown,
  path: string,
): { readonly data: string; readonly mediaType: string | undefined } => {
  const { type, data, url, media_type: mediaType } = objectIn(value);
  if (type === 'url') return { data: textAt(url, `${path}.url`), mediaType: undefined };
  if (type !== 'base64') throw unsupported(`${path}.type`);
  return { data: textAt(data, `${path}.data`), mediaType: textAt(mediaType, `${path}.media_type`) };
};
