import {
  catchError,
  concat,
  defer,
  forkJoin,
  map,
  mergeMap,
  NEVER,
  type Observable,
  of,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  type EnsembleOptions,
  type Model,
  type ModelDelta,
  type ModelResponse,
  NoPredictionError,
  type Outcome,
  RateLimitError,
  TimeoutError,
} from '../../src/index.ts';
import { attemptListener, fallback, retry, spendingCap, timeout } from '../../src/policies/policies.ts';
import { marbles } from '../marbles.ts';

type Output = ModelResponse | ModelDelta;
type Time = {
  readonly cold: <T>(marble: string, values?: Record<string, T>, error?: unknown) => Observable<T>;
};

/** A model whose calls take these times in turn, the last one for ever after. */
const taking = (
  time: Time,
  id: string,
  ...timesMs: readonly number[]
): Model & { readonly asked: () => number } => {
  let calls = 0;
  return {
    id,
    provider: 'x',
    asked: () => calls,
    call: () => {
      const takesMs = timesMs[Math.min(calls, timesMs.length - 1)];
      calls += 1;
      return time.cold<Output>(`${takesMs}ms (4|)`, { 4: { text: '4', costUsd: 0 } });
    },
  };
};

/** What became of a prediction: its outcomes, or the error. */
const outcomesOf = (
  models: readonly Model[],
  options: Partial<EnsembleOptions> = {},
): Observable<readonly Outcome[]> =>
  createEnsemble({ minResponses: 1, ...options, models } as EnsembleOptions)
    .predict$('?')
    .pipe(
      map(({ outcomes }) => outcomes),
      catchError((error: unknown) =>
        error instanceof NoPredictionError ? of(error.outcomes) : throwError(() => error),
      ),
    );

const became = ({ model, status, latencyMs }: Outcome): string => `${model} ${status} at ${latencyMs}`;

const patient = retry({ maxAttempts: 3, baseDelayMs: 20_000, maxDelayMs: 20_000, random: () => 1 });

describe('the time limit of an attempt', () => {
  it.each([
    [59_999, 'a answered at 59999'],
    [60_001, 'a failed at 60000'],
  ])('is a minute by default: a call of %i ms is as expected', (takesMs, end) => {
    marbles((m) => {
      const outcomes$ = outcomesOf([taking(m, 'a', takesMs)]).pipe(map((outcomes) => outcomes.map(became)));
      const expected = `${Math.min(takesMs, 60_000)}ms (e|)`;
      m.expect(outcomes$).toBeObservable(expected, { e: [end] });
    })();
  });

  it.each<readonly [how: string, options: Partial<EnsembleOptions>, lastAtMs: number]>([
    ['for a slot', { concurrency: 1 }, 50 * 300],
    ['for a slot of its own policy', { concurrency: { maxConcurrent: 2 } }, 25 * 300],
    ['for its rate', { rateLimit: 20 }, 49 * 3000 + 300],
    [
      'for money',
      {
        budget: { caps: [spendingCap({ maxUsd: 1.5 })], maxOutputTokens: 1 },
        pricing: { priceOf: () => ({ usd: 1 }), countTokens: () => 1 },
      },
      50 * 300,
    ],
  ])(
    'does not run while a call waits %s: 50 questions at once have 50 answers',
    (_how, options, lastAtMs) => {
      marbles((m) => {
        const ensemble = createEnsemble({ models: [taking(m, 'a', 300)], ...options });
        const texts$ = forkJoin(
          Array.from({ length: 50 }, (_, index) => ensemble.predict$(`${index}?`)),
        ).pipe(map((predictions) => predictions.filter(({ text }) => text === '4').length));
        m.expect(texts$).toBeObservable(`${lastAtMs}ms (n|)`, { n: 50 });
      })();
    },
  );

  it(
    'does not run while a model imports what it needs, and bounds the request after it',
    marbles((m) => {
      const importing: Model = {
        id: 'a',
        call: (request) =>
          defer(() => {
            const listener = attemptListener(request);
            listener?.attemptWaits(true);
            return timer(80_000).pipe(
              tap(() => listener?.attemptWaits(false)),
              mergeMap(() => NEVER),
            );
          }),
      };
      const ends$ = outcomesOf([importing]).pipe(map((outcomes) => outcomes.map(became)));
      m.expect(ends$).toBeObservable('140s (e|)', { e: ['a failed at 140000'] });
    }),
  );

  it(
    'ends the attempt, which is repeated with a limit of its own after a backoff that is not in it',
    marbles((m) => {
      const model = taking(m, 'a', 61_000, 61_000, 59_000);
      const outcomes$ = outcomesOf([patient(model)]);
      // 60 s, a backoff of 20 s, 60 s, a backoff of 20 s, 59 s
      m.expect(
        outcomes$.pipe(map(([outcome]) => [outcome?.status, outcome?.attempts?.length])),
      ).toBeObservable('219s (e|)', { e: ['answered', 2] });
      m.flush();
      expect(model.asked()).toBe(3);
    }),
  );

  it(
    'is the whole one again after an error',
    marbles((m) => {
      let calls = 0;
      const slow: Model = {
        id: 'a',
        call: () => {
          calls += 1;
          return calls === 1
            ? m.cold<Output>('50s #', {}, new RateLimitError('a', 'slow down'))
            : m.cold<Output>('50s (4|)', { 4: { text: '4' } });
        },
      };
      const ends$ = outcomesOf([patient(slow)]).pipe(map((outcomes) => outcomes.map(became)));
      m.expect(ends$).toBeObservable('120s (e|)', { e: ['a answered at 120000'] });
    }),
  );

  it(
    'fails the call once no attempt is left, with the account of each',
    marbles((m) => {
      const outcomes$ = outcomesOf([retry({ maxAttempts: 2, baseDelayMs: 0 })(taking(m, 'a', 99))], {
        timeoutMs: 10,
      });
      const told$ = outcomes$.pipe(
        map(([outcome]) => [outcome?.status, outcome?.attempts?.map(({ error }) => error.name)]),
      );
      m.expect(told$).toBeObservable('20ms (e|)', { e: ['failed', ['TimeoutError']] });
    }),
  );

  it(
    'lets a fallback ask its next model',
    marbles((m) => {
      const [slow, quick] = [taking(m, 'slow', 99), taking(m, 'quick', 5)];
      const ends$ = outcomesOf([fallback('either', [slow, quick])], { timeoutMs: 10 });
      m.expect(ends$.pipe(map((outcomes) => outcomes.map(became)))).toBeObservable('15ms (e|)', {
        e: ['either answered at 15'],
      });
    }),
  );

  it(
    'is not repeated by a retry that has passed on a part of the answer',
    marbles((m) => {
      const model: Model = {
        id: 'a',
        call: () => concat(m.cold<Output>('-(d|)', { d: { delta: '4' } }), NEVER),
      };
      const ends$ = outcomesOf([retry()(model)], { timeoutMs: 10 });
      m.expect(ends$.pipe(map((outcomes) => outcomes.map(became)))).toBeObservable('10ms (e|)', {
        e: ['a failed at 10'],
      });
    }),
  );
});

