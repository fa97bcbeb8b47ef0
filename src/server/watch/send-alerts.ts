import { concatMap, defer, EMPTY, type Observable, Subject, timeout, timer } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';
import { catchError, finalize, retry, takeUntil } from 'rxjs/operators';
import type { Alert } from './alert.ts';

/** How many alerts may wait for the webhook. */
const MAX_WAITING = 100;
const TIME_LIMIT_MS = 5_000;
const RETRIES = 3;
const FIRST_DELAY_MS = 1_000;

/** Sends alerts to a webhook. */
export interface AlertSender {
  send(alert: Alert): void;
  /** How many alerts were dropped. */
  undelivered(): number;
  /** Drops what waits. */
  close(): void;
}

/**
 * Sends alerts to a URL of the configuration, one at a time and in order. A request that fails, takes 5 s or is answered with
 * another status than 2xx is repeated three times, after 1, 2 and 4 s. It follows no redirect, and reads no answer.
 *
 * @param onChange called when an alert was dropped.
 */
export const sendAlerts = (url: string, onChange: () => void): AlertSender => {
  const alerts = new Subject<Alert>();
  const closed = new Subject<void>();
  let waiting = 0;
  let undelivered = 0;
  const drop = (): void => {
    undelivered += 1;
    onChange();
  };
  const sent = (alert: Alert): Observable<never> =>
    defer(() => posted(url, alert)).pipe(
      retry({ count: RETRIES, delay: (_, attempt) => timer(FIRST_DELAY_MS * 2 ** (attempt - 1)) }),
      catchError(() => {
        drop();
        return EMPTY;
      }),
      finalize(() => {
        waiting -= 1;
      }),
    );
  alerts.pipe(concatMap(sent), takeUntil(closed)).subscribe();
  return {
    send(alert) {
      if (waiting >= MAX_WAITING) return drop();
      waiting += 1;
      alerts.next(alert);
    },
    undelivered: () => undelivered,
    close: () => closed.next(),
  };
};

const posted = (url: string, alert: Alert): Observable<never> =>
  fromFetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/json' },
    // The field `text` is what chat services show.
    body: JSON.stringify({ type: 'crucible-ensemble.alert', text: textOf(alert), alert }),
    async selector(response) {
      await response.body?.cancel();
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response;
    },
  }).pipe(
    timeout(TIME_LIMIT_MS),
    concatMap(() => EMPTY),
  );

const textOf = ({ state, message }: Alert): string => (state === 'over' ? `Over: ${message}` : message);
