import { parseJson } from './openai-protocol/parse-json.ts';

/** JSON that has been read. */
export interface ReadJson {
  readonly value: unknown;
  /** The same as an SDK can read it: with null instead of `NaN`. */
  readonly json: string;
}

/**
 * Reads a part of a reply as JSON before an SDK does.
 *
 * @throws {MalformedResponseError} if it is not JSON; retryable, if it is empty or its JSON is cut.
 */
export const readJson = (model: string, part: string): ReadJson => {
  const value = parsed(part);
  if (value !== undefined) return { value, json: part };
  const read = parseJson(model, part);
  return { value: read, json: JSON.stringify(read) };
};

/**
 * Returns a function that reads a part of a reply as JSON before an SDK does, and hands it on as the SDK can read it.
 * Other texts than JSON and HTML are handed on as they are.
 *
 * @throws {MalformedResponseError} if a part is HTML; retryable, if it is empty or its JSON is cut.
 */
export const reviseJson =
  (model: string) =>
  (part: string): string =>
    isJsonOrHtml(part) ? readJson(model, part).json : part;

/** Whether a text begins as JSON or HTML does, or is empty. */
export const isJsonOrHtml = (part: string): boolean => /^\s*([[{<]|$)/.test(part);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
