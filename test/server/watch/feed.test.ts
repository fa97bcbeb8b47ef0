import { Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEnsemble, defineModel } from '../../../src/index.ts';
import { createEnsembleHandler, type ServedEvent, type Watched } from '../../../src/server/server.ts';
import { createWatch } from '../../../src/server/watch/create-watch.ts';
import { endOf, vote } from './ends.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 30) }));
afterEach(() => vi.useRealTimers());

test('joins a hundred predictions a second into four updates, each prediction in one of them', async () => {
  const events = new Subject<ServedEvent>();
  const watch = createWatch(events, { history: 100, content: false, alerts: [] });
  const frames: { readonly event?: string; readonly data: Watched }[] = [];
  const feed = watch.feed();
  const reading = (async () => {
    for (;;) {
      const { done, value } = await feed.next();
      if (done === true) return;
      frames.push(...(value as typeof frames));
    }
  })();
  await vi.advanceTimersByTimeAsync(0);
  for (let number = 0; number < 200; number += 1) {
    events.next(endOf([vote('a', 'x')]));
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(1_000);
  expect(frames[0]).toMatchObject({ event: 'state', data: { ended: 0 } });
  expect(frames.length).toBeGreaterThanOrEqual(8);
  expect(frames.length).toBeLessThanOrEqual(10);
  const ids = frames.flatMap(({ data }) => data.recent.map(({ id }) => id));
  expect([ids.length, new Set(ids).size, frames.at(-1)?.data.ended]).toEqual([200, 200, 200]);
  watch.close();
  await reading;
  expect(vi.getTimerCount()).toBe(0);
});

test('keeps nothing for a reader that does not read', async () => {
  const events = new Subject<ServedEvent>();
  const watch = createWatch(events, { history: 10, content: false, alerts: [] });
  const feed = watch.feed();
  await feed.next();
  for (let number = 0; number < 1_000; number += 1) events.next(endOf([vote('a', 'x')]));
  const next = feed.next();
  await vi.advanceTimersByTimeAsync(250);
  const { value } = await next;
  const data = value?.[0]?.data as Watched;
  expect([data.ended, data.recent.length]).toEqual([1_000, 10]);
  const waiting = feed.next();
  await feed.return?.();
  expect((await waiting).done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  watch.close();
});

test('refuses more than 64 feeds, and takes another one when a reader has left', async () => {
  const ensemble = createEnsemble({ models: [defineModel('a', () => 'a')] });
  const handler = createEnsembleHandler({ ensembles: { panel: ensemble }, page: true });
  const follow = (): Promise<Response> =>
    handler.fetch(
      new Request('http://localhost/v1/predictions/recent', { headers: { accept: 'text/event-stream' } }),
    );
  const open = await Promise.all(Array.from({ length: 64 }, follow));
  expect(open.every(({ status }) => status === 200)).toBe(true);
  expect((await follow()).status).toBe(429);
  await open[0]?.body?.cancel();
  const another = await follow();
  expect(another.status).toBe(200);
  await handler.close();
  await Promise.all([another, ...open.slice(1)].map((response) => response.text()));
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
});
