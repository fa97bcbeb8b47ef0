import { MalformedResponseError } from '../../domain/errors.ts';

/**
 * Parses the JSON of a server. `NaN` and `Infinity`, which Python writes for odd numbers, are read as null.
 *
 * @throws {MalformedResponseError} if the text is not JSON. The text is not repeated. Retryable if nothing came, or if
 *   it begins as JSON and was therefore cut.
 */
export const parseJson = (model: string, text: string): unknown => {
  const parsed = parsedJson(text);
  if (parsed === undefined) throw notJson(model, text.trimStart().slice(0, 1));
  return parsed.value;
};

/** Returns the value of JSON; `undefined` if the text is no JSON. */
export const parsedJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Perhaps only because of numbers that JSON does not have.
  }
  try {
    return { value: JSON.parse(withoutOddNumbers(text)) };
  } catch {
    return undefined;
  }
};

const notJson = (model: string, first: string): MalformedResponseError => {
  if (first === '') return new MalformedResponseError(model, 'the response is empty', { isRetryable: true });
  return first === '{' || first === '['
    ? new MalformedResponseError(model, 'the JSON of the response is cut or broken', { isRetryable: true })
    : new MalformedResponseError(model, 'the response is not JSON: check "baseURL"');
};

/** Replaces the numbers that JSON does not have by null, outside of strings. */
const withoutOddNumbers = (text: string): string => {
  let isInString = true;
  return text
    .split('"')
    .map((part, index, parts) => {
      if (!(isInString && index > 0 && isEscaped(parts[index - 1] ?? ''))) isInString = !isInString;
      return isInString ? part : part.replace(/-?\b(?:NaN|Infinity)\b/g, 'null');
    })
    .join('"');
};

/** Whether a part of a string ends with a backslash that belongs to the quotation mark after it. */
const isEscaped = (part: string): boolean => {
  let backslashes = 0;
  while (part.charAt(part.length - 1 - backslashes) === '\\') backslashes += 1;
  return backslashes % 2 === 1;
};
