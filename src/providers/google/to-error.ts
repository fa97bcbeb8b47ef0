import { MalformedResponseError, ModelError } from '../../domain/errors.ts';
import { asObject } from '../as-object.ts';
import { isBodyTooLarge, tooLargeError } from '../bounded-fetch.ts';
import { connectionError, cutOffError, networkCode } from '../connection-error.ts';
import { refusalError } from './refusal-error.ts';

/**
 * Converts an error of one of Google's SDKs to a typed error. Its message is not repeated, because it quotes bodies and
 * URLs. Errors are matched by their fields and not by class, because a client may come from another copy of the SDK.
 */
export const toGoogleError = (model: string, error: unknown): ModelError => {
  if (error instanceof ModelError) return error;
  if (isBodyTooLarge(error)) return tooLargeError(model);
  const { status, errorDetails } = asObject(error);
  const { name = 'a value that is not an Error', message = '' } = error instanceof Error ? error : {};
  if (typeof status === 'number') {
    const body = errorDetails ? { error: { details: errorDetails } } : bodyIn(message);
    // `@google/genai` says so of an error within a stream.
    return refusalError(model, { status, body, isWithinReply: message.startsWith('got status:') });
  }
  if (networkCode(error) !== undefined || name === 'AbortError' || broken.test(message))
    return connectionError(model, error);
  if (cut.test(message)) return cutOffError(model);
  // A TypeError: the SDK read a field of an object that is missing.
  if (name === 'SyntaxError' || name === 'TypeError' || unreadable.test(message)) {
    return new MalformedResponseError(model, 'the response cannot be read: check "baseURL"');
  }
  return new ModelError(model, `the call failed with ${name}`);
};

/** The messages of the SDKs, and of `fetch` on various platforms, when a connection fails. */
const broken =
  /^(fetch failed|terminated|Failed to fetch|NetworkError|network error|Load failed|error reading a body|\[GoogleGenerativeAI Error\]: (Error fetching|Error reading|Request aborted))/;

/** The messages of the SDKs when a stream ends within an event. */
const cut = /^(Incomplete JSON|\[GoogleGenerativeAI Error\]: Failed to parse)/;

/** The messages of the SDKs when a body is invalid. */
const unreadable =
  /^(exception parsing stream|Response body is empty|\[GoogleGenerativeAI Error\]: Error parsing)/;

/** Returns the body that `@google/genai` puts into its message. In a stream, some words precede it. */
const bodyIn = (message: string): string => message.slice(Math.max(0, message.indexOf('{')));
