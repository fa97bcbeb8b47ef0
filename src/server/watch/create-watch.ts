import { BehaviorSubject, filter, firstValueFrom, merge, type Observable, Subject, take, timer } from 'rxjs';
import type { Frame } from '../dialect.ts';
import type { ServedEvent } from '../served-event.ts';
import type { AlertRule } from './alert.ts';
import { createAlerts } from './create-alerts.ts';
import { createHistory, type HistoryOptions } from './create-history.ts';
import type { Watched } from './recent-prediction.ts';
import { sendAlerts } from './send-alerts.ts';

/** The time between two updates of a feed, in milliseconds. */
const UPDATE_MS = 250;

/** Options of {@link createWatch}. */
export interface WatchOptions extends HistoryOptions {
  readonly alerts: readonly AlertRule[];
  /** The URL that receives alerts. */
  readonly webhook?: string | undefined;
}

/** What a server knows of its predictions: for its page, and for alerts. */
export interface Watch {
  state(): Watched;
  /** The state at once, and what changed, at most four times a second. Ends when its reader returns it. */
  feed(): AsyncIterator<readonly Frame[], undefined>;
  /** Ends every feed: a server that closes waits for no reader. */
  endFeeds(): void;
  /** Ends every feed, follows no more events, and drops alerts that are not sent yet. */
  close(): void;
}

/** Follows the events of a handler until they complete. */
export const createWatch = (events$: Observable<ServedEvent>, options: WatchOptions): Watch => {
  const version$ = new BehaviorSubject(0);
  const closed$ = new Subject<void>();
  const changed = (): void => version$.next(version$.value + 1);
  const history = createHistory(options);
  const sender = options.webhook === undefined ? undefined : sendAlerts(options.webhook, changed);
  const alerts = createAlerts(options.alerts, (alert) => sender?.send(alert));
  const following = events$.subscribe((event) => {
    if (event.type !== 'begin' && event.type !== 'end') return;
    history.add(event);
    if (event.type === 'end') alerts.add(event);
    changed();
  });
  const state = (): Watched => ({
    ...history.state(),
    alerts: alerts.list(),
    undelivered: sender?.undelivered() ?? 0,
  });
  const endFeeds = (): void => closed$.next();
  return {
    state,
    feed: () => feedOf(version$, closed$, state),
    endFeeds,
    close() {
      endFeeds();
      following.unsubscribe();
      sender?.close();
    },
  };
};

const feedOf = (
  version$: BehaviorSubject<number>,
  closed$: Observable<void>,
  state: () => Watched,
): AsyncIterator<readonly Frame[], undefined> => {
  const left$ = new Subject<void>();
  const end$ = merge(closed$, left$);
  let isOver = false;
  let version = -1;
  let ended = 0;
  const ending = end$.subscribe({
    next() {
      isOver = true;
    },
  });
  const wait = async (until$: Observable<unknown>): Promise<void> => {
    if (!isOver) await firstValueFrom(merge(until$, end$).pipe(take(1)), { defaultValue: undefined });
  };
  return {
    async next() {
      const isFirst = version === -1;
      if (!isFirst) await wait(timer(UPDATE_MS));
      await wait(version$.pipe(filter((present) => present !== version)));
      if (isOver) {
        ending.unsubscribe();
        return { done: true, value: undefined };
      }
      version = version$.value;
      const present = state();
      const recent = isFirst ? present.recent : present.recent.slice(0, present.ended - ended);
      ended = present.ended;
      return { done: false, value: [{ event: isFirst ? 'state' : 'update', data: { ...present, recent } }] };
    },
    async return() {
      left$.next();
      ending.unsubscribe();
      return { done: true, value: undefined };
    },
  };
};
