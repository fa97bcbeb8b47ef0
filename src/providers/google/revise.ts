import { saysNothing } from '../event-data.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { isJsonOrHtml, type ReadJson, readJson } from '../revise-json.ts';
import { contentsIn, hasCandidates, isContent, notAnAnswer } from './content.ts';
import { errorInReply, isError } from './refusal-error.ts';

/**
 * Returns functions that read the parts of a reply before the SDK does, and return what is handed on. A whole reply that is an
 * array of one response is that response. In place of an event come the responses of its array, and nothing if it says
 * nothing, as `{}`, `[DONE]` and pings do. Both throw a `ModelError` if a part is an error, is cut, or is not JSON and may be a
 * piece of an answer.
 */
export const revising = (model: string, headers: ReplyHeaders) => {
  const read = (part: string): ReadJson => {
    const json = readJson(model, part);
    if (isError(json.value)) throw errorInReply(model, json.value, headers);
    if (![json.value].flat().every(hasCandidates)) throw notAnAnswer(model);
    return json;
  };
  return {
    revise: (body: string): string => {
      if (!isJsonOrHtml(body)) return body;
      const { value, json } = read(body);
      const [content, ...others] = contentsIn(value);
      return content === value || others.length > 0 ? json : JSON.stringify(content);
    },
    reviseEvent: (data: string, name?: string): readonly string[] => {
      if (name === 'error') throw errorInReply(model, readError(data), headers);
      if (saysNothing(data)) return [];
      const { value, json } = read(data);
      return contentsIn(value)
        .filter(mayBePiece)
        .map((content) => (content === value ? json : JSON.stringify(content)));
    },
  };
};

/** Some servers write a sentence instead of JSON. */
const readError = (data: string): unknown => {
  try {
    const value: unknown = JSON.parse(data);
    return isError(value) ? value : { error: value };
  } catch {
    return { error: data };
  }
};

/** Whether an event has a field of a response, or one that may be a part of an answer in another form. */
const mayBePiece = (content: unknown): boolean =>
  isContent(content) || FIELD_OF_TEXT.test(JSON.stringify(content));

const FIELD_OF_TEXT =
  /"\w{0,20}(?:text|content|part|candidate|delta|message|choice|response|output|answer)\w{0,20}":(?!null\b)/i;
