import {
  ConnectionError,
  MalformedResponseError,
  ModelError,
  ResponseTooLargeError,
} from '../../domain/errors.ts';
import { isBodyTooLarge } from '../bounded-fetch.ts';
import { asObject } from './as-object.ts';
import { refusalError } from './refusal-error.ts';

/**
 * The typed error for what one of Google's SDKs threw. Of its message, which quotes bodies and addresses, nothing is
 * repeated; the SDKs are told apart by what they throw and not by their classes, as a client may come from anywhere.
 */
export const toGoogleError = (model: string, error: unknown): ModelError => {
  if (error instanceof ModelError) return error;
  if (isBodyTooLarge(error)) return tooLarge(model);
  const { status, errorDetails } = asObject(error);
  const { name = 'a value', message = '' } = error instanceof Error ? error : {};
  if (typeof status === 'number') {
    return refusalError(model, status, errorDetails ? { error: { details: errorDetails } } : bodyIn(message));
  }
  const { code } = asObject(asObject(error).cause);
  if (code !== undefined || name === 'AbortError' || broken.test(message)) {
    const named = typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? ` (${code})` : '';
    return new ConnectionError(model, `the connection failed${named}`, { isRetryable: true });
  }
  // A TypeError: the SDK looked into something that is not there.
  if (name === 'SyntaxError' || name === 'TypeError' || unreadable.test(message)) {
    return new MalformedResponseError(model, 'answered with something that cannot be read');
  }
  return new ModelError(model, `the call failed with ${name}`);
};

/** An answer that grew beyond what is held. */
export const tooLarge = (model: string): ResponseTooLargeError =>
  new ResponseTooLargeError(model, 'the response is longer than "maxResponseBytes", and was ended there');

/** How the SDKs speak of a connection that failed, and the `fetch` of Node and of browsers. */
const broken =
  /^(fetch failed|terminated|Failed to fetch|NetworkError|network error|Load failed|\[GoogleGenerativeAI Error\]: (Error fetching|Error reading|Request aborted))/;

/** How they speak of a body that is none. */
const unreadable =
  /^(Incomplete JSON|exception parsing stream|Response body is empty|\[GoogleGenerativeAI Error\]: (Error parsing|Failed to parse))/;

/** `@google/genai` has the body in its message, after some words where it came within a stream. */
const bodyIn = (message: string): string => message.slice(Math.max(0, message.indexOf('{')));
