import { MalformedResponseError, type ModelError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import type { Model, ModelResponse } from '../../domain/model.ts';
import { neverOpened } from '../../domain/never-opened.ts';
import type { RequestFeature } from '../../domain/request-features.ts';
import { tooLargeError } from '../bounded-fetch.ts';
import { connectionError } from '../connection-error.ts';
import { mostOutputTokens } from '../output-limit.ts';
import { type Exchange, objectsIn, providerModel } from '../provider-model.ts';
import { type GeminiModel, geminiModel, takenBy } from '../refused-settings.ts';
import { keysOf } from '../server-words.ts';
import { buildRequest, type GoogleRequest, outputLimit, SETTINGS } from './build-request.ts';
import { type Guard, unguarded, type Within, withGuardedResponses } from './guarded-responses.ts';
import type { GoogleSettings } from './options.ts';
import { type AnswerPiece, readPiece } from './read-piece.ts';
import { readStream } from './read-stream.ts';
import { errorInReply, isError, refusalError } from './refusal-error.ts';
import { toGoogleError } from './to-error.ts';
import { toResponse } from './to-response.ts';

const settingsSent = ({
  maxOutputTokens,
  temperature,
  confidence,
  generationConfig,
  parameters,
}: GoogleSettings): Readonly<Record<string, unknown>> => ({
  maxOutputTokens,
  temperature,
  confidence,
  generationConfig,
  parameters,
});

/** One call of the API. */
export interface GoogleCall {
  readonly signal: AbortSignal;
  /** Receives the errors of the connection and of the body, which an SDK may replace by errors of its own. */
  readonly onError: (error: unknown) => void;
}

/** The API through one of the SDKs. Responses are unchecked data. */
export interface GoogleApi {
  readonly generate: (request: GoogleRequest, call: GoogleCall) => Promise<unknown>;
  readonly stream: (request: GoogleRequest, call: GoogleCall) => Promise<AsyncIterable<unknown>>;
  /** Whether requests use another `fetch` than `boundedFetch`: it has no size limit and follows redirects. */
  readonly isUnguarded: boolean;
}

/** Creates a model that uses the API through one of the SDKs. */
export const googleModel = (
  modelId: string,
  settings: GoogleSettings,
  connect: () => Promise<GoogleApi>,
): Model => {
  const known = geminiModel(modelId);
  return providerModel<GoogleApi>({
    id: settings.id,
    provider: 'google',
    modelId,
    maxOutputTokens: mostOutputTokens(outputLimit(settings)),
    settings: settingsSent(settings),
    secrets: [settings.apiKey, ...keysOf(Reflect.get(settings, 'client'))],
    carries: CARRIES,
    takes: takenBy(SETTINGS, known),
    hasNoConfidence: settings.confidence === undefined,
    connect,
    ask: (api, exchange) => ask(api, exchange, { ...settings, known }),
    toError: (error) => toGoogleError(settings.id, error),
  });
};

/** What the API can be sent: files of any type. A model that cannot read one refuses it. */
const CARRIES: ReadonlySet<RequestFeature> = new Set([
  ...(['image', 'image-url', 'pdf', 'pdf-url', 'audio', 'audio-url', 'file', 'file-url', 'tools'] as const),
]);

/**
 * Sends one request and reads the response.
 *
 * @throws {ModelError} if the response is invalid. Errors of the SDK pass through.
 */
const ask = async (
  api: GoogleApi,
  { request, settings: asked, signal, emit, sends, close }: Exchange,
  settings: GoogleSettings & { readonly known: GeminiModel },
): Promise<ModelResponse> => {
  const { id, maxResponseBytes, known, parameters } = settings;
  let failure: ModelError | undefined;
  const call: GoogleCall = {
    signal,
    onError: (error) => {
      failure ??= toGoogleError(id, error);
    },
  };
  let broken: unknown;
  const fail = (error: ModelError): void => {
    failure ??= error;
    close();
  };
  const guard: Guard = {
    maxBytes: maxResponseBytes,
    onTooLarge: () => fail(tooLargeError(id)),
    onRedirect: (status) => fail(refusalError(id, { status })),
    onBroken: (error) => {
      broken = error;
    },
  };
  const body = buildRequest(request, settings, { settings: asked, known });
  const { system, messages, tools } = request;
  sends({
    messages,
    ...given({ system, tools, answerSchema: objectsIn({ ...parameters, ...body.generationConfig }) }),
  });
  const answer = async (within: Within): Promise<AnswerPiece> => {
    if (!request.wantsDeltas) return readWhole(id, await within(() => api.generate(body, call)));
    const events = await within(() => api.stream(body, call));
    return readStream(id, { events, maxCharacters: maxResponseBytes, emit, close });
  };
  try {
    const whole = await (api.isUnguarded ? withGuardedResponses(guard, answer) : answer(unguarded));
    return toResponse(id, whole, settings);
  } catch (error) {
    throw failure ?? (neverOpened(broken) ? connectionError(id, broken) : error);
  }
};

const readWhole = (model: string, content: unknown): AnswerPiece => {
  if (isError(content)) throw errorInReply(model, content);
  const answer = readPiece(model, content);
  if (answer.isAnswer) return answer;
  throw new MalformedResponseError(model, 'the response has no candidate: check "baseURL"');
};
