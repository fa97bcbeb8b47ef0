/**
 * Models of real providers: one file for each provider, and the parts that all of them share.
 */

import { Observable } from 'rxjs';
import { abortReason } from '../domain/abort-reason.ts';
import type { ModelIdentity, ModelInput } from '../domain/attempt.ts';
import { InvalidRequestError, ModelError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import { internal } from '../domain/internal.ts';
import { isObject } from '../domain/is-object.ts';
import {
  type DirectCall,
  type Model,
  type ModelDelta,
  type ModelResponse,
  withoutConfidence,
} from '../domain/model.ts';
import { impossibleTotals } from '../domain/most-tokens.ts';
import { omit } from '../domain/omit.ts';
import { providerWarnings, reportedByProvider } from '../domain/provider-report.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { ReasoningEffort } from '../domain/reasoning-effort.ts';
import { abortReasonOf, attemptListener, type ModelRequest, warnOf } from '../domain/request.ts';
import { featuresOf, type RequestFeature } from '../domain/request-features.ts';
import { sentToolName } from '../domain/tools.ts';
import { asObject } from './as-object.ts';
import { cannotBeSent } from './cannot-be-sent.ts';
import { sentenceOf, withoutRetryAdvice } from './http-error.ts';
import { loadOnce } from './load-once.ts';
import { withRefusedParameter } from './refused-parameter.ts';
import { refusedSettings } from './refused-settings.ts';
import { serverWords } from './server-words.ts';

/** One request to a provider and its response. */
export interface Exchange {
  readonly request: ModelRequest;
  /** The settings of the request that the model takes. */
  readonly settings: QuerySettings;
  /** Belongs to this exchange alone. Aborts when the call is cancelled, and closes the connection. */
  readonly signal: AbortSignal;
  /** Aborts the signal, because nothing more is to be read: for a stream that continues after its answer. */
  readonly close: () => void;
  /** Emits a piece of the answer, of its reasoning or of the arguments of a tool call, if the request wants deltas. */
  readonly emit: (text: string, of?: Omit<ModelDelta, 'delta'>) => void;
  /**
   * Reports what the body of the request really holds. To be called before it is sent.
   *
   * @throws {BudgetExceededError} if a budget has too little left for it.
   */
  readonly sends: (input: ModelInput) => void;
}

/** The parts of a model that differ between providers. */
export interface Adapter<Client> extends Required<ModelIdentity> {
  /** The options that are part of every request; what is `undefined` is not. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether no response has a confidence, because the provider gives no probabilities, or only if it is asked for them. */
  readonly hasNoConfidence: boolean;
  /** The maximum number of tokens that a call writes; absent if nothing limits it. */
  readonly maxOutputTokens?: number | undefined;
  /** The key, and other values that are sent and must not come back in ids and errors. */
  readonly secrets: readonly unknown[];
  /** What a request may hold besides text. Nothing is sent of a request with anything else. */
  readonly carries: ReadonlySet<RequestFeature>;
  /** The settings of a request that the model takes. Others are left out, with a warning. */
  readonly takes: ReadonlySet<keyof QuerySettings>;
  /** Imports and creates the client, at the first call. Later calls share it. */
  readonly connect: () => Promise<Client>;
  /** Sends one request. Never retries. */
  readonly ask: (client: Client, exchange: Exchange) => Promise<ModelResponse>;
  /** Converts an error of `ask` to a typed error, without the provider's message, headers or key. */
  readonly toError: (error: unknown) => ModelError;
}

/**
 * Creates a model from an adapter. Each call has its own AbortController. Unsubscribing before the response aborts the
 * request; nothing is emitted afterwards.
 */
export const providerModel = <Client>({
  connect,
  ask,
  toError,
  maxOutputTokens,
  secrets,
  settings,
  hasNoConfidence,
  carries,
  takes,
  ...names
}: Adapter<Client>): Model => {
  const words = serverWords(secrets);
  const connected = loadOnce(connect);
  /** The error of a client of the caller may throw when it is read. */
  const typedError = (error: unknown): ModelError => {
    try {
      return isA(error, ModelError) ? error : toError(error);
    } catch {
      // Not kept as the cause, because it may have headers with keys.
      return new ModelError(names.id, 'the call failed with an error that cannot be read');
    }
  };
  /** The error as the call of a request gets it. */
  const explained = (failure: ModelError, request: ModelRequest, taken: QuerySettings): ModelError => {
    const parameters = Object.keys(asObject(settings.parameters));
    const error = isA(failure, InvalidRequestError)
      ? withRefusedParameter(failure, { settings: taken, options: settings, parameters })
      : failure;
    const { isRepeated, isDebugged } = request[internal] ?? {};
    const sentence = isDebugged === true ? sentenceOf(error) : undefined;
    if (sentence !== undefined)
      Object.defineProperty(error, 'providerMessage', {
        value: words.sentence(sentence),
        configurable: true,
      });
    return isRepeated === true ? withoutRetryAdvice(error) : error;
  };
  const call: DirectCall = (request) =>
    new Observable<ModelResponse | ModelDelta>((subscriber) => {
      const controller = new AbortController();
      let isSettled = false;
      let sent: ModelInput = request;
      const exchange: Exchange = {
        request,
        settings: takenSettings(names, request, { takes, own: settings }),
        signal: controller.signal,
        close: () => controller.abort(abortReason('answered')),
        emit: (delta, of) => subscriber.next(withOwnName({ delta, ...of }, request)),
        sends(input) {
          sent = input;
          listener?.attemptSends(input);
        },
      };
      const listener = attemptListener(request);
      // Nothing is sent, and nothing is paid for, while the SDK is imported.
      listener?.attemptWaits(true);
      connected()
        .then((client) => {
          if (subscriber.closed) return undefined;
          refuseUncarried(names.id, request, carries);
          listener?.attemptWaits(false);
          return ask(client, exchange);
        })
        .then(
          (response) => {
            isSettled = true;
            if (response !== undefined) {
              const { maxOutputTokens } = request;
              const asked = { ...sent, ...given({ maxOutputTokens }) };
              subscriber.next(words.response(withoutImpossible(withOwnNames(response, request), asked)));
            }
            subscriber.complete();
          },
          (error: unknown) => {
            isSettled = true;
            // A reply that failed while it was read may still be open.
            exchange.close();
            subscriber.error(explained(words.error(typedError(error)), request, exchange.settings));
          },
        );
      subscriber.add(() => {
        if (!isSettled) controller.abort(abortReasonOf(request));
      });
    });
  return {
    ...names,
    ...given({ maxOutputTokens }),
    settings: given(settings),
    call: hasNoConfidence ? Object.assign(call, { [withoutConfidence]: true }) : call,
  };
};

/** @throws {InvalidRequestError} for a request with something that the model cannot be sent. */
const refuseUncarried = (id: string, request: ModelRequest, carries: ReadonlySet<RequestFeature>): void => {
  const uncarried = [...featuresOf(request)].filter((feature) => !carries.has(feature));
  if (uncarried.length > 0) throw cannotBeSent(id, uncarried.map((feature) => NAMES[feature]).join(', '));
};

const NAMES: Readonly<Record<RequestFeature, string>> = {
  image: 'images',
  'image-url': 'URLs of images',
  pdf: 'PDF files',
  'pdf-url': 'URLs of PDF files',
  audio: 'audio',
  'audio-url': 'URLs of audio',
  file: 'files of this type',
  'file-url': 'URLs of files of this type',
  tools: 'tools',
};

/** Returns the settings that the model takes. Warns of the others. */
const takenSettings = (
  { id, modelId }: ModelIdentity,
  request: ModelRequest,
  { takes, own }: { readonly takes: Adapter<never>['takes']; readonly own: Adapter<never>['settings'] },
): QuerySettings => {
  const { settings } = request;
  if (settings === undefined) return {};
  const effort = settings.reasoningEffort ?? effortIn(own);
  const refused = refusedSettings(modelId ?? '', effort);
  const left = (Object.keys(settings) as (keyof QuerySettings)[]).filter(
    (name) => !takes.has(name) || refused.has(name),
  );
  for (const name of left)
    warnOf(
      request,
      `${id} ${takes.has(name) ? 'refuses' : 'does not take'} the setting "${name}": it was left out`,
    );
  return omit(settings, left);
};

/** The effort of the options of a model: its own option, or a field of the request. */
const effortIn = ({
  reasoningEffort,
  parameters,
}: Adapter<never>['settings']): ReasoningEffort | undefined => {
  const { reasoning_effort, reasoning } = asObject(parameters);
  return (reasoningEffort ?? reasoning_effort ?? asObject(reasoning).effort) as ReasoningEffort | undefined;
};

/** Returns a call with the name of its tool as the request spells it, if it is one of the request's tools. */
const withOwnName = <Called extends { readonly toolName?: string | undefined }>(
  called: Called,
  { tools = {} }: ModelRequest,
): Called => {
  const { toolName } = called;
  if (toolName === undefined || Object.hasOwn(tools, toolName)) return called;
  const own = Object.keys(tools).find((name) => sentToolName(name) === toolName);
  return own === undefined ? called : { ...called, toolName: own };
};

const withOwnNames = (response: ModelResponse, request: ModelRequest): ModelResponse => {
  const { toolCalls } = response;
  return toolCalls === undefined
    ? response
    : { ...response, toolCalls: toolCalls.map((call) => withOwnName(call, request)) };
};

/** Leaves out the totals of a usage that no call can have, with a warning. */
const withoutImpossible = (
  response: ModelResponse,
  asked: ModelInput & Pick<ModelRequest, 'maxOutputTokens'>,
): ModelResponse => {
  const { usage = {} } = response;
  const totals = impossibleTotals(usage, asked);
  if (totals.length === 0) return response;
  const warning = `dropped the ${totals.join(' and ')} of the usage, which no call can have`;
  return {
    ...response,
    usage: omit(usage, totals),
    ...reportedByProvider({ warnings: [...providerWarnings(response), warning] }, response),
  };
};

/** The fields of a request that are objects, such as a schema and tools. Models read them; `undefined` if there are none. */
export const objectsIn = (fields: Readonly<Record<string, unknown>>): ModelInput['answerSchema'] => {
  const objects = Object.entries(fields).filter(([, value]) => isObject(value));
  return objects.length === 0 ? undefined : Object.fromEntries(objects);
};

/**
 * Imports a peer dependency, which the user installs.
 *
 * @throws {ModelError} that names the missing package.
 */
export const importPeer = async <Module>(
  model: string,
  name: string,
  load: () => Promise<Module>,
): Promise<Module> => {
  try {
    return await load();
  } catch (error) {
    throw new ModelError(
      model,
      `cannot import "${name}": install it (npm install ${name}), or pass a client`,
      { cause: error, costUsd: 0 },
    );
  }
};
