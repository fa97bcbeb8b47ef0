import { type Observable, Subject } from 'rxjs';
import { returned } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { plainName } from '../domain/quoting.ts';
import { modelFaults } from '../engine/panel.ts';
import {
  anEnsemble,
  checked,
  delayMs,
  hasMethods,
  limitMs,
  reading,
  recordFaults,
  required,
  suchThat,
  wholeNumber,
} from '../options.ts';
import { acrossOrigins } from './across-origins.ts';
import { createAdmission } from './admission.ts';
import { type Caller, type Callers, callerExpected, everyCaller } from './callers.ts';
import { checkSender } from './check-sender.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { findRoute, pathIn, routeNotFound } from './find-route.ts';
import { openAIError } from './openai-error.ts';
import { livePage } from './page/live-page.ts';
import { type PageOptions, pageFaults, pageSettings } from './page/page-options.ts';
import { predictionRoutes } from './prediction-routes.ts';
import { refuseEncoded } from './read-body.ts';
import type { HttpError, RequestRefusal } from './request-refusal.ts';
import type { Door, Route } from './route.ts';
import type { ServableEnsemble } from './serve-prediction.ts';
import type { ServedEvent } from './served-event.ts';
import { shuttingDown } from './shutting-down.ts';
import { toHttpError } from './to-http-error.ts';
import type { AlertRule } from './watch/alert.ts';
import { alertFaults } from './watch/alert-faults.ts';
import { createWatch } from './watch/create-watch.ts';
import { watchRoute } from './watch/watch-route.ts';
import { whenEmpty } from './when-empty.ts';
import { whileThere } from './while-there.ts';

/** Options of {@link createEnsembleHandler}. */
export interface EnsembleHandlerOptions {
  /** The ensembles, by the model id with which clients ask them. */
  readonly ensembles: Readonly<Record<string, ServableEnsemble>>;
  /**
   * The models that a request may choose its panel among, with `plugins: [{ id: 'fusion', analysis_models, model }]`, by the name of
   * the ensemble that asks them. `model` writes the answer where the votes do not decide. Default: requests choose no panel.
   */
  readonly choices?: Readonly<Record<string, readonly Model[]>>;
  /** The clients that may ask. Default: all that ask at one of the `hosts`. */
  readonly callers?: Callers;
  /**
   * The host names at which a handler without `callers` answers, such as `panel.example.com`. Default: those of its own
   * machine, such as `localhost`. It answers no page of another origin.
   */
  readonly hosts?: readonly string[];
  /**
   * The origins of pages that may ask from a browser (CORS), such as `https://app.example.com`. Default: none but the
   * server's own.
   */
  readonly origins?: readonly string[];
  /** How many predictions may be in flight, from 1. Default 64. */
  readonly concurrency?: number;
  /** How many more requests may wait, from 0; those beyond are refused with status 429. Default 256. */
  readonly maxQueued?: number;
  /** The time limit of every prediction, in milliseconds. A request may ask for less. Default 300,000. */
  readonly deadlineMs?: number;
  /** The maximum number of bytes of the body of a request. Default 50,000,000. */
  readonly maxBodyBytes?: number;
  /** How deep the JSON of a body may be nested. Default 64. */
  readonly maxDepth?: number;
  /** How long a client may take to send its body, in milliseconds; then status 408. Default 60,000. */
  readonly bodyTimeoutMs?: number;
  /** The time between comments that keep the connection of a stream open, in milliseconds. Default 15,000. */
  readonly keepAliveMs?: number;
  /**
   * A page at `/` to ask the ensembles and to watch them, with its options, or `true`. Default: none. It shows what callers
   * with keys do only to those that `operators` names.
   */
  readonly page?: boolean | PageOptions;
  /** When alerts are raised, which the page shows and `webhook` receives. Default: never. */
  readonly alerts?: readonly AlertRule[];
  /** The URL to which alerts are sent, as a POST with JSON. It follows no redirect. Only with `alerts`. */
  readonly webhook?: string;
}

/** Serves ensembles to HTTP clients. */
export interface EnsembleHandler {
  /** Answers a request; never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** What happens at the door; never completes. Costs nothing without a subscriber. */
  readonly events$: Observable<ServedEvent>;
  /** Refuses new requests with status 503, waits for those in flight, and aborts what is left after `graceMs`, by default 10,000. */
  readonly close: (options?: CloseOptions) => Promise<void>;
}

