import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEnsemble, defineModel } from '../../../src/index.ts';
import { type Alert, type AlertRule, createEnsembleHandler } from '../../../src/server/server.ts';
import { createAlerts } from '../../../src/server/watch/create-alerts.ts';
import { sendAlerts } from '../../../src/server/watch/send-alerts.ts';
import { post } from '../post.ts';
import { endOf, failed, vote } from './ends.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 30, 12) }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const watched = (...rules: readonly AlertRule[]) => {
  const told: Alert[] = [];
  return { told, alerts: createAlerts(rules, (alert) => told.push(alert)) };
};
const good = () => endOf([vote('a', 'x'), vote('b', 'x')]);

test('raises an alert of low consensus once, and says when it is over, after a minute at the earliest', () => {
  const { told, alerts } = watched({ lowConsensus: 0.6, last: 2 });
  const low = () => endOf([vote('a', 'x')], { consensus: 0.5 });
  alerts.add(low());
  expect(told).toEqual([]);
  alerts.add(low());
  alerts.add(low());
  expect(told).toMatchObject([{ state: 'raised', kind: 'low-consensus' }]);
  expect(told[0]?.message).toBe(
    'The mean consensus of the last 2 predictions of panel is 50.0 %, below 60.0 %.',
  );
  alerts.add(good());
  alerts.add(good());
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(60_000);
  alerts.add(good());
  expect(told).toMatchObject([{ state: 'raised' }, { state: 'over', overAt: '2026-11-30T12:01:00.000Z' }]);
  expect(alerts.list()).toMatchObject([{ state: 'over' }]);
});

test('raises an alert for each member that fails, and does not count cancelled calls', () => {
  const { told, alerts } = watched({ failingMember: 0.5, last: 4 });
  const cancelled = { ...vote('c', 'x'), status: 'cancelled' } as never;
  for (const b of [vote('b', 'x'), failed('b'), vote('b', 'x')])
    alerts.add(endOf([vote('a', 'x'), b, cancelled]));
  expect(told).toEqual([]);
  alerts.add(endOf([vote('a', 'x'), failed('b'), cancelled]));
  expect(told.map(({ message }) => message)).toEqual(['b in panel failed in 50.0 % of its last 4 calls.']);
});

test('keeps apart what ensembles and keys a rule is for', () => {
  const { told, alerts } = watched(
    { lowConsensus: 1, last: 1, ensemble: 'other' },
    { spendUsd: 0.015, key: 'ann' },
  );
  alerts.add(endOf([vote('a', 'x')], { consensus: 0.5 }));
  alerts.add(endOf([vote('a', 'x'), vote('b', 'x')], { caller: 'bob' }));
  expect(told).toEqual([]);
  alerts.add(endOf([vote('a', 'x')], { consensus: 0.5, ensemble: 'other', caller: 'ann' }));
  alerts.add(endOf([vote('a', 'x')], { caller: 'ann' }));
  expect(told.map(({ kind }) => kind)).toEqual(['low-consensus', 'spend']);
});

test('begins a sum of costs again with each day', () => {
  const { told, alerts } = watched({ spendUsd: 0.02 });
  alerts.add(endOf([vote('a', 'x')]));
  vi.advanceTimersByTime(12 * 3_600_000);
  alerts.add(endOf([vote('a', 'x')]));
  expect(told).toEqual([]);
  alerts.add(endOf([vote('a', 'x')]));
  expect(told.map(({ message }) => message)).toEqual([
    'Predictions have cost $0.02 in 2026-12-01, at least $0.02.',
  ]);
});

test('keeps a bounded list of alerts', () => {
  const { alerts } = watched({ failingMember: 0.1, last: 1 });
  for (let number = 0; number < 3_000; number += 1) alerts.add(endOf([failed(`m${number}`)]));
  expect(alerts.list()).toHaveLength(50);
});

const alert: Alert = { id: 'alert-1', state: 'raised', kind: 'spend', message: 'Much.', raisedAt: '' };

test('repeats an alert that the webhook does not take three times, and then gives it up', async () => {
  const requests: RequestInit[] = [];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    requests.push(init);
    return new Response('no', { status: 500 });
  });
  const sender = sendAlerts('http://hook.test/', () => undefined);
  sender.send(alert);
  await vi.advanceTimersByTimeAsync(6_999);
  expect([requests.length, sender.undelivered()]).toEqual([3, 0]);
  await vi.advanceTimersByTimeAsync(1);
  expect([requests.length, sender.undelivered()]).toEqual([4, 1]);
  expect(requests[0]).toMatchObject({ method: 'POST', redirect: 'error' });
  expect(JSON.parse(String(requests[0]?.body))).toMatchObject({ text: 'Much.', alert: { id: 'alert-1' } });
  sender.close();
});

test('gives up a webhook that never answers, and drops alerts beyond a hundred', async () => {
  let aborted = 0;
  vi.stubGlobal(
    'fetch',
    (_url: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          aborted += 1;
          reject(new Error('aborted'));
        });
      }),
  );
  const sender = sendAlerts('http://hook.test/', () => undefined);
  for (let number = 0; number < 150; number += 1) sender.send(alert);
  expect(sender.undelivered()).toBe(50);
  await vi.advanceTimersByTimeAsync(27_000);
  expect([aborted, sender.undelivered()]).toEqual([4, 51]);
  sender.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('sends the alert of a handler to its webhook, without the question', async () => {
  const bodies: string[] = [];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    bodies.push(String(init.body));
    return new Response(null, { status: 204 });
  });
  const ensemble = createEnsemble({
    models: ['a', 'b'].map((id) => defineModel(id, () => `answer of ${id}`)),
  });
  const handler = createEnsembleHandler({
    ensembles: { panel: ensemble },
    alerts: [{ lowConsensus: 0.6, last: 1 }],
    webhook: 'http://hook.test/secret',
  });
  await handler.fetch(post('/v1/predictions', { model: 'panel', query: 'a secret question' }));
  await vi.advanceTimersByTimeAsync(0);
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toContain('The mean consensus of the last 1 prediction of panel is 50.0 %');
  expect(bodies[0]).not.toMatch(/secret|answer of/);
  expect((await handler.fetch(new Request('http://localhost/'))).status).toBe(404);
  await handler.close();
});

test.each([
  [{ alerts: [{}] }, /alerts\[0\]: expected a rule/],
  [{ alerts: [{ lowConsensus: 2 }] }, /lowConsensus/],
  [{ alerts: [{ lowConsensus: 0.5, member: 'a' }] }, /member/],
  [{ alerts: [{ spendUsd: 1, per: 'week' }] }, /per/],
  [{ alerts: [{ spendUsd: 1 }], webhook: 'hooks.test/secret' }, /webhook.*not shown/],
  [{ webhook: 'https://hooks.test/secret' }, /without "alerts"/],
  [{ page: { history: 5_000 } }, /history/],
  [{ page: { operator: [] } }, /operator/],
])('refuses %j', (options, message) => {
  const ensemble = createEnsemble({ models: [defineModel('a', () => 'a')] });
  const make = () => createEnsembleHandler({ ensembles: { panel: ensemble }, ...options } as never);
  expect(make).toThrow(message);
  expect(make).not.toThrow(/secret/);
});
