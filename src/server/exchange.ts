import { asyncScheduler } from 'rxjs';
import { currentClock } from '../time/clock.ts';
import type { Caller } from './callers.ts';

/** One request and its way to a response. */
export interface Exchange {
  readonly request: Request;
  readonly url: URL;
  /** Letters and digits: the id of the response is made of it. */
  readonly id: string;
  readonly startedAt: Date;
  readonly caller: Caller;
  /** Aborts when the client leaves, and when the server is closed. */
  readonly signal: AbortSignal;
  /** Aborts the signal. */
  abort(reason?: unknown): void;
  /** The time since the request came, in milliseconds. */
  elapsedMs(): number;
  /** Removes what listens to the client. Called once the response is complete. */
  end(): void;
}

/** In place of a URL with a `host` header that no client sends, such as one with port 99999. */
const UNREADABLE = new URL('http://invalid.invalid/unreadable');

/** The URL of a request. */
export const urlOf = ({ url }: Request): URL => (URL.canParse(url) ? new URL(url) : UNREADABLE);

/** Opens an exchange of a caller that is not known yet: its signal follows the client until `end`. */
export const openExchange = (request: Request, onEnd: () => void): Exchange => {
  const controller = new AbortController();
  const clock = currentClock();
  const startMs = clock();
  const { signal } = request;
  const clientLeft = (): void => controller.abort(signal.reason);
  if (signal.aborted) clientLeft();
  else signal.addEventListener('abort', clientLeft);
  return {
    request,
    url: urlOf(request),
    id: crypto.randomUUID().replaceAll('-', ''),
    startedAt: new Date(asyncScheduler.now()),
    caller: {},
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    elapsedMs: () => clock() - startMs,
    end() {
      // Some hosts abort the signal of a request after its response, and keep the listeners of every request.
      signal.removeEventListener('abort', clientLeft);
      onEnd();
    },
  };
};

/** One of several predictions of an exchange: with an id and a clock of its own, and the signal of the whole. */
export const exchangeWithin = (exchange: Exchange, suffix: string): Exchange => {
  const clock = currentClock();
  const startMs = clock();
  return {
    ...exchange,
    id: `${exchange.id}-${suffix}`,
    startedAt: new Date(asyncScheduler.now()),
    elapsedMs: () => clock() - startMs,
    end: () => undefined,
  };
};
