import { timer } from 'rxjs';
import { MalformedResponseError, type ModelError } from '../../domain/errors.ts';
import type { Model, ModelResponse } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { tooLargeError } from '../bounded-fetch.ts';
import { cutOffError } from '../connection-error.ts';
import { type Exchange, providerModel } from '../provider-model.ts';
import { buildRequest, type GoogleRequest } from './build-request.ts';
import { type Guard, unguarded, type Within, withGuardedResponses } from './guarded-responses.ts';
import type { GoogleSettings } from './options.ts';
import { type AnswerPiece, joinPieces, readPiece } from './read-piece.ts';
import { refusalError } from './refusal-error.ts';
import { toGoogleError } from './to-error.ts';
import { toResponse } from './to-response.ts';

/** The API through one of the SDKs. Responses are unchecked data. */
export interface GoogleApi {
  readonly generate: (request: GoogleRequest, signal: AbortSignal) => Promise<unknown>;
  readonly stream: (request: GoogleRequest, signal: AbortSignal) => Promise<AsyncIterable<unknown>>;
  /** Whether requests use another `fetch` than `boundedFetch`: it has no size limit and follows redirects. */
  readonly isUnguarded: boolean;
}

/** How long to wait for the end of a stream after its answer, so that its connection can be reused. */
const LINGER_MS = 50;

/** Creates a model that uses the API through one of the SDKs. */
export const googleModel = (
  modelId: string,
  settings: GoogleSettings,
  connect: () => Promise<GoogleApi>,
): Model =>
  providerModel<GoogleApi>({
    id: settings.id,
    provider: 'google',
    modelId,
    connect,
    ask: (api, exchange) => ask(api, exchange, settings),
    toError: (error) => toGoogleError(settings.id, error),
  });

/**
 * Sends one request and reads the response.
 *
 * @throws {ModelError} if the response is invalid. Errors of the SDK pass through.
 */
const ask = async (
  api: GoogleApi,
  { request, signal, emit }: Exchange,
  settings: GoogleSettings,
): Promise<ModelResponse> => {
  const { id, maxResponseBytes } = settings;
  // Closes the connection if the call fails, or if a stream does not end after its answer.
  const closing = new AbortController();
  const either = AbortSignal.any([signal, closing.signal]);
  let failure: ModelError | undefined;
  const fail = (error: ModelError): void => {
    failure ??= error;
    closing.abort();
  };
  const guard: Guard = {
    maxBytes: maxResponseBytes,
    onTooLarge: () => fail(tooLargeError(id)),
    onRedirect: (status) => fail(refusalError(id, { status })),
  };
  const body = buildRequest(request, settings);
  const answer = async (within: Within): Promise<AnswerPiece> => {
    if (!request.wantsDeltas) return readWhole(id, await within(() => api.generate(body, either)));
    const events = await within(() => api.stream(body, either));
    return readStream(id, { events, maxCharacters: maxResponseBytes, emit, close: () => closing.abort() });
  };
  try {
    const whole = await (api.isUnguarded ? withGuardedResponses(guard, answer) : answer(unguarded));
    return toResponse(whole, settings.confidence);
  } catch (error) {
    closing.abort();
    throw failure ?? error;
  }
};

const readWhole = (model: string, content: unknown): AnswerPiece => {
  const answer = readPiece(model, content);
  if (answer.isAnswer) return answer;
  throw new MalformedResponseError(model, 'the response has no candidate: check "baseURL"');
};

interface AnswerStream extends Pick<Exchange, 'emit'> {
  readonly events: AsyncIterable<unknown>;
  readonly maxCharacters: number;
  /** Closes the connection. */
  readonly close: () => void;
}

const readStream = async (
  model: string,
  { events, maxCharacters, emit, close }: AnswerStream,
): Promise<AnswerPiece> => {
  const iterator = events[Symbol.asyncIterator]();
  let answer = readPiece(model, undefined);
  // The last event of an answer usually has its token counts. If it has none, they may follow.
  while (answer.finishReason === undefined || answer.usage === undefined) {
    const next = await iterator.next();
    if (next.done) break;
    throwIfError(model, next.value);
    const piece = readPiece(model, next.value);
    answer = joinPieces(answer, piece);
    if (answer.text.length > maxCharacters) throw tooLargeError(model);
    if (piece.text !== '') emit(piece.text);
  }
  if (answer.finishReason === undefined || !answer.isAnswer) throw cutOffError(model);
  await awaitEnd(iterator, close);
  return answer;
};

const throwIfError = (model: string, event: unknown): void => {
  const { error } = asObject(event);
  if (error === undefined || error === null) return;
  const { code } = asObject(error);
  throw refusalError(model, {
    status: typeof code === 'number' ? code : 500,
    body: event,
    isWithinReply: true,
  });
};

/** Waits for the end of a stream after its answer. Closes the connection if the end does not come soon. */
const awaitEnd = (iterator: AsyncIterator<unknown>, close: () => void): Promise<void> =>
  new Promise((resolve) => {
    const lingering = timer(LINGER_MS).subscribe(close);
    const end = (): void => {
      lingering.unsubscribe();
      resolve();
    };
    iterator.next().then(end, end);
  });
