import { concat, from, lastValueFrom, NEVER, of, scan, takeWhile, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { cancelledProgress, nextProgress, noProgress, type RemoteEvent } from '../../src/client/client.ts';
import { createEnsemble, defineModel, type ModelDelta, type ModelResponse } from '../../src/index.ts';

const writing = (id: string, ...pieces: readonly string[]) => ({
  ...defineModel(id, () => ''),
  call: () =>
    concat(
      from(pieces.map((delta): ModelDelta => ({ delta }))),
      of<ModelResponse>({ text: pieces.join(''), costUsd: 0.25 }),
    ),
});

const ask = (models: Parameters<typeof createEnsemble>[0]['models']) =>
  lastValueFrom(
    createEnsemble({ models })
      .stream('What is 2 + 2?')
      .pipe(scan(nextProgress<unknown>, noProgress), toArray()),
  );

it('has every call with what it has written, its vote and its cost, at each event', async () => {
  const all = await ask([writing('a', '4', '2'), writing('b', '42'), writing('c', '7')]);
  expect(all.map(({ calls }) => calls.map(({ status, text }) => `${status}:${text}`).join(' '))).toContain(
    'writing:4',
  );
  const last = all.at(-1);
  expect(last?.votes).toEqual({ 42: 2, 7: 1 });
  expect(last?.consensus).toBeCloseTo(2 / 3);
  expect(last?.calls.map(({ status, text, outcome }) => [status, text, outcome?.costUsd])).toEqual([
    ['answered', '42', 0.25],
    ['answered', '42', 0.25],
    ['answered', '7', 0.25],
  ]);
  expect(last?.cost).toEqual({ costUsd: 0.75, costSource: 'reported' });
  expect(last?.prediction?.text).toBe('42');
});

it('calls a sum of costs a lower bound until the prediction is complete', async () => {
  const all = await ask([writing('a', '42'), defineModel('b', () => '42')]);
  const sources = [...new Set(all.map(({ cost }) => `${cost.costUsd} ${cost.costSource}`))];
  expect(sources).toEqual(['undefined unknown', '0.25 partial']);
});

it('begins a call again when it is retried, and keeps the reason of one that failed', async () => {
  let calls = 0;
  const flaky = defineModel('flaky', () => {
    calls += 1;
    throw Object.assign(new Error('busy'), { calls });
  });
  const all = await ask([flaky, writing('b', '42')]);
  expect(all.at(-1)?.calls[0]).toMatchObject({
    status: 'failed',
    outcome: { error: { name: 'ModelError' } },
  });
  const start: RemoteEvent = { type: 'call-start', sequence: 0, call: 0, index: 0, model: 'a' };
  const piece: RemoteEvent = { type: 'delta', sequence: 1, call: 0, model: 'a', text: 'half an ans' };
  const again = { type: 'call-retry', sequence: 2, call: 0, model: 'a', attempt: 1 } as RemoteEvent;
  const texts = [start, piece, again].map(
    (_, index, events) => events.slice(0, index + 1).reduce(nextProgress<unknown>, noProgress).calls[0],
  );
  expect(texts).toMatchObject([
    { text: '' },
    { text: 'half an ans', status: 'writing' },
    { text: '', status: 'waiting' },
  ]);
});

it('cancels the calls in flight of a prediction that is given up, and no others', async () => {
  const never = { ...defineModel('never', () => ''), call: () => NEVER };
  const progress = await lastValueFrom(
    createEnsemble({ models: [never, writing('a', '42')] })
      .stream('What is 2 + 2?')
      .pipe(
        scan(nextProgress<unknown>, noProgress),
        takeWhile(({ consensus }) => consensus === undefined, true),
      ),
  );
  expect(cancelledProgress(progress).calls.map(({ status }) => status)).toEqual(['cancelled', 'answered']);
});

it('has the calls of judges with their role', async () => {
  const start = {
    type: 'call-start',
    sequence: 0,
    call: 3,
    index: 3,
    model: 'j',
    role: 'judge',
  } as RemoteEvent;
  expect(nextProgress<unknown>(noProgress, start).calls).toMatchObject([
    { role: 'judge', status: 'waiting' },
  ]);
});