describe('the error of a call that was too slow', () => {
  const errorOf = ([outcome]: readonly Outcome[]): TimeoutError => {
    if (outcome?.status !== 'failed' || !(outcome.error instanceof TimeoutError))
      throw new Error('no timeout');
    return outcome.error;
  };

  it.each<
    readonly [
      what: string,
      models: (m: Time) => readonly Model[],
      options: object,
      fields: object,
      words: string,
    ]
  >([
    [
      'nothing had come',
      (m) => [taking(m, 'a', 99)],
      {},
      { phase: 'waiting', queuedMs: 0 },
      'a: no answer within 10 ms: the model had sent nothing (raise "timeoutMs" if the model needs longer)',
    ],
    [
      'it was being written',
      (m) => [{ id: 'a', call: () => concat(m.cold<Output>('---(d|)', { d: { delta: 'x' } }), NEVER) }],
      {},
      { phase: 'streaming', firstTokenMs: 3 },
      'a: no answer within 10 ms: its first piece arrived after 3 ms, and it was still being written (raise "timeoutMs" if the model needs longer)',
    ],
    [
      'it had waited in a queue',
      (m) => [taking(m, 'b', 7), taking(m, 'a', 99)],
      { concurrency: 1 },
      { phase: 'waiting', queuedMs: 7 },
      'a: no answer within 10 ms after 7 ms in a queue: the model had sent nothing (raise "timeoutMs" if the model needs longer)',
    ],
    [
      'the limit is that of a policy',
      (m) => [timeout(5)(taking(m, 'a', 99))],
      {},
      { phase: 'waiting', timeoutMs: 5 },
      'a: no answer within 5 ms: the model had sent nothing (raise "timeout(5)" if the model needs longer)',
    ],
    [
      'the first token was late',
      (m) => [timeout(9, { firstTokenMs: 4 })(taking(m, 'a', 99))],
      {},
      { phase: 'waiting', timeoutMs: 4 },
      'a: no answer within 4 ms: the model had sent nothing (raise "firstTokenMs" if the model needs longer)',
    ],
  ])('says how far it had come: %s', (_what, models, options, fields, words) => {
    marbles((m) => {
      const told$ = outcomesOf(models(m), { timeoutMs: 10, ...options }).pipe(
        map((outcomes) => errorOf(outcomes.filter(({ model }) => model === 'a'))),
        map((error) => ({
          message: error.message,
          ...Object.fromEntries(Object.keys(fields).map((name) => [name, Reflect.get(error, name)])),
        })),
      );
      let told: unknown;
      told$.subscribe((value) => {
        told = value;
      });
      m.flush();
      expect(told).toStrictEqual({ message: words, ...fields });
    })();
  });
});

describe('the deadline of a prediction', () => {
  it(
    'bounds its queues, retries and backoffs together, and counts what has come',
    marbles((m) => {
      const hung = taking(m, 'hung', 1e6);
      const ensemble = createEnsemble({
        models: [taking(m, 'quick', 5), retry({ baseDelayMs: 5000, random: () => 1 })(hung)],
        deadlineMs: 70_000,
        minResponses: 1,
      });
      const told$ = ensemble
        .predict$('?')
        .pipe(map(({ text, metadata: { status, stoppedBy } }) => [text, status, stoppedBy]));
      m.expect(told$).toBeObservable('70s (e|)', { e: ['4', 'degraded', 'deadline'] });
    }),
  );
});
