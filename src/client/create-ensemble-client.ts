import { lastValueFrom, type Observable } from 'rxjs';
import { ConfigError } from '../domain/errors.ts';
import { readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { looksLikeKey } from '../domain/quoting.ts';
import type { Query } from '../domain/request.ts';
import { cold } from './cold.ts';
import { createKeyWarning } from './key-warning.ts';
import { type Connection, post } from './post.ts';
import { queryBody } from './query-body.ts';
import { readPrediction, readPredictionEvents } from './read-response.ts';
import type { RemoteEvent, RemoteEvents, RemotePrediction } from './remote-prediction.ts';

/** Options of {@link createEnsembleClient}. */
export interface EnsembleClientOptions {
  /** The address of the server, without `/v1`. In a browser, a path such as `/` is one of the page's own origin. */
  readonly url: string;
  /** The ensemble that is asked unless a question names another one. Default: none. */
  readonly ensemble?: string;
  /**
   * Headers of every request, or a function that returns them and may be async, such as one with the session of a user. In a page
   * they are public: a key of a provider stays on the server. Default: none.
   */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Sends the requests. Default: the `fetch` of the platform. */
  readonly fetch?: typeof fetch;
}

/** How one question is asked. */
export interface RemoteOptions {
  /** The name of the ensemble. Default: that of the client. */
  readonly ensemble?: string | undefined;
  /** Ends the request, and with it the calls of the server; its reason is the error. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit of the prediction, in milliseconds: what has been counted until then is the answer. Default: that of the server. */
  readonly deadlineMs?: number | undefined;
  /** The ids of the models that are asked, if the server allows a choice for this ensemble. Default: all of its models. */
  readonly models?: readonly string[] | undefined;
  /** The id of the model that writes the answer where the votes do not decide, of those that may be chosen. Default: none. */
  readonly writer?: string | undefined;
  /** Whether the prediction says in sentences why its answer won. Default `false`. */
  readonly explain?: boolean | undefined;
}

/** Asks the ensembles of a server. Its methods have the names of those of an ensemble. */
export interface EnsembleClient<Answer = unknown> {
  /** Asks a question. Rejects with a {@link RemoteError} if there is no prediction. */
  predict(query: Query, options?: RemoteOptions): Promise<RemotePrediction<Answer>>;
  /** The same as an Observable: each subscription asks the question, and `unsubscribe` ends the request. */
  predict$(query: Query, options?: RemoteOptions): Observable<RemotePrediction<Answer>>;
  /** Emits the events of a prediction as they arrive; the last one is `complete`. Each subscription and each loop asks the question. */
  stream(query: Query, options?: RemoteOptions): RemoteEvents<Answer>;
}

const NAMES = ['url', 'ensemble', 'headers', 'fetch'];
const NAMES_OF_QUESTIONS = ['ensemble', 'signal', 'deadlineMs', 'models', 'writer', 'explain'];

/**
 * Creates a client of an ensemble server. Sends nothing before a question is asked, and each question once: after a lost
 * connection the error says whether it may be asked again.
 *
 * ```text
 * client.stream(query)   ^--s--s--r-c--r-c-C|   call-start, response, consensus, complete
 * unsubscribe            ^--s--!                the server cancels the calls
 * ```
 *
 * @typeParam Answer the type of the answers. It is not checked, because it depends on the ensemble.
 * @throws {ConfigError} for invalid options. Questions fail with {@link RemoteError}, with a `ConfigError` if nothing can be
 * sent, and with the reason of their `signal`.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { createEnsembleClient } from 'crucible-ensemble/client';
 * import { createEnsembleHandler } from 'crucible-ensemble/server';
 *
 * const models = ['4', '4', '5'].map((answer, n) => defineModel(`model-${n}`, () => answer));
 * const server = createEnsembleHandler({ ensembles: { panel: createEnsemble({ models }) } });
 *
 * const client = createEnsembleClient({
 *   url: 'http://localhost',
 *   ensemble: 'panel',
 *   fetch: (url, init) => server.fetch(new Request(url, init)),
 * });
 * const { text, metadata } = await client.predict('What is 2 + 2?');
 * text; // => '4'
 * metadata.votes; // => { '4': 2, '5': 1 }
 *
 * const counts: unknown[] = [];
 * for await (const event of client.stream('What is 2 + 2?'))
 *   if (event.type === 'consensus') counts.push(event.votes);
 * counts; // => [{ '4': 1 }, { '4': 2 }, { '4': 2, '5': 1 }]
 * ```
 */
export const createEnsembleClient = <Answer = unknown>(
  options: EnsembleClientOptions,
): EnsembleClient<Answer> => {
  const connection = connectionOf(options);
  const { ensemble } = options;
  const bodyOf = (query: Query, asked: RemoteOptions, stream: boolean): string => {
    const { ensemble: model = ensemble, deadlineMs, models, writer, explain } = asked;
    checkQuestion(asked, model);
    return queryBody({ model, query, stream, deadlineMs, models, writer, explain });
  };
  const predict$ = (query: Query, asked: RemoteOptions = {}): Observable<RemotePrediction<Answer>> =>
    cold(async function* (signal) {
      const response = await post(connection, bodyOf(query, asked, false), signal);
      yield (await readPrediction(response)) as RemotePrediction<Answer>;
    }, asked.signal);
  return {
    predict: (query, asked) => lastValueFrom(predict$(query, asked)),
    predict$,
    stream: (query, asked = {}) =>
      cold(async function* (signal) {
        const response = await post(connection, bodyOf(query, asked, true), signal);
        yield* readPredictionEvents(response) as AsyncGenerator<RemoteEvent<Answer>>;
      }, asked.signal),
  };
};

/** The options are checked by hand: what checks them elsewhere would double the size of the client in a page. */
const connectionOf = (options: EnsembleClientOptions): Connection => {
  const fault = (text: string): string[] => [`createEnsembleClient: ${text}`];
  if (!isObject(options)) throw new ConfigError(fault('expected options, such as { url: "/" }'));
  const [url, ensemble, headers, own] = NAMES.map((name) => readSafely(options, name));
  const faults = [
    ...unknownNames(options, NAMES).flatMap(fault),
    ...urlFaults(url).flatMap(fault),
    ...(ensemble === undefined || typeof ensemble === 'string'
      ? []
      : fault('option "ensemble" must be the name of an ensemble')),
    ...(headers === undefined || isObject(headers) || typeof headers === 'function'
      ? []
      : fault('option "headers" must be headers, or a function that returns them; its value is not shown')),
    ...(own === undefined || typeof own === 'function'
      ? []
      : fault('option "fetch" must be a function, such as fetch')),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    url: `${(url as string).replace(/\/+$/, '')}/v1/predictions`,
    headers: typeof headers === 'function' ? () => headers() : () => headers ?? {},
    // The one of the platform is looked up for each request, so that what replaces it later is used.
    fetch: (input, init) => ((own as typeof fetch | undefined) ?? fetch)(input, init),
    watch: createKeyWarning(),
  } as Connection;
};

/** The faults of the URL. It is not repeated, because it may contain a password. */
const urlFaults = (given: unknown): readonly string[] => {
  const isAddress = typeof given === 'string' && /^(?:https?:\/\/|\/(?!\/))/i.test(given);
  const url = isAddress ? URL.parse(given, 'http://page.invalid') : null;
  if (url === null)
    return ['option "url" must be an http(s) URL, or a path such as /; its value is not shown'];
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return ['option "url" must not have a password, a query or a fragment; keys are passed in "headers"'];
  return /\/v1(?:\/predictions)?\/*$/.test(url.pathname)
    ? ['option "url" must be the address before /v1; leave that out, because it is added']
    : [];
};

/** A name that may be a key is not repeated. */
const unknownNames = (object: object, names: readonly string[]): readonly string[] =>
  Object.keys(object)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const shown = looksLikeKey(name) ? 'with that name' : `"${name}"`;
      return `there is no option ${shown}; the options are ${names.join(', ')}`;
    });

const checkQuestion = (asked: RemoteOptions, ensemble: unknown): void => {
  const faults = [
    ...unknownNames(asked, NAMES_OF_QUESTIONS),
    ...(typeof ensemble === 'string' && ensemble !== ''
      ? []
      : ['name the ensemble: createEnsembleClient({ url, ensemble }), or as an option of the question']),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
};
