import { asyncScheduler, concat, lastValueFrom, map, mergeMap, NEVER, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { QueueFullError } from '../../src/domain/errors.ts';
import type { Model } from '../../src/domain/model.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { concurrency } from '../../src/policies/concurrency.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';
import { documentedRows } from './documented-rows.ts';

const request = toRequest('?');

type Marbles = Parameters<Parameters<typeof marbles>[0]>[0];

/** What the page says happens, and a test of each row. */
const rows: Readonly<Record<string, (m: Marbles) => void>> = {
  'a slot is free'(m) {
    const limited = concurrency({ maxConcurrent: 2 });
    const [a, b] = [m.cold('---4|', responses), m.cold('-5|', responses)];
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('---4|', responses);
    m.expect(limited(scripted('b', b)).call(request)).toBeObservable('-5|', responses);
    m.expect(b).toHaveSubscriptions('^-!');
  },

  'no slot is free'(m) {
    const limited = concurrency({ maxConcurrent: 1 });
    const [a, b, c] = [m.cold('---4|', responses), m.cold('-5|', responses), m.cold('-6|', responses)];
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('---4|', responses);
    m.expect(limited(scripted('b', b)).call(request)).toBeObservable('-----5|', responses);
    m.expect(limited(scripted('c', c)).call(request)).toBeObservable('-------6|', responses);
    m.expect(b).toHaveSubscriptions('----^-!');
    m.expect(c).toHaveSubscriptions('------^-!');
  },

  'a call answers, fails or is unsubscribed'(m) {
    const limited = concurrency({ maxConcurrent: 1 });
    const answering = m.cold('-4|', responses);
    const failing = m.cold('-#', responses, new Error('down'));
    const unsubscribed = m.cold('-----', responses);
    const last = m.cold('-5|', responses);
    m.expect(limited(scripted('a', answering)).call(request)).toBeObservable('-4|', responses);
    m.expect(limited(scripted('b', failing)).call(request)).toBeObservable('---#', {}, new Error('down'));
    m.expect(limited(scripted('c', unsubscribed)).call(request), '^----!').toBeObservable('-----');
    m.expect(limited(scripted('d', last)).call(request)).toBeObservable('------5|', responses);
    m.expect(failing).toHaveSubscriptions('--^!');
    m.expect(unsubscribed).toHaveSubscriptions('---^-!');
    m.expect(last).toHaveSubscriptions('-----^-!');
  },

  'a waiting call is unsubscribed'(m) {
    const limited = concurrency({ maxConcurrent: 1 });
    const [a, b, c] = [m.cold('----4|', responses), m.cold('-5|', responses), m.cold('-6|', responses)];
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('----4|', responses);
    m.expect(limited(scripted('b', b)).call(request), '^--!').toBeObservable('---');
    m.expect(limited(scripted('c', c)).call(request)).toBeObservable('------6|', responses);
    m.expect(b).toHaveSubscriptions([]);
    m.expect(c).toHaveSubscriptions('-----^-!');
  },

  'the queue is full'(m) {
    const limited = concurrency({ maxConcurrent: 1, maxQueued: 0 });
    const [a, b] = [m.cold('---4|', responses), m.cold('-5|', responses)];
    m.expect(limited(scripted('a', a)).call(request)).toBeObservable('---4|', responses);
    m.expect(limited(scripted('b', b)).call(request)).toBeObservable('#', {}, new QueueFullError('b', 0));
    m.expect(b).toHaveSubscriptions([]);
  },

  '`maxConcurrent` is `Infinity`'(m) {
    const limited = concurrency({ maxConcurrent: Number.POSITIVE_INFINITY, maxQueued: 0 });
    const a = m.cold('-4|', responses);
    for (let call = 0; call < 100; call += 1) {
      asyncScheduler.schedule(() => limited(scripted('a', a)).call(request).subscribe(), 0);
    }
    m.expect(a).toHaveSubscriptions(Array(100).fill('^-!'));
  },
};

describe('concurrency', () => {
  it('is documented row by row', () => {
    expect(documentedRows('concurrency')).toStrictEqual(Object.keys(rows));
  });

  for (const [what, test] of Object.entries(rows)) it(`knows what to do where ${what}`, marbles(test));

  it(
    'starts the longest waiting call of all its models in the frame in which a place becomes free',
    marbles((m) => {
      const limited = concurrency({ maxConcurrent: 1 });
      const a = m.cold('  ---4|         ', responses);
      const aSubs = ['    ^---!         ', '    --------^---!'];
      const b = m.cold('  ---5|         ', responses);
      const bSubs = '     ----^---!     ';
      const expected = '---4---5---4|';
      const models: Record<string, Model> = { a: limited(scripted('a', a)), b: limited(scripted('b', b)) };
      const all$ = of('a', 'b', 'a').pipe(mergeMap((name) => models[name]?.call(request) ?? []));
      m.expect(all$).toBeObservable(expected, responses);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'never makes a call that is cancelled while it waits, and frees the place of one that is cancelled when out',
    marbles((m) => {
      const limited = concurrency({ maxConcurrent: 1 });
      const a = m.cold('------4|', responses);
      const b = m.cold('-5|     ', responses);
      const c = m.cold('-6|     ', responses);
      m.expect(limited(scripted('a', a)).call(request), '  ^---!').toBeObservable('------');
      m.expect(limited(scripted('b', b)).call(request), '  ^-!').toBeObservable('----');
      m.expect(limited(scripted('c', c)).call(request)).toBeObservable('-----6|', responses);
      m.expect(a).toHaveSubscriptions('^---!');
      m.expect(b).toHaveSubscriptions([]);
      m.expect(c).toHaveSubscriptions('----^-!');
    }),
  );

  it(
    'turns a call away at once when the line is full, and goes on after a failure',
    marbles((m) => {
      const limited = concurrency({ maxConcurrent: 1, maxQueued: 1 });
      const a = m.cold('--#   ', responses, new Error('down'));
      const b = m.cold('-5|   ', responses);
      const c = m.cold('-6|   ', responses);
      m.expect(limited(scripted('a', a)).call(request)).toBeObservable('--#', {}, new Error('down'));
      m.expect(limited(scripted('b', b)).call(request)).toBeObservable('---5|', responses);
      const refusal = new QueueFullError('c', 1);
      const refused$ = limited(scripted('c', c)).call(request);
      m.expect(refused$).toBeObservable('#', {}, refusal);
      expect(refusal).toMatchObject({ isRetryable: true, costUsd: 0, maxQueued: 1 });
      m.expect(b).toHaveSubscriptions('--^-!');
      m.expect(c).toHaveSubscriptions([]);
    }),
  );

  it('serves 10,000 queued calls of a synchronous model in order, without overflowing the stack', async () => {
    const limited = concurrency({ maxConcurrent: 1 });
    const echo = limited({ id: 'echo', call: ({ prompt }) => of({ text: prompt }) });
    const first = limited({ id: 'first', call: () => NEVER });
    const out = first.call(request).subscribe();
    const prompts = Array.from({ length: 10_000 }, (_, index) => String(index));
    const answers = lastValueFrom(
      of(...prompts).pipe(
        mergeMap((prompt) => echo.call(toRequest(prompt))),
        map((output) => ('text' in output ? output.text : '')),
        toArray(),
      ),
    );
    out.unsubscribe();
    expect(await answers).toStrictEqual(prompts);
  });

  it('has a free place for whoever asks again as soon as a call has ended, also without a line', async () => {
    const model = concurrency({ maxConcurrent: 1, maxQueued: 0 })(scripted('a', of({ text: '4' })));
    const twice$ = concat(model.call(request), model.call(request));
    expect(await lastValueFrom(twice$.pipe(toArray()))).toHaveLength(2);
  });

  it('refuses what is no limit', () => {
    expect(() => concurrency({ maxConcurrent: 0 })).toThrow('concurrency: option "maxConcurrent"');
    expect(() => concurrency({} as never)).toThrow('is missing');
  });
});
