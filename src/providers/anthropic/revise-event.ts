import { isObject } from '../../domain/is-object.ts';
import { saysNothing } from '../event-data.ts';
import { readJson } from '../revise-json.ts';
import { isTyped } from './content.ts';

/**
 * Returns a function that reads the data of an event before the SDK does, and returns what is handed on. Events that say
 * nothing, such as `[DONE]`, are left out: the SDK fails with data that is not JSON. An event without a type has that of
 * its name.
 *
 * @throws {MalformedResponseError} if the data is not JSON, and may be a piece of a message.
 */
export const reviseEvent =
  (model: string) =>
  (data: string, name?: string): readonly string[] => {
    // The SDK reads errors itself, also those that are a sentence.
    if (name === 'error') return [data];
    if (saysNothing(data)) return isOfMessage(name) ? [JSON.stringify({ type: name })] : [];
    const { value, json } = readJson(model, data);
    if (isTyped(value)) return [json];
    const events: readonly unknown[] = Array.isArray(value) ? value : [value];
    return events
      .filter(isObject)
      .map((event) =>
        JSON.stringify(isTyped(event) || name === undefined ? event : { ...event, type: name }),
      );
  };

/** Whether the protocol has events of this name. They are part of the message, with any data. */
const isOfMessage = (name: string | undefined): boolean => /^(?:message|content_block)_/.test(name ?? '');
