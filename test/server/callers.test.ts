import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { endOfPeriod, periodIn } from '../../src/server/period.ts';
import {
  type ApiKey,
  createCallers,
  createEnsembleHandler,
  memorySpendStore,
} from '../../src/server/server.ts';
import { post } from './post.ts';

afterEach(() => {
  vi.useRealTimers();
});

const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const ask = (key: string, more: object = {}): Request =>
  post(
    '/v1/predictions',
    { model: 'panel', query: 'Hi?', ...more },
    { headers: { authorization: `Bearer ${key}` } },
  );
const costing = (costUsd: number | undefined) =>
  createEnsemble({ models: [defineModel('a', () => ({ text: 'yes', costUsd }))] });

const serve = (more: Partial<ApiKey>, costUsd: number | undefined = 0.25) => {
  const callers = createCallers({
    keys: [
      { name: 'ann', sha256: digestOf('key-of-ann'), ...more },
      { name: 'bob', sha256: digestOf('key-of-bob').toUpperCase() },
    ],
  });
  const ensembles = { panel: costing(costUsd), other: costing(costUsd) };
  return { callers, ...createEnsembleHandler({ ensembles, callers }) };
};
const statuses = async (
  fetch: (request: Request) => Promise<Response>,
  ...keys: readonly string[]
): Promise<readonly number[]> => {
  const seen: number[] = [];
  for (const key of keys) seen.push((await fetch(ask(key))).status);
  return seen;
};

test('lets the owners of keys ask, and no others', async () => {
  const { fetch } = serve({});
  expect(await statuses(fetch, 'key-of-ann', 'key-of-bob', 'key-of-an', '')).toEqual([200, 200, 401, 401]);
  const byHeader = post(
    '/v1/predictions',
    { model: 'panel', query: 'Hi?' },
    { headers: { 'x-api-key': 'key-of-bob' } },
  );
  expect((await fetch(byHeader)).status).toBe(200);
  expect((await fetch(new Request('http://localhost/v1/models'))).status).toBe(401);
});

test('hides the ensembles that a key may not ask', async () => {
  const { fetch } = serve({ ensembles: ['other'] });
  expect(await statuses(fetch, 'key-of-ann', 'key-of-bob')).toEqual([404, 200]);
  const list = new Request('http://localhost/v1/models', { headers: { 'x-api-key': 'key-of-ann' } });
  expect(await (await fetch(list)).json()).toMatchObject({ data: [{ id: 'other' }] });
});

test('ends the predictions of a key whose budget is spent, until the next period', async () => {
  vi.useFakeTimers({ now: new Date('2026-11-30T22:30:00Z') });
  const { fetch, callers } = serve({ budget: { maxUsd: 0.5, per: 'day', timeZone: 'Europe/Berlin' } });
  expect(await statuses(fetch, 'key-of-ann', 'key-of-ann', 'key-of-ann', 'key-of-bob')).toEqual([
    200, 200, 402, 200,
  ]);
  expect(callers.spending()).toMatchObject([
    { name: 'ann', spentUsd: 0.5, period: '2026-11-30' },
    { name: 'bob', spentUsd: 0.25, period: '2026-11' },
  ]);
  vi.setSystemTime(new Date('2026-11-30T23:00:00Z'));
  expect(await statuses(fetch, 'key-of-ann')).toEqual([200]);
  expect(callers.spending()[0]).toMatchObject({ spentUsd: 0.25, period: '2026-12-01' });
});

test('says what a key has spent of its budget, and when its period ends, but nothing of other keys', async () => {
  vi.useFakeTimers({ now: new Date('2026-10-24T12:00:00Z') });
  const { fetch } = serve({ budget: { maxUsd: 0.6, per: 'day', timeZone: 'Europe/Berlin' } });
  const messageOf = async (): Promise<string> =>
    (await (await fetch(ask('key-of-ann'))).json()).error.message;
  await statuses(fetch, 'key-of-bob', 'key-of-ann', 'key-of-ann');
  expect(await messageOf()).toBe(
    'this key has spent $0.50 of $0.60 in this day, which ends at 2026-10-24T22:00:00.000Z: this prediction may cost more than what its budget has left besides what those in flight may cost',
  );
  const spent = serve({ budget: { maxUsd: 0.5 } });
  await statuses(spent.fetch, 'key-of-ann', 'key-of-ann');
  expect((await (await spent.fetch(ask('key-of-ann'))).json()).error.message).toBe(
    'this key has spent $0.50 of $0.50 in this month, which ends at 2026-11-01T00:00:00.000Z: its budget is spent',
  );
});

