import { getEventListeners } from 'node:events';
import { catchError, map, merge, mergeMap, Observable, takeWhile, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { CancelledError, createEnsemble, defineModel, hedged, type Model } from '../../src/index.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';

/** A model that never answers, and the signals of the calls to it. */
const silent = (id: string): { readonly model: Model; readonly signals: AbortSignal[] } => {
  const signals: AbortSignal[] = [];
  const model = defineModel(id, (_, { signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  return { model, signals };
};

const executions = [
  'parallel',
  'sequential',
  'cascade',
  hedged({ hedgeDelayMs: 0 }),
  { name: 'custom', schedule: (calls) => merge(...calls, 2) },
] as const satisfies readonly NonNullable<Parameters<typeof createEnsemble>[0]['execution']>[];
const named = executions.map((execution) => ({
  name: typeof execution === 'string' ? execution : (execution.name ?? 'custom'),
  execution,
}));

const reasonOf = async (prediction: Promise<unknown>): Promise<CancelledError> => {
  const error = await prediction.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(CancelledError);
  return error as CancelledError;
};

describe('unsubscribing', () => {
  it(
    'aborts every call still out in that frame',
    marbles((m) => {
      const a = m.cold('--4|     ', responses);
      const aSubs = '   ^-!      ';
      const b = m.cold('------4| ', responses);
      const bSubs = '   ^---!    ';
      const c = m.cold('         ');
      const cSubs = '   ^---!    ';
      const unsub = '   ^---!    ';

      const ensemble = createEnsemble({ models: [scripted('a', a), scripted('b', b), scripted('c', c)] });
      m.expect(ensemble.predict$('?'), unsub).toBeObservable('-----');
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it.each(named)('aborts the signals of the calls under $name, and leaves no timer', ({ execution }) => {
    const { model: a, signals: fromA } = silent('a');
    const { model: b, signals: fromB } = silent('b');
    const { predict$ } = createEnsemble({ models: [a, b], execution });
    const subscription = predict$('?').subscribe();
    const signals = [...fromA, ...fromB];
    expect(signals.length).toBeGreaterThan(0);
    expect(signals.every(({ aborted }) => !aborted)).toBe(true);
    subscription.unsubscribe();
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('during the subscription itself starts no further call', () => {
    const asked: string[] = [];
    const models = ['a', 'b', 'c'].map((id) =>
      defineModel(id, () => {
        asked.push(id);
        return '4';
      }),
    );
    const types: string[] = [];
    createEnsemble({ models })
      .stream('?')
      .pipe(takeWhile(({ type }) => type !== 'response', true))
      .subscribe(({ type }) => types.push(type));
    expect(types).toStrictEqual(['call-start', 'call-end', 'response']);
    expect(asked).toStrictEqual(['a']);
  });

  it('by a break out of `for await` aborts every call still out', async () => {
    const { model, signals } = silent('slow');
    const ensemble = createEnsemble({ models: [defineModel('quick', () => '4'), model] });
    for await (const event of ensemble.stream('?')) {
      if (event.type !== 'response') continue;
      expect(signals.map(({ aborted }) => aborted)).toStrictEqual([false]);
      break;
    }
    expect(signals.map(({ aborted }) => aborted)).toStrictEqual([true]);
  });
});

describe('a subscription', () => {
  it('to the same prediction runs it anew, and independently', async () => {
    let calls = 0;
    const model = defineModel('a', async () => {
      calls += 1;
      const call = calls;
      await Promise.resolve();
      return `answer ${call}`;
    });
    const { predict$ } = createEnsemble({ models: [model] });
    const prediction$ = predict$('?');
    expect(calls).toBe(0);
    const answers: string[] = [];
    prediction$.subscribe(({ text }) => answers.push(text));
    const second = prediction$.subscribe(({ text }) => answers.push(text));
    prediction$.subscribe(({ text }) => answers.push(text));
    expect(calls).toBe(3);
    second.unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toStrictEqual(['answer 1', 'answer 3']);
  });

  it(
    'to the same prediction at different times has its own calls, votes and times',
    marbles((m) => {
      const a = m.cold('  --4|        ', responses);
      const b = m.cold('  ---4|       ', responses);
      const c = m.cold('  --------5|  ', responses);
      const cSubs = ['    ^--!        ', '     --^--!     '];
      const starts = m.cold('x-(x|)   ');
      const expected = '  ---p-(p|)  ';

      const prediction$ = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        earlyStop: 'decided',
      }).predict$('?');
      const votes$ = starts.pipe(
        mergeMap(() => prediction$),
        map(({ metadata: { votes, latencyMs } }) => ({ votes, latencyMs })),
      );
      m.expect(votes$).toBeObservable(expected, { p: { votes: { 4: 2 }, latencyMs: 3 } });
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );
});

describe('the caller’s signal', () => {
  it(
    'ends a prediction in mid-flight, and aborts its calls in that frame',
    marbles((m) => {
      const a = m.cold('--4|       ', responses);
      const aSubs = '   ^-!        ';
      const b = m.cold('------4|   ', responses);
      const bSubs = '   ^---!      ';
      const abort = '   ----x      ';
      const expected = '----(e|)   ';

      const controller = new AbortController();
      m.cold(abort).subscribe(() => controller.abort());
      const ensemble = createEnsemble({ models: [scripted('a', a), scripted('b', b)] });
      const account$ = ensemble.predict$('?', { signal: controller.signal }).pipe(
        map(() => []),
        catchError(({ name, outcomes }: CancelledError) => [
          [name, ...outcomes.map(({ model, status, latencyMs }) => `${model} ${status} at ${latencyMs}`)],
        ]),
      );
      m.expect(account$).toBeObservable(expected, {
        e: ['CancelledError', 'a answered at 2', 'b cancelled at 4'],
      });
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it('that has aborted before the start starts no call', async () => {
    const asked: string[] = [];
    const curious = defineModel('a', (question) => {
      asked.push(question);
      return '4';
    });
    const ensemble = createEnsemble({ models: [curious] });
    const signal = AbortSignal.abort();
    const { outcomes } = await reasonOf(ensemble.predict('?', { signal }));
    expect(asked).toStrictEqual([]);
    expect(outcomes).toStrictEqual([]);
    await expect(Array.fromAsync(ensemble.stream('?', { signal }))).rejects.toBeInstanceOf(CancelledError);
    expect(asked).toStrictEqual([]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it.each([undefined, null, 0, 'a text', new Error('a reason'), { odd: true }])(
    'may give any reason, such as %o, which becomes the cause',
    async (reason) => {
      const controller = new AbortController();
      const ensemble = createEnsemble({ models: [silent('a').model] });
      const prediction = ensemble.predict('?', { signal: controller.signal });
      controller.abort(reason);
      expect((await reasonOf(prediction)).cause).toBe(controller.signal.reason);
    },
  );

  it('that aborts twice is told once', () => {
    const controller = new AbortController();
    const told: string[] = [];
    createEnsemble({ models: [silent('a').model] })
      .predict$('?', { signal: controller.signal })
      .subscribe({
        next: () => told.push('next'),
        error: () => told.push('error'),
        complete: () => told.push('complete'),
      });
    controller.abort('first');
    controller.abort('second');
    controller.signal.dispatchEvent(new Event('abort'));
    expect(told).toStrictEqual(['error']);
  });

  it('that aborts while an answer is being taken ends in one terminal event, and never in success', () => {
    const controller = new AbortController();
    const told: string[] = [];
    const ensemble = createEnsemble({
      models: [defineModel('a', () => '4'), defineModel('b', () => '4')],
      normalization: (text) => {
        controller.abort();
        return text;
      },
    });
    ensemble.predict$('?', { signal: controller.signal }).subscribe({
      next: () => told.push('next'),
      error: ({ name }: Error) => told.push(name),
      complete: () => told.push('complete'),
    });
    expect(told).toStrictEqual(['CancelledError']);
  });

  it('that aborts in the tick of the last answer never takes back a prediction that was made', async () => {
    const controller = new AbortController();
    const told: string[] = [];
    createEnsemble({ models: [defineModel('a', () => ({ text: '4', costUsd: 1 }))] })
      .predict$('?', { signal: controller.signal })
      .subscribe({
        next: () => {
          told.push('next');
          controller.abort();
        },
        error: () => told.push('error'),
        complete: () => told.push('complete'),
      });
    expect(told).toStrictEqual(['next', 'complete']);
  });

  it('keeps the answers that were paid for in the account', async () => {
    const controller = new AbortController();
    const paid = defineModel('paid', () => ({ text: '4', costUsd: 0.25 }));
    const ensemble = createEnsemble({ models: [paid, silent('slow').model] });
    const prediction = ensemble.predict('?', { signal: controller.signal });
    controller.abort();
    expect((await reasonOf(prediction)).outcomes).toMatchObject([
      { model: 'paid', status: 'answered', costUsd: 0.25 },
      { model: 'slow', status: 'cancelled', costUsd: undefined },
    ]);
  });

  it('has no listener left after a result, an error, an abort, or an unsubscription', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const listeners = () => getEventListeners(signal, 'abort').length;
    const answering = createEnsemble({ models: [defineModel('a', async () => '4')] });
    const failing = createEnsemble({ models: [defineModel('a', () => Promise.reject(new Error('no')))] });
    const hanging = createEnsemble({ models: [silent('a').model] });

    await answering.predict('?', { signal });
    expect(listeners()).toBe(0);
    await failing.predict('?', { signal }).catch(() => undefined);
    expect(listeners()).toBe(0);
    await Array.fromAsync(answering.stream('?', { signal }));
    expect(listeners()).toBe(0);
    const subscription = hanging.predict$('?', { signal }).subscribe();
    expect(listeners()).toBe(1);
    subscription.unsubscribe();
    expect(listeners()).toBe(0);
    const cancelled = hanging.predict('?', { signal });
    controller.abort();
    await reasonOf(cancelled);
    expect(listeners()).toBe(0);
  });

  it('has no listener left after a thousand predictions at a time', async () => {
    const { signal } = new AbortController();
    const ensemble = createEnsemble({ models: [defineModel('a', async () => '4')] });
    await Promise.all(Array.from({ length: 1000 }, () => ensemble.predict('?', { signal })));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('a call that is no longer wanted', () => {
  it('may reject after the winner: it is cancelled in the account, and nobody hears of it', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    let reject: (reason: Error) => void = () => undefined;
    const late = new Promise<string>((_, rejectLater) => {
      reject = rejectLater;
    });
    const ensemble = createEnsemble({
      models: [defineModel('quick', async () => '4'), defineModel('late', () => late)],
      minResponses: 1,
      earlyStop: 0.5,
    });
    const { outcomes } = await ensemble.predict('?');
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['answered', 'cancelled']);
    reject(new Error('aborted'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toStrictEqual([]);
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['answered', 'cancelled']);
  });

  it('may answer, fail or throw after the winner, however it likes', async () => {
    const afterwards: (() => void)[] = [];
    const late = (
      id: string,
      deed: (subscriber: { next(text: string): void; error(e: Error): void }) => void,
    ) =>
      defineModel(
        id,
        () =>
          new Observable<string>((subscriber) => {
            afterwards.push(() => deed(subscriber));
          }),
      );
    const ensemble = createEnsemble({
      models: [
        defineModel('quick', () => '4'),
        late('answers', (subscriber) => subscriber.next('5')),
        late('fails', (subscriber) => subscriber.error(new Error('late'))),
      ],
      minResponses: 1,
      earlyStop: ({ successes: cast }) => cast === 1,
      execution: { schedule: (calls) => merge(...calls.toReversed()) },
    });
    const { outcomes, metadata } = await ensemble.predict('?');
    expect(afterwards).toHaveLength(2);
    for (const deed of afterwards) deed();
    expect(metadata).toMatchObject({ votes: { 4: 1 }, cancelled: 2 });
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['answered', 'cancelled', 'cancelled']);
  });

  it('finds its signal aborted, also where it looks at it for the first time after an await', async () => {
    let resume: () => void = () => undefined;
    const pause = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const seen: unknown[] = [];
    const careless = defineModel('careless', async (_, context) => {
      await pause;
      seen.push(context.signal.aborted, context.signal.reason.name);
      return '5';
    });
    const ensemble = createEnsemble({ models: [careless] });
    ensemble.predict$('?').subscribe().unsubscribe();
    resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toStrictEqual([true, 'AbortError']);
  });

  it('is aborted at its time limit', async () => {
    const { model, signals } = silent('slow');
    const ensemble = createEnsemble({ models: [model], timeoutMs: 5 });
    await expect(ensemble.predict('?')).rejects.toMatchObject({ name: 'AllModelsFailedError' });
    expect(signals.map(({ aborted }) => aborted)).toStrictEqual([true]);
  });

  it('never has its signal aborted once it has answered', async () => {
    const signals: AbortSignal[] = [];
    const watched = (id: string, answerAfterMs: number) =>
      defineModel(id, (_, { signal }) => {
        signals.push(signal);
        return timer(answerAfterMs).pipe(map(() => '4'));
      });
    await createEnsemble({ models: [watched('a', 0), watched('b', 1)] }).predict('?');
    await new Promise((resolve) => setImmediate(resolve));
    expect(signals.map(({ aborted }) => aborted)).toStrictEqual([false, false]);
  });
});
