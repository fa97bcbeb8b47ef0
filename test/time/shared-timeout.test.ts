import { catchError, concat, map, merge, mergeMap, NEVER, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEnsemble, defineModel, hedged, type Outcome, simulated } from '../../src/index.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';

const became = ({ model, status, latencyMs }: Outcome): string => `${model} ${status} at ${latencyMs}`;

describe('the time limit of a call', () => {
  it(
    'ends a call that never answers, and aborts it in that frame',
    marbles((m) => {
      const a = m.cold('--4|    ', responses);
      const aSubs = '   ^-!     ';
      const b = m.cold('        ');
      const bSubs = '   ^----!  ';
      const expected = '-----(p|)';

      const ensemble = createEnsemble({ models: [scripted('a', a), scripted('b', b)], timeoutMs: 5 });
      const result$ = ensemble.predict$('?').pipe(map(({ outcomes }) => outcomes.map(became)));
      m.expect(result$).toBeObservable(expected, { p: ['a answered at 2', 'b failed at 5'] });
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'runs from when each request is sent, whenever that is',
    marbles((m) => {
      const first = m.cold(' ---------4|  ', responses);
      const firstSubs = '    ^----!       ';
      const second = m.cold('     ---4|    ', responses);
      const secondSubs = '   -----^--!    ';
      const third = m.cold('         ------4|', responses);
      const thirdSubs = '    --------^----!';
      const expected = '     -------------(p|)';

      const ensemble = createEnsemble({
        models: [scripted('first', first), scripted('second', second), scripted('third', third)],
        execution: { schedule: (calls) => merge(...calls, 1), minResponses: () => 1 },
        timeoutMs: 5,
      });
      const result$ = ensemble.predict$('?').pipe(map(({ outcomes }) => outcomes.map(became)));
      m.expect(result$).toBeObservable(expected, {
        p: ['first failed at 5', 'second answered at 3', 'third failed at 5'],
      });
      m.expect(first).toHaveSubscriptions(firstSubs);
      m.expect(second).toHaveSubscriptions(secondSubs);
      m.expect(third).toHaveSubscriptions(thirdSubs);
    }),
  );

  it(
    'is each call’s own, although the calls of all predictions share one timer',
    marbles((m) => {
      const starts = m.cold('a-b-c----d|         ');
      const a = m.cold('     --------4|          ', responses);
      const aSubs = [
        '            ^----!              ',
        '            --^----!            ',
        '            ----^----!          ',
        '            ---------^----!     ',
      ];
      const expected = '     -----t-t-t----(t|)  ';

      const ensemble = createEnsemble({ models: [scripted('a', a)], timeoutMs: 5 });
      const predictions$ = starts.pipe(
        mergeMap(() => ensemble.predict$('?').pipe(catchError((error: Error) => of(error.message)))),
      );
      m.expect(predictions$).toBeObservable(expected, {
        t: expect.stringContaining('a: no answer within 5 ms'),
      });
      m.expect(a).toHaveSubscriptions(aSubs);
    }),
  );

  it(
    'is not put off by a call that starts when another one expires',
    marbles((m) => {
      const a = m.cold('--------------4|', responses);
      const aSubs = '   ^----!          ';
      const b = m.cold('   -----------4| ', responses);
      const bSubs = '   ---^----!       ';
      const c = m.cold('     ---------4| ', responses);
      const cSubs = '   -----^----!     ';
      const expected = '----------e     ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: hedged({ hedgeDelayMs: 3 }),
        timeoutMs: 5,
      });
      const name$ = ensemble.predict$('?').pipe(catchError((error: Error) => concat(of(error.name), NEVER)));
      m.expect(name$).toBeObservable(expected, { e: 'AllModelsFailedError' });
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it('covers models that answer at once without ever setting a timer', async () => {
    const setTimeoutSpy = vi.spyOn(globalThis, 'setTimeout');
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4'), simulated({ id: 'b' })] });
    await ensemble.predict('What is 2 + 2?');
    expect(setTimeoutSpy).not.toHaveBeenCalled();
    setTimeoutSpy.mockRestore();
  });

  it('may be none', () => {
    const setTimeoutSpy = vi.spyOn(globalThis, 'setTimeout');
    const ensemble = createEnsemble({
      models: [defineModel('a', () => NEVER)],
      timeoutMs: Number.POSITIVE_INFINITY,
    });
    ensemble.predict$('?').subscribe().unsubscribe();
    expect(setTimeoutSpy).not.toHaveBeenCalled();
    setTimeoutSpy.mockRestore();
  });

  it('needs one timer, however many calls are out', () => {
    const setTimeoutSpy = vi.spyOn(globalThis, 'setTimeout');
    const setIntervalSpy = vi.spyOn(globalThis, 'setInterval');
    const ensemble = createEnsemble({
      models: [defineModel('a', () => NEVER), defineModel('b', () => NEVER)],
    });
    const running = Array.from({ length: 100 }, () => ensemble.predict$('?').subscribe());
    expect(setTimeoutSpy.mock.calls.length + setIntervalSpy.mock.calls.length).toBe(1);
    for (const subscription of running) subscription.unsubscribe();
    setTimeoutSpy.mockRestore();
    setIntervalSpy.mockRestore();
  });

  it.each([0, -1, Number.NaN, 2 ** 31, Number.NEGATIVE_INFINITY])(
    'is refused where it is %s',
    (timeoutMs) => {
      expect(() => createEnsemble({ models: [defineModel('a', () => '4')], timeoutMs })).toThrow(
        expect.objectContaining({
          name: 'ConfigError',
          faults: [
            `createEnsemble: option "timeoutMs" must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got ${timeoutMs}`,
          ],
        }),
      );
    },
  );
});

describe('a wall clock that jumps', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([3_600_000, -3_600_000])(
    'by %i ms leaves latencies and time limits as they are',
    async (jumpMs) => {
      const ensemble = createEnsemble({
        models: [
          defineModel('a', async () => {
            await Promise.resolve();
            vi.setSystemTime(Date.now() + jumpMs);
            return '4';
          }),
          simulated({ id: 'b', accuracy: 1, latencyMs: 20 }),
          simulated({ id: 'silent', latencyMs: 60_000 }),
        ],
        timeoutMs: 60,
      });
      const prediction = ensemble.predict('What is 2 + 2?');
      await vi.advanceTimersByTimeAsync(60);
      const { metadata, outcomes } = await prediction;
      expect(outcomes.map(became)).toStrictEqual([
        'a answered at 0',
        'b answered at 20',
        'silent failed at 60',
      ]);
      expect(metadata.latencyMs).toBe(60);
    },
  );
});