/** Options of the `close` of an {@link EnsembleHandler}. */
export interface CloseOptions {
  /** How long predictions in flight may continue, in milliseconds. Default 10,000. */
  readonly graceMs?: number;
}

/** Alerts need no recent predictions. */
const WITHOUT_PAGE = { history: 0, content: false };

const choicesFaults = (options: EnsembleHandlerOptions | undefined): readonly string[] =>
  Object.entries(
    isObject(options?.choices) && !Array.isArray(options.choices) ? options.choices : {},
  ).flatMap(([name, models]) => {
    const place = `createEnsembleHandler: choices.${plainName(name)}`;
    const isKnown = isObject(options?.ensembles) && Object.hasOwn(options.ensembles, name);
    return [
      ...(isKnown ? [] : [`${place}: there is no ensemble of this name`]),
      ...modelFaults(place, models),
    ];
  });

/** The faults of the option `webhook`. Its URL is often a secret, so that no message quotes it. */
const webhookFaults = (webhook: unknown, alerts: unknown): readonly string[] => {
  if (webhook === undefined) return [];
  if (!isHttpUrl(webhook))
    return ['createEnsembleHandler: option "webhook" must be an http(s) URL; its value is not shown'];
  return Array.isArray(alerts) && alerts.length > 0
    ? []
    : ['createEnsembleHandler: option "webhook" has no effect without "alerts"; remove it, or add rules'];
};

const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

const isHostName = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(`http://${value}`) && new URL(`http://${value}`).host === value;

/** An origin as browsers send it, also that of an app, such as `tauri://localhost`. */
const isOrigin = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s*A-Z]+$/.test(value);

const specs = {
  ensembles: required(
    suchThat(
      'an object with at least one ensemble',
      (value) => isObject(value) && Object.keys(value).length > 0,
    ),
  ),
  choices: [
    suchThat(
      'an object with a list of models for each ensemble, such as { panel: models }',
      (value) => isObject(value) && !Array.isArray(value),
    ),
    {},
  ],
  callers: [
    suchThat('the result of createCallers', (value) => hasMethods(value, 'of', 'admit')),
    everyCaller,
  ],
  hosts: suchThat(
    'a list of host names, without ports',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isHostName),
  ),
  origins: [
    suchThat(
      'a list of origins as browsers send them, such as https://app.example.com',
      (value) => Array.isArray(value) && value.every(isOrigin),
    ),
    [],
  ],
  concurrency: [wholeNumber(1), 64],
  maxQueued: [wholeNumber(0), 256],
  deadlineMs: [limitMs, 300_000],
  maxBodyBytes: [wholeNumber(1), 50_000_000],
  maxDepth: [wholeNumber(1), 64],
  bodyTimeoutMs: [limitMs, 60_000],
  keepAliveMs: [limitMs, 15_000],
  page: [
    suchThat(
      'true, false, or the options of the page',
      (value) => typeof value === 'boolean' || isObject(value),
    ),
    false,
  ],
  alerts: [suchThat('a list of rules', Array.isArray), []],
  // Checked apart, because a message about it must not quote it.
  webhook: suchThat('an http(s) URL', () => true),
} as const;

/**
 * Creates a handler that serves ensembles to HTTP clients: a function from `Request` to `Promise<Response>`, for every host
 * with `fetch`-style handlers. It imports nothing of Node.
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { createEnsembleHandler } from 'crucible-ensemble/server';
 *
 * const models = ['4', '4', '5'].map((answer, n) => defineModel(`model-${n}`, () => answer));
 * const panel = createEnsemble({ models, normalization: 'numeric' });
 * const { fetch } = createEnsembleHandler({ ensembles: { panel } });
 *
 * const body = JSON.stringify({ model: 'panel', query: 'What is 2 + 2?' });
 * const request = new Request('http://localhost/v1/predictions', { method: 'POST', body });
 * const { answer } = await (await fetch(request)).json();
 * answer; // => 4
 * ```
 */
