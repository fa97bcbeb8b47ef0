import { MalformedResponseError, type ModelError, ProviderError } from '../../domain/errors.ts';
import { httpError } from '../http-error.ts';
import { errorCode, isExhausted } from '../openai-protocol/error-code.ts';
import { fieldOf } from '../openai-protocol/field.ts';

/** A completion, or a chunk of one, of which only known fields are read. */
interface Served {
  readonly id?: unknown;
  readonly usage?: unknown;
  readonly choices: readonly unknown[];
}

/**
 * A completion, or a chunk of one, as OpenAI itself would have served it.
 *
 * @param part where the text is: in a completion the `message`, in a chunk the `delta`.
 * @throws {ModelError} for an error in the place of an answer, and for what is neither.
 */
export const toStandard = (model: string, served: unknown, part: 'message' | 'delta'): Served => {
  const failure = failureIn(model, served);
  if (failure !== undefined) throw failure;
  const usage = fieldOf(served, 'usage');
  const choices = fieldOf(served, 'choices') ?? (part === 'delta' && usage ? [] : undefined);
  if (!Array.isArray(choices)) throw new MalformedResponseError(model, 'answered with no chat completion');
  return { id: fieldOf(served, 'id'), usage, choices: choices.map((choice) => withPlainText(choice, part)) };
};

/** How a server calls it when it gave up in the middle: OpenRouter, and DeepSeek. */
const GIVEN_UP: ReadonlySet<unknown> = new Set(['error', 'insufficient_system_resource']);

/** Some servers say 200 before they know, and then put an error in the place of the answer, or of its end. */
const failureIn = (model: string, served: unknown): ModelError | undefined => {
  const choices = fieldOf(served, 'choices');
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const holder = [served, choice].find((value) => (fieldOf(value, 'error') ?? null) !== null);
  if (holder === undefined && !GIVEN_UP.has(fieldOf(choice, 'finish_reason'))) return undefined;
  const code = errorCode(holder);
  const status = Number(code);
  if (status >= 400 && status < 600) return httpError(model, { status });
  return new ProviderError(model, 'the provider failed while it answered', {
    isRetryable: !isExhausted(code),
  });
};

/** Mistral may write a text in parts, and its hidden reasoning as parts of another type. */
const withPlainText = (choice: unknown, part: 'message' | 'delta'): unknown => {
  const message = fieldOf(choice, part);
  const content = fieldOf(message, 'content');
  if (!Array.isArray(content)) return choice;
  const texts = content.map((piece) => (fieldOf(piece, 'type') === 'text' ? fieldOf(piece, 'text') : ''));
  return { ...(choice as object), [part]: { ...(message as object), content: texts.join('') } };
};

/**
 * The JSON value that a server wrote.
 *
 * @throws {MalformedResponseError} for anything else; what it was is not repeated.
 */
export const parseServed = (model: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedResponseError(model, 'answered with something that is no JSON');
  }
};
