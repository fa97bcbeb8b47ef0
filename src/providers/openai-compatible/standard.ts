import { MalformedResponseError, type ModelError, ProviderError } from '../../domain/errors.ts';
import { asObject } from '../as-object.ts';
import { httpError } from '../http-error.ts';
import { errorCode, isExhausted } from '../openai-protocol/error-code.ts';
import { notACompletion } from '../openai-protocol/read-completion.ts';

/** A completion, or a chunk of one, with the fields that are read. */
interface Completion {
  readonly id?: unknown;
  readonly usage?: unknown;
  readonly choices: readonly unknown[];
}

/**
 * Converts a completion, or a chunk of one, to the form of OpenAI's API.
 *
 * @param part the field with the text: `message` in a completion, `delta` in a chunk.
 * @throws {ModelError} if it is an error, or is not a completion.
 */
export const toStandard = (model: string, body: unknown, part: 'message' | 'delta'): Completion => {
  const failure = failureIn(model, body);
  if (failure !== undefined) throw failure;
  const completion = asObject(body);
  const choices = completion.choices ?? (part === 'delta' && completion.usage ? [] : undefined);
  if (!Array.isArray(choices)) throw notACompletion(model);
  return { ...completion, choices: choices.map((choice) => withPlainText(choice, part)) };
};

/** The finish reasons of an interrupted answer, at OpenRouter and DeepSeek. */
const INTERRUPTED: ReadonlySet<unknown> = new Set(['error', 'insufficient_system_resource']);

/** Returns the error in a response with status 200. Some servers send the status before the answer fails. */
const failureIn = (model: string, body: unknown): ModelError | undefined => {
  const { choices } = asObject(body);
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const holder = [body, choice].find((value) => (asObject(value).error ?? null) !== null);
  if (holder === undefined && !INTERRUPTED.has(asObject(choice).finish_reason)) return undefined;
  const code = errorCode(holder);
  const status = Number(code);
  if (status >= 400 && status < 600) return httpError(model, { status, isWithinReply: true });
  return new ProviderError(model, 'the provider failed within its answer', {
    isRetryable: !isExhausted(code),
    status: 200,
  });
};

/** Joins a text in parts. Mistral sends them, with its hidden reasoning as parts of another type. */
const withPlainText = (choice: unknown, part: 'message' | 'delta'): unknown => {
  const message = asObject(asObject(choice)[part]);
  if (!Array.isArray(message.content)) return choice;
  const texts = message.content.map(asObject).map(({ type, text }) => (type === 'text' ? text : ''));
  return { ...asObject(choice), [part]: { ...message, content: texts.join('') } };
};

/**
 * Parses the JSON of a server.
 *
 * @throws {MalformedResponseError} if the text is not JSON. The text is not repeated.
 */
export const parseJson = (model: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedResponseError(model, 'the response is not JSON: check "baseURL"');
  }
};