export const createEnsembleHandler = (options: EnsembleHandlerOptions): EnsembleHandler =>
  reading('createEnsembleHandler', () => {
    const settings = checked('createEnsembleHandler', options, specs, [
      ...recordFaults('createEnsembleHandler: ensembles', options?.ensembles, anEnsemble),
      ...choicesFaults(options),
      ...pageFaults('createEnsembleHandler: page', options?.page),
      ...alertFaults('createEnsembleHandler', options?.alerts),
      ...webhookFaults(options?.webhook, options?.alerts),
      ...(options?.hosts !== undefined && options.callers !== undefined
        ? ['createEnsembleHandler: option "hosts" has no effect with "callers"; remove it']
        : []),
    ]);
    const events = new Subject<ServedEvent>();
    const page = settings.page === false ? undefined : pageSettings(settings.page);
    const watch =
      page === undefined && settings.alerts.length === 0
        ? undefined
        : createWatch(events, { ...settings, ...(page ?? WITHOUT_PAGE) });
    const routes = [
      ...predictionRoutes,
      ...(page === undefined || watch === undefined ? [] : [livePage(), watchRoute(watch, page.operators)]),
    ];
    const inFlight = new Set<Exchange>();
    let closing: RequestRefusal | undefined;
    const door: Door = {
      ...settings,
      admission: createAdmission(settings),
      limits: settings,
      isClosing: () => closing !== undefined,
      emit: (event) => events.next(event),
      events$: events.asObservable(),
    };
    const answered = async (request: Request): Promise<Response> => {
      const exchange = openExchange(request, () => inFlight.delete(exchange));
      const pathname = pathIn(exchange.url);
      const route = findRoute(routes, request.method, pathname);
      let caller: Caller = {};
      inFlight.add(exchange);
      try {
        if (closing !== undefined && route?.isOpen !== true) throw closing;
        if (settings.callers === everyCaller && route?.isOpen !== true)
          checkSender(request, exchange.url, settings);
        if (route === undefined) throw routeNotFound(routes, request.method, pathname);
        refuseEncoded(request);
        if (route.isOpen !== true)
          caller = returned(
            await whileThere(exchange.signal, () => settings.callers.of(request)),
            callerExpected,
          );
        return withRequestId(await route.handle({ ...exchange, caller }, door), exchange);
      } catch (error) {
        const failure = toHttpError(error);
        // A prediction that was begun has ended its exchange, and told so.
        if (inFlight.has(exchange))
          door.emit({
            type: 'refusal',
            id: exchange.id,
            route: pathname,
            caller: caller.name,
            failure,
            error,
          });
        exchange.end();
        return errorResponse(failure, exchange, route?.error);
      }
    };
    const fetch = async (request: Request): Promise<Response> => {
      const response = await answered(request);
      return request.method === 'HEAD' ? withoutBody(response) : response;
    };
    return {
      fetch: settings.origins.length === 0 ? fetch : acrossOrigins(settings.origins, fetch),
      events$: door.events$,
      async close(closeOptions = {}) {
        const { graceMs } = checked('close', closeOptions, { graceMs: [delayMs, 10_000] });
        closing = shuttingDown();
        watch?.endFeeds();
        await whenEmpty(inFlight, graceMs);
        for (const exchange of inFlight) exchange.abort(closing);
        watch?.close();
      },
    };
  });

/** A stream that is not read must end: it has a place, or a prediction. */
const withoutBody = (response: Response): Response => {
  void response.body?.cancel();
  return new Response(null, response);
};

const withRequestId = (response: Response, { id }: Exchange): Response => {
  response.headers.set('x-request-id', id);
  return response;
};

const errorResponse = (
  failure: HttpError,
  exchange: Exchange,
  write: NonNullable<Route['error']> = openAIError,
): Response => {
  const { status, retryAfterMs, allow } = failure;
  return withRequestId(
    Response.json(write(failure), {
      status,
      headers: {
        // An ensemble that failed has retried already, so that a client that asks again pays again.
        ...(status !== 503 && { 'x-should-retry': 'false' }),
        // The rest of such a body is not read.
        ...((status === 408 || status === 413) && { connection: 'close' }),
        ...(allow !== undefined && { allow: allow.join(', ') }),
        ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
      },
    }),
    exchange,
  );
};
