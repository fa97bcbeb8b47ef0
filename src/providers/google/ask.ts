import { timer } from 'rxjs';
import { MalformedResponseError, type ModelError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import type { Exchange } from '../provider-model.ts';
import { asObject } from './as-object.ts';
import { buildRequest, type GoogleRequest } from './build-request.ts';
import { type Guard, unguarded, type Within, withGuardedResponses } from './guarded-responses.ts';
import type { CheckedOptions } from './options.ts';
import { type AnswerPiece, joinPieces, readPiece } from './read-piece.ts';
import { refusalError } from './refusal-error.ts';
import { tooLarge } from './to-error.ts';
import { toResponse } from './to-response.ts';

/** The API, as an SDK gives it: foreign data, all at once or in pieces. */
export interface GoogleApi {
  readonly generate: (request: GoogleRequest, signal: AbortSignal) => Promise<unknown>;
  readonly stream: (request: GoogleRequest, signal: AbortSignal) => Promise<AsyncIterable<unknown>>;
  /** Whether a `fetch` is at work that is not ours: one that knows no cap, and follows redirects. */
  readonly isUnguarded: boolean;
}

/** How long the end of a stream is waited for once its answer is there, so that its connection can be used again. */
const LINGER_MS = 50;

/**
 * Asks once, and reads the answer.
 *
 * @throws {ModelError} for an answer that is none; what the SDK throws passes through.
 */
export const ask = async (
  api: GoogleApi,
  { request, signal, emit }: Exchange,
  settings: CheckedOptions,
): Promise<ModelResponse> => {
  const { id, maxResponseBytes } = settings;
  // Ends what is left of an exchange: of one that has failed, or whose answer is there already.
  const leave = new AbortController();
  const either = AbortSignal.any([signal, leave.signal]);
  let failure: ModelError | undefined;
  const fail = (error: ModelError): void => {
    failure ??= error;
    leave.abort();
  };
  const guard: Guard = {
    maxBytes: maxResponseBytes,
    onTooLarge: () => fail(tooLarge(id)),
    onRedirect: (status) => fail(refusalError(id, status, undefined)),
  };
  const body = buildRequest(request, settings);
  const answer = async (within: Within): Promise<AnswerPiece> => {
    if (!request.wantsDeltas) return readWhole(id, await within(() => api.generate(body, either)));
    const events = await within(() => api.stream(body, either));
    return readStream(id, maxResponseBytes, events, emit, leave);
  };
  try {
    const said = await (api.isUnguarded ? withGuardedResponses(guard, answer) : answer(unguarded));
    return toResponse(said, settings.confidence);
  } catch (error) {
    leave.abort();
    throw failure ?? error;
  }
};

const readWhole = (model: string, content: unknown): AnswerPiece => {
  const answer = readPiece(model, content);
  if (answer.isAnswer) return answer;
  throw new MalformedResponseError(model, 'answered without a candidate');
};

const readStream = async (
  model: string,
  maxCharacters: number,
  events: AsyncIterable<unknown>,
  emit: (text: string) => void,
  leave: AbortController,
): Promise<AnswerPiece> => {
  const iterator = events[Symbol.asyncIterator]();
  let answer = readPiece(model, undefined);
  // The last event of an answer has its token counts; where it has none they may come after it.
  while (answer.finishReason === undefined || answer.usage === undefined) {
    const next = await iterator.next();
    if (next.done) break;
    throwIfError(model, next.value);
    const piece = readPiece(model, next.value);
    answer = joinPieces(answer, piece);
    if (answer.text.length > maxCharacters) throw tooLarge(model);
    if (piece.text !== '') emit(piece.text);
  }
  if (answer.finishReason === undefined || !answer.isAnswer) {
    throw new MalformedResponseError(model, 'the stream ended before the answer did', { isRetryable: true });
  }
  await leaveAtEnd(iterator, leave);
  return answer;
};

const throwIfError = (model: string, event: unknown): void => {
  const { error } = asObject(event);
  if (error === undefined || error === null) return;
  const { code } = asObject(error);
  throw refusalError(model, typeof code === 'number' ? code : 500, event);
};

/** Waits for the end of a stream that has said everything, but not for long; then its connection is closed. */
const leaveAtEnd = (iterator: AsyncIterator<unknown>, leave: AbortController): Promise<void> =>
  new Promise((resolve) => {
    const lingering = timer(LINGER_MS).subscribe(() => leave.abort());
    const end = (): void => {
      lingering.unsubscribe();
      resolve();
    };
    iterator.next().then(end, end);
  });