test.each([
  // A day of 25 hours, one of 23, a month with a change of clocks, and a day without midnight.
  ['day', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['day', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['month', 'Europe/Berlin', '2026-10-01T12:00:00Z', '2026-10-31T23:00:00Z'],
  ['day', 'America/Santiago', '2026-09-05T20:00:00Z', '2026-09-06T04:00:00Z'],
  ['month', 'UTC', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z'],
  ['month', 'Pacific/Kiritimati', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00Z'],
] as const)('a %s in %s that has %s ends at %s', (per, timeZone, moment, end) => {
  const ends = endOfPeriod(periodIn(per, timeZone), new Date(moment));
  expect(ends.toISOString()).toBe(new Date(end).toISOString());
});

test('reserves what the dearest prediction has cost for those in flight', async () => {
  const { fetch } = serve({ budget: { maxUsd: 1 } });
  await fetch(ask('key-of-ann'));
  const many = await Promise.all(Array.from({ length: 10 }, () => fetch(ask('key-of-ann'))));
  expect(many.filter(({ status }) => status === 200)).toHaveLength(3);
});

test('counts a prediction of unknown cost as the dearest one so far', async () => {
  const spend = memorySpendStore();
  const callers = createCallers({ keys: [{ name: 'ann', sha256: digestOf('key-of-ann') }], spend });
  const known = createEnsembleHandler({ ensembles: { panel: costing(0.25) }, callers });
  const unknown = createEnsembleHandler({ ensembles: { panel: costing(undefined) }, callers });
  await known.fetch(ask('key-of-ann'));
  await unknown.fetch(ask('key-of-ann'));
  expect(callers.spending()).toMatchObject([{ spentUsd: 0.5, unknownCosts: 1 }]);
});

test('limits how often a key asks, and says when it may ask again', async () => {
  vi.useFakeTimers();
  const { fetch } = serve({ rateLimit: { requests: 2, perMs: 10_000 } });
  expect(await statuses(fetch, 'key-of-ann', 'key-of-ann', 'key-of-ann')).toEqual([200, 200, 429]);
  const refused = await fetch(ask('key-of-ann'));
  expect(refused.headers.get('retry-after')).toBe('5');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await statuses(fetch, 'key-of-ann', 'key-of-ann')).toEqual([200, 429]);
});

test('frees the reservation of a request that finds the queue full', async () => {
  const callers = createCallers({
    keys: [{ name: 'ann', sha256: digestOf('key-of-ann'), budget: { maxUsd: 1 } }],
  });
  const { fetch } = createEnsembleHandler({
    ensembles: { panel: costing(0.25) },
    callers,
    concurrency: 1,
    maxQueued: 0,
  });
  await fetch(ask('key-of-ann'));
  const many = await Promise.all([fetch(ask('key-of-ann')), fetch(ask('key-of-ann'))]);
  expect(many.map(({ status }) => status)).toEqual([200, 429]);
  expect(await statuses(fetch, 'key-of-ann', 'key-of-ann', 'key-of-ann')).toEqual([200, 200, 402]);
});

test('lists every fault of keys, and quotes none', () => {
  const keys = [
    { name: 'ann', sha256: 'sk-live-1234567890', budget: { maxUsd: 0, per: 'week', timeZone: 'Berlin' } },
    { name: 'ann', sha256: digestOf('a'), rateLimit: { requests: 0 } },
  ];
  expect(() => createCallers({ keys: keys as never })).toThrowErrorMatchingInlineSnapshot(`
    [ConfigError: 6 faults:
    - createCallers: keys[0]: option "sha256" must be 64 hexadecimal digits, but got a string of 18 characters that looks like a key (keys are passed as { apiKey })
    - createCallers: keys[0].budget: option "maxUsd" must be a number of USD above 0 up to 1000000, but got 0
    - createCallers: keys[0].budget: option "per" must be 'day', 'month', but got "week"
    - createCallers: keys[0].budget: option "timeZone" must be a time zone, such as Europe/Berlin, but got "Berlin"
    - createCallers: keys[1]: another key has this name
    - createCallers: keys[1].rateLimit: option "requests" must be an integer of at least 1, but got 0]
  `);
});

test('asks an ensemble of unknown cost one question at a time, if the key has a budget', async () => {
  const { fetch } = serve({ budget: { maxUsd: 0.3 } });
  const many = await Promise.all(Array.from({ length: 5 }, () => fetch(ask('key-of-ann'))));
  expect(many.map(({ status }) => status)).toEqual([200, 429, 429, 429, 429]);
  expect(many[1]?.headers.get('retry-after')).toBe('1');
  expect(await statuses(fetch, 'key-of-ann')).toEqual([402]);
});

test('refuses two names for one key', () => {
  const keys = ['ann', 'bob'].map((name) => ({ name, sha256: digestOf('same') }));
  expect(() => createCallers({ keys })).toThrow('keys[1]: another name has the same key; give each its own');
});
