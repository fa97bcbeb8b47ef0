import { parseJson } from './openai-protocol/parse-json.ts';

/**
 * Returns a function that reads every part of a reply as JSON before an SDK does, and hands it on as the SDK can read it:
 * with null instead of `NaN`. Other texts than JSON and HTML are handed on as they are.
 *
 * @param check called with every part that is JSON. May throw.
 * @throws {MalformedResponseError} if a part is HTML; retryable, if it is empty or its JSON is cut.
 */
export const reviseJson =
  (model: string, check: (value: unknown) => void = () => undefined) =>
  (part: string): string => {
    if (!/^\s*([[{<]|$)/.test(part)) return part;
    const value = parsed(part);
    const read = value === undefined ? parseJson(model, part) : value;
    check(read);
    return value === undefined ? JSON.stringify(read) : part;
  };

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
