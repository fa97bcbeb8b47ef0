import { parsedArguments, type UserPart } from '../../chat/asked-of.ts';
import { createTurns, type Turns } from '../../chat/turns.ts';
import type { Conversation } from '../../domain/request.ts';
import type { JsonObject } from '../dialect.ts';
import { unsupported } from '../fields.ts';
import { badRequest } from '../request-refusal.ts';
import { listIn, objectAt, objectIn, textAt, textsAt } from '../values.ts';
import { itemOf } from './item-id.ts';

/** Converts the input of a response: a question, or items. */
export const readInput = (input: unknown): Conversation['messages'] => {
  const turns = createTurns(badRequest);
  if (typeof input === 'string') turns.user(input);
  else
    listIn(input).forEach((given, index) => {
      const path = `input[${index}]`;
      addItem(turns, objectAt(given, path), path);
    });
  return turns.messages;
};

const addItem = (turns: Turns, item: JsonObject, path: string): void => {
  switch (item.type ?? 'message') {
    case 'message':
      addMessage(turns, item, path);
      break;
    case 'function_call':
      turns.assistant([
        {
          type: 'tool-call',
          toolCallId: textAt(item.call_id, `${path}.call_id`),
          toolName: textAt(item.name, `${path}.name`),
          input: parsedArguments(item.arguments),
        },
      ]);
      break;
    case 'function_call_output': {
      const value = textsAt(item.output, `${path}.output`, readText);
      const id = textAt(item.call_id, `${path}.call_id`);
      turns.result(id, { type: 'text', value }, `${path}.call_id`);
      break;
    }
    // Models do not need the reasoning of earlier turns.
    case 'reasoning':
      break;
    case 'item_reference': {
      const referred = itemOf(textAt(item.id, `${path}.id`));
      if (referred === undefined || referred.type === 'item_reference')
        throw badRequest(
          `${path}: the server keeps no responses; send the items themselves (store: false)`,
          path,
          'unsupported_parameter',
        );
      addItem(turns, referred, path);
      break;
    }
    default:
      throw unsupported(`${path}.type`);
  }
};

const addMessage = (turns: Turns, { role, content }: JsonObject, path: string): void => {
  const place = `${path}.content`;
  switch (role) {
    case 'system':
    case 'developer':
      turns.system(textsAt(content, place, readText));
      break;
    case 'assistant':
      turns.assistant([{ type: 'text', text: textsAt(content, place, readText) }]);
      break;
    case 'user':
      turns.user(
        typeof content === 'string'
          ? content
          : listIn(content).map((part, index) => readPart(objectIn(part), `${place}[${index}]`)),
      );
      break;
    default:
      throw badRequest(`${path}.role: expected "user", "assistant", "system" or "developer"`, `${path}.role`);
  }
};

const readText = ({ type, text, refusal }: JsonObject, path: string): string => {
  if (type === 'input_text' || type === 'output_text' || type === 'text') return textAt(text, `${path}.text`);
  if (type === 'refusal') return textAt(refusal, `${path}.refusal`);
  throw unsupported(`${path}.type`);
};

const readPart = (part: JsonObject, path: string): UserPart => {
  if (part.file_id !== undefined && part.file_id !== null) throw unsupported(`${path}.file_id`);
  switch (part.type) {
    case 'input_text':
      return { type: 'text', text: textAt(part.text, `${path}.text`) };
    case 'input_image':
      return { type: 'image', image: textAt(part.image_url, `${path}.image_url`) };
    case 'input_file': {
      const { file_data: data, file_url: url, filename } = part;
      return {
        type: 'file',
        data: textAt(data ?? url, `${path}.file_data`),
        ...(typeof filename === 'string' && { filename }),
      };
    }
    default:
      throw unsupported(`${path}.type`);
  }
};
