import {
  catchError,
  config,
  defer,
  EMPTY,
  filter,
  lastValueFrom,
  map,
  NEVER,
  type Observable,
  of,
  Subject,
  Subscriber,
  Subscription,
  take,
  throwError,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  CancelledError,
  createEnsemble,
  defineModel,
  type EnsembleEvent,
  type EnsembleOptions,
  hedged,
  type Model,
  ModelError,
  type ModelResponse,
  majority,
  RateLimitError,
  type Voter,
} from '../../src/index.ts';
import { attemptListener } from '../../src/policies/policies.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';
import { disorderIn, eventsOf, shortened } from './events-of.ts';
import { inTurn } from './in-turn.ts';

const unreachable = new ModelError('b', 'unreachable');

/** Events of one type. */
const only = <Type extends EnsembleEvent['type']>(events: readonly EnsembleEvent[], type: Type) =>
  events.filter((event): event is Extract<EnsembleEvent, { readonly type: Type }> => event.type === type);

describe('the events of a prediction', () => {
  it(
    'come in order: its calls as they start and end, the count, and then the prediction',
    marbles((m) => {
      const models = [
        scripted('a', m.cold('--4|   ', responses)),
        scripted('b', m.cold('----#  ', undefined, unreachable)),
        scripted('c', m.cold('-----4|', responses)),
        scripted('d', m.cold('---x|  ', { x: { text: ' ' } })),
      ];
      const ensemble = createEnsemble({ models, minResponses: 1 });
      const events = eventsOf(ensemble);
      m.expect(ensemble.predict$('?')).toBeObservable('-----(p|)', { p: expect.anything() });
      m.flush();
      expect(shortened(events)).toStrictEqual([
        '0 predict:start',
        '0 model:start a',
        '0 model:start b',
        '0 model:start c',
        '0 model:start d',
        '2 model:stop a',
        '3 model:stop d',
        '4 model:exception b',
        '5 model:stop c',
        '5 vote:complete',
        '5 predict:stop',
      ]);
      expect(disorderIn(events)).toStrictEqual([]);
      expect(only(events, 'model:stop').map(({ status }) => status)).toStrictEqual([
        'answered',
        'abstained',
        'answered',
      ]);
      expect(only(events, 'model:exception')[0]).toMatchObject({
        call: 1,
        durationMs: 4,
        error: unreachable,
      });
      expect(only(events, 'vote:complete')[0]).toMatchObject({
        successes: 2,
        abstentions: 1,
        failures: 1,
        candidates: 1,
      });
      expect(only(events, 'predict:stop')[0]).toMatchObject({
        durationMs: 5,
        status: 'degraded',
        consensus: 1,
        quorum: 0.5,
        successes: 2,
        failures: 1,
        abstentions: 1,
        cancelled: 0,
      });
    }),
  );

  it(
    'tell of calls that are cut off once the outcome is decided, before they tell of the outcome',
    marbles((m) => {
      const models = [
        scripted('a', m.cold('--4|  ', responses)),
        scripted('b', m.cold('---4| ', responses)),
        scripted('c', m.cold('----4|', responses)),
      ];
      const ensemble = createEnsemble({ models, earlyStop: 'decided' });
      const events = eventsOf(ensemble);
      m.expect(ensemble.predict$('?')).toBeObservable('---(p|)', { p: expect.anything() });
      m.flush();
      expect(shortened(events).slice(4)).toStrictEqual([
        '2 model:stop a',
        '3 model:stop b',
        '3 model:cancel c',
        '3 vote:complete',
        '3 predict:stop',
      ]);
    }),
  );

  it(
    'tell of hedges as calls beside each other',
    marbles((m) => {
      const models = [scripted('a', m.cold('-----')), scripted('b', m.cold('--4|', responses))];
      const ensemble = createEnsemble({ models, execution: hedged({ hedgeDelayMs: 3 }) });
      const events = eventsOf(ensemble);
      m.expect(ensemble.predict$('?')).toBeObservable('-----(p|)', { p: expect.anything() });
      m.flush();
      expect(shortened(events)).toStrictEqual([
        '0 predict:start',
        '0 model:start a',
        '3 model:start b',
        '5 model:stop b',
        '5 model:cancel a',
        '5 vote:complete',
        '5 predict:stop',
      ]);
      expect(only(events, 'model:stop')[0]?.durationMs).toBe(2);
    }),
  );

  it(
    'end with an exception at the deadline, and with a degraded prediction where enough has arrived',
    marbles((m) => {
      const models = () => [
        scripted('a', m.cold('--4|', responses)),
        scripted('b', m.cold('----')),
        scripted('c', m.cold('----')),
      ];
      const few = createEnsemble({ models: models(), deadlineMs: 4, minResponses: 2 });
      const enough = createEnsemble({ models: models(), deadlineMs: 4, minResponses: 1 });
      const [failing, degraded] = [eventsOf(few), eventsOf(enough)];
      few.predict$('?').subscribe({ error: () => undefined });
      enough.predict$('?').subscribe();
      m.flush();
      const cut = ['4 model:cancel b', '4 model:cancel c'];
      expect(shortened(failing).slice(5)).toStrictEqual([...cut, '4 predict:exception']);
      expect(only(failing, 'predict:exception')[0]?.error.name).toBe('InsufficientResponsesError');
      expect(shortened(degraded).slice(5)).toStrictEqual([...cut, '4 vote:complete', '4 predict:stop']);
      expect(only(degraded, 'predict:stop')[0]?.status).toBe('degraded');
    }),
  );

  it(
    'say of a call that it took too long',
    marbles((m) => {
      const models = [scripted('a', m.cold('-4|', responses)), scripted('b', m.cold('----'))];
      const ensemble = createEnsemble({ models, timeoutMs: 3 });
      const events = eventsOf(ensemble);
      ensemble.predict$('?').subscribe();
      m.flush();
      expect(only(events, 'model:exception')[0]).toMatchObject({
        model: 'b',
        durationMs: 3,
        error: { name: 'TimeoutError' },
      });
    }),
  );

  it.each(['predict$', 'stream'] as const)('end with a cancellation when whoever asked leaves %s', (form) =>
    marbles((m) => {
      const ensemble = createEnsemble({ models: [scripted('a', m.cold('----4|', responses))] });
      const events = eventsOf(ensemble);
      const events$: Observable<object> = ensemble[form]('?');
      const ends$ = events$.pipe(filter((event) => 'answer' in event || 'prediction' in event));
      m.expect(ends$, '^-!').toBeObservable('---');
      m.flush();
      expect(shortened(events)).toStrictEqual([
        '0 predict:start',
        '0 model:start a',
        '2 model:cancel a',
        '2 predict:cancel',
      ]);
      expect(only(events, 'predict:cancel')[0]?.durationMs).toBe(2);
    })(),
  );

  it('end with an exception when a signal aborts, after its calls, in `predict` and in `stream` alike', async () => {
    for (const form of ['predict', 'stream'] as const) {
      const ensemble = createEnsemble({ models: [scripted('a', NEVER), scripted('b', NEVER)] });
      const events = eventsOf(ensemble);
      const controller = new AbortController();
      const asked =
        form === 'predict'
          ? ensemble.predict('?', { signal: controller.signal })
          : Array.fromAsync(ensemble.stream('?', { signal: controller.signal }));
      controller.abort();
      await expect(asked).rejects.toThrow(CancelledError);
      expect(events.map(({ type }) => type)).toStrictEqual([
        'predict:start',
        'model:start',
        'model:start',
        'model:cancel',
        'model:cancel',
        'predict:exception',
      ]);
    }
  });

  it(
    'are the same in a stream, with the time to the first piece of an answer',
    marbles((m) => {
      const models = [
        { id: 'a', call: () => m.cold('-d-4|', { d: { delta: '4' }, '4': { text: '4' } }) },
        scripted('b', m.cold('--5|', responses)),
        scripted('c', m.cold('------')),
      ];
      const ensemble = createEnsemble({ models, deadlineMs: 5 });
      const events = eventsOf(ensemble);
      ensemble.stream('?').subscribe();
      m.flush();
      expect(shortened(events)).toStrictEqual([
        '0 predict:start',
        '0 model:start a',
        '0 model:start b',
        '0 model:start c',
        '2 model:stop b',
        '3 model:stop a',
        '5 model:cancel c',
        '5 vote:complete',
        '5 predict:stop',
      ]);
      expect(only(events, 'model:stop').map(({ firstTokenMs }) => firstTokenMs)).toStrictEqual([
        undefined,
        1,
      ]);
    }),
  );

  it('say that there was no consensus where the votes have no winner', async () => {
    const models = [defineModel('a', () => '4'), defineModel('b', () => '5')];
    for (const form of ['predict', 'stream'] as const) {
      const ensemble = createEnsemble({ models, strategy: 'unanimous' });
      const events = eventsOf(ensemble);
      await expect(
        form === 'predict' ? ensemble.predict('?') : Array.fromAsync(ensemble.stream('?')),
      ).rejects.toThrow();
      expect(events.slice(-3).map(({ type }) => type)).toStrictEqual([
        'vote:complete',
        'consensus:failed',
        'predict:exception',
      ]);
      expect(disorderIn(events)).toStrictEqual([]);
    }
  });

  it('have no count of votes where there are too few to count', async () => {
    const models = [defineModel('a', () => Promise.reject(new Error('oh')))];
    const events = eventsOf(createEnsemble({ models }));
    const ensemble = createEnsemble({ models });
    const failing = eventsOf(ensemble);
    await expect(ensemble.predict('?')).rejects.toThrow();
    expect(failing.map(({ type }) => type)).toStrictEqual([
      'predict:start',
      'model:start',
      'model:exception',
      'predict:exception',
    ]);
    expect(events).toStrictEqual([]);
  });

  it('end where a schedule or a voter of the caller throws', async () => {
    const fails = (): never => {
      throw new TypeError('bug');
    };
    const flawed: readonly Partial<EnsembleOptions>[] = [
      { execution: { schedule: fails } },
      { execution: { schedule: () => throwError(() => new TypeError('bug')) } },
      { strategy: { name: 'mine', init: fails, add: (state) => state, tally: fails } },
      { strategy: { name: 'mine', init: () => 0, add: fails, tally: fails } },
      { strategy: { name: 'mine', init: () => 0, add: (state) => state, tally: fails } },
    ];
    for (const options of flawed) {
      for (const form of ['predict', 'stream'] as const) {
        const ensemble = createEnsemble({ models: [defineModel('a', () => '4')], ...options });
        const events = eventsOf(ensemble);
        const asked = form === 'predict' ? ensemble.predict('?') : Array.fromAsync(ensemble.stream('?'));
        await expect(asked).rejects.toThrow('threw');
        expect(disorderIn(events)).toStrictEqual([]);
        expect(events[0]?.type).toBe('predict:start');
        expect(events.at(-1)?.type).toBe('predict:exception');
      }
    }
  });

  it('are not there for what is refused before it begins', async () => {
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
    const events = eventsOf(ensemble);
    await expect(ensemble.predict('?', { timeoutMs: -1 })).rejects.toThrow('timeoutMs');
    expect(events).toStrictEqual([]);
  });

  it('belong to one prediction each, of the many of a run, and of ensembles within ensembles', async () => {
    const inner = createEnsemble({ name: 'inner', models: [defineModel('a', () => '4')] });
    const outer = createEnsemble({
      name: 'outer',
      models: [inner.asModel('in'), defineModel('b', () => '4')],
    });
    const [within, around] = [eventsOf(inner), eventsOf(outer)];
    const both: EnsembleEvent[] = [];
    for (const { events$ } of [inner, outer]) events$.subscribe((event) => both.push(event));
    await Array.fromAsync(outer.predictAll(['1?', '2?', '3?'], { concurrency: 2 }));
    expect(disorderIn(both)).toStrictEqual([]);
    expect(new Set(both.map(({ prediction }) => prediction)).size).toBe(6);
    expect(within.every(({ ensemble }) => ensemble === 'inner')).toBe(true);
    expect(new Set(around.flatMap((event) => ('model' in event ? [event.model] : [])))).toStrictEqual(
      new Set(['in', 'b']),
    );
    expect(only(within, 'predict:stop')).toHaveLength(3);
    expect(only(around, 'predict:stop')).toHaveLength(3);
  });

  it('carry the metadata of the ensemble and of the prediction, and the name of the ensemble', async () => {
    const ensemble = createEnsemble({
      name: 'sums',
      models: [defineModel('a', () => '4')],
      telemetryMetadata: { team: 'x' },
    });
    const events = eventsOf(ensemble);
    await ensemble.predict('?');
    await ensemble.predict('?', { telemetryMetadata: { requestId: 'r-1' } });
    await ensemble.predict('?', { telemetryMetadata: { requestId: 'r-2', team: 'y' } });
    await lastValueFrom(ensemble.stream('?', { telemetryMetadata: { requestId: 'r-3' } }));
    const metadata = events.map(({ metadata }) => metadata);
    expect(events.every(({ ensemble: name }) => name === 'sums')).toBe(true);
    expect(metadata).toStrictEqual([
      ...new Array(5).fill({ team: 'x' }),
      ...new Array(5).fill({ team: 'x', requestId: 'r-1' }),
      ...new Array(5).fill({ team: 'y', requestId: 'r-2' }),
      ...new Array(5).fill({ team: 'x', requestId: 'r-3' }),
    ]);
  });

  it('say who was asked, what was used, and whether it was paid for before', async () => {
    const response = {
      text: '4',
      usage: { inputTokens: 10, outputTokens: 1 },
      finishReason: 'stop',
      requestId: 'req-1',
      confidence: 0.9,
      costUsd: 0.25,
    } as const;
    const provided: Model = {
      ...defineModel('a', () => response),
      provider: 'openai',
      modelId: 'gpt',
    };
    const cached = defineModel('b', () => ({ ...response, cached: { costUsd: 0.25 } }));
    const ensemble = createEnsemble({ models: [provided, cached] });
    const events = eventsOf(ensemble);
    await ensemble.predict('?');
    expect(only(events, 'model:start')[0]).toMatchObject({
      provider: 'openai',
      modelId: 'gpt',
      call: 0,
      attempt: 1,
    });
    const [first, second] = only(events, 'model:stop');
    expect(first).toMatchObject({
      provider: 'openai',
      modelId: 'gpt',
      usage: response.usage,
      finishReason: 'stop',
      requestId: 'req-1',
      confidence: 0.9,
      costUsd: 0.25,
      costSource: 'reported',
      isCached: false,
    });
    expect(second).toMatchObject({ isCached: true });
  });

  it('show no prompts, answers or texts, but to programs that ask for them by name', async () => {
    const canary = 'canary-prompt';
    const models = [
      defineModel('a', (question) => question),
      defineModel('b', (question) => Promise.reject(new Error(question))),
    ];
    const ensemble = createEnsemble({ models, minResponses: 1 });
    const events = eventsOf(ensemble);
    const { text } = await ensemble.predict(canary);
    expect(text).toBe(canary);
    const shown = JSON.stringify(events) + JSON.stringify(events.map((event) => ({ ...event })));
    expect(shown).not.toContain(canary);
    expect(only(events, 'predict:start')[0]?.query).toBe(canary);
    expect(only(events, 'model:stop')[0]?.text).toBe(canary);
    expect(only(events, 'predict:stop')[0]?.result.text).toBe(canary);
  });
});

describe('the events of attempts within a call', () => {
  const slow = new RateLimitError('a', 'slow', { isRetryable: true, costUsd: 0.25 });

  it(
    'are an exception that says when the next one follows, and a start, for each',
    marbles((m) => {
      const model = inTurn(
        3,
        scripted('a', m.cold('--#', undefined, slow)),
        scripted('backup', m.cold('-(4|)', { '4': { text: '4', costUsd: 0.5 } })),
      );
      const ensemble = createEnsemble({ models: [model] });
      const events = eventsOf(ensemble);
      m.expect(ensemble.predict$('?')).toBeObservable('------(p|)', { p: expect.anything() });
      m.flush();
      expect(shortened(events).slice(0, 5)).toStrictEqual([
        '0 predict:start',
        '0 model:start a',
        '2 model:exception a',
        '5 model:start backup 2',
        '6 model:stop backup 2',
      ]);
      expect(only(events, 'model:exception')[0]).toMatchObject({
        durationMs: 2,
        nextInMs: 3,
        costUsd: 0.25,
        error: slow,
      });
      expect(only(events, 'model:stop')[0]).toMatchObject({ call: 0, durationMs: 1, costUsd: 0.5 });
      expect(only(events, 'predict:stop')[0]).toMatchObject({ durationMs: 6, costUsd: 0.75 });
    }),
  );

  it(
    'have no end where the call ends between two of them, and nothing is paid for what was not sent',
    marbles((m) => {
      const pricing = {
        priceOf: () => ({ usd: 8, isApproximate: false }),
        countTokens: () => 1,
      };
      const waiting = () => inTurn(9, scripted('a', m.cold('-#', undefined, slow)), scripted('a', NEVER));
      const late = createEnsemble({ models: [waiting()], deadlineMs: 4, pricing });
      const left = createEnsemble({ models: [waiting()], pricing });
      const [lateEvents, leftEvents] = [eventsOf(late), eventsOf(left)];
      m.expect(late.predict$('?')).toBeObservable('----#', undefined, expect.anything());
      m.expect(left.predict$('?'), '^---!').toBeObservable('-----');
      m.flush();
      expect(shortened(lateEvents).slice(1)).toStrictEqual([
        '0 model:start a',
        '1 model:exception a',
        '4 predict:exception',
      ]);
      expect(shortened(leftEvents).slice(1)).toStrictEqual([
        '0 model:start a',
        '1 model:exception a',
        '4 predict:cancel',
      ]);
      expect(only(lateEvents, 'predict:exception')[0]).toMatchObject({
        costUsd: 0.25,
        costSource: 'reported',
      });
      expect(only(leftEvents, 'predict:cancel')[0]).toMatchObject({ costUsd: 0.25, costSource: 'reported' });
    }),
  );

  it('begin and end once each, whatever a policy of the caller forgets to tell', async () => {
    const forgetful: Model = {
      id: 'a',
      call: (request) =>
        defer(() => {
          const failed = { error: slow, nextInMs: 0 };
          attemptListener(request)?.attemptFailed(failed);
          attemptListener(request)?.attemptFailed(failed);
          return of({ text: '4' });
        }),
    };
    const ensemble = createEnsemble({ models: [forgetful] });
    const events = eventsOf(ensemble);
    await ensemble.predict('?');
    expect(disorderIn(events)).toStrictEqual([]);
    expect(only(events, 'model:start').map(({ attempt }) => attempt)).toStrictEqual([1, 2, 3]);
  });
});

describe('those who listen', () => {
  const ensembleOf = (response$: Observable<ModelResponse>) =>
    createEnsemble({ models: [scripted('a', response$)] });

  it('hear of predictions from their beginning, or not at all', () => {
    const answer$ = new Subject<ModelResponse>();
    const ensemble = ensembleOf(answer$);
    const early = eventsOf(ensemble);
    ensemble.predict$('?').subscribe();
    const late = eventsOf(ensemble);
    answer$.next({ text: '4' });
    expect(early.at(-1)?.type).toBe('predict:stop');
    expect(late).toStrictEqual([]);
    ensemble.predict$('?').subscribe().unsubscribe();
    expect(late.map(({ type }) => type)).toStrictEqual([
      'predict:start',
      'model:start',
      'model:cancel',
      'predict:cancel',
    ]);
  });

  it('hear nothing from when they leave, and may leave while they are told', () => {
    const ensemble = ensembleOf(of({ text: '4' }));
    const first: string[] = [];
    const both: string[] = [];
    ensemble.events$.pipe(take(2)).subscribe(({ type }) => first.push(type));
    ensemble.events$.subscribe(({ type }) => both.push(type));
    ensemble.predict$('?').subscribe();
    expect(first).toStrictEqual(['predict:start', 'model:start']);
    expect(both).toHaveLength(5);
  });

  it.each(['majority', 'unanimous'] as const)(
    'hear of one end, whenever a listener ends the prediction, if votes are counted by %s',
    (strategy) => {
      const types = [
        'predict:start',
        'model:start',
        'model:stop',
        'vote:complete',
        'consensus:reached',
        'consensus:failed',
        'predict:stop',
        'predict:exception',
      ];
      for (const type of types) {
        const models = ['4', '5'].map((text) => scripted(text, of({ text })));
        const ensemble = createEnsemble({ models, strategy });
        const forms: Observable<unknown>[] = [ensemble.predict$('?'), ensemble.stream('?')];
        for (const form$ of forms) {
          const prediction = new Subscription();
          const listening = ensemble.events$.subscribe((event) => {
            if (event.type === type) prediction.unsubscribe();
          });
          const events = eventsOf(ensemble);
          const subscriber = new Subscriber<unknown>();
          prediction.add(subscriber);
          form$.pipe(catchError(() => EMPTY)).subscribe(subscriber);
          listening.unsubscribe();
          expect(events.filter((event) => /^predict:(?!start)/.test(event.type))).toHaveLength(1);
        }
      }
    },
  );

  it('never hear an end of the events, nor an error', async () => {
    const ensemble = createEnsemble({ models: [defineModel('a', () => Promise.reject(new Error('oh')))] });
    const ends: string[] = [];
    ensemble.events$.subscribe({ complete: () => ends.push('complete'), error: () => ends.push('error') });
    await expect(ensemble.predict('?')).rejects.toThrow();
    expect(ends).toStrictEqual([]);
  });

  it('leave what they throw to RxJS, which reports it, and the prediction goes on', async () => {
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    try {
      const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
      ensemble.events$.subscribe(() => {
        throw new TypeError('oh');
      });
      ensemble.events$
        .pipe(
          filter(({ type }) => type === 'model:stop'),
          map((): never => {
            throw new RangeError('oh');
          }),
        )
        .subscribe();
      const events = eventsOf(ensemble);
      expect((await ensemble.predict('?')).answer).toBe('4');
      await new Promise((resolve) => setTimeout(resolve));
      expect(events).toHaveLength(5);
      expect(unhandled.map(String)).toStrictEqual([
        ...new Array(3).fill('TypeError: oh'),
        'RangeError: oh',
        ...new Array(2).fill('TypeError: oh'),
      ]);
    } finally {
      config.onUnhandledError = null;
    }
  });

  it('have votes counted no more often than they are without them', async () => {
    const asked = async (isWatched: boolean, minResponses: number): Promise<unknown> => {
      let counts = 0;
      const voter: Voter = {
        ...majority(),
        tally: (state) => {
          counts += 1;
          return majority().tally(state);
        },
      };
      const models = [defineModel('a', () => '4'), defineModel('b', () => Promise.reject(new Error('oh')))];
      const ensemble = createEnsemble({ models, strategy: voter, minResponses });
      if (isWatched) eventsOf(ensemble);
      const came = await ensemble.predict('?').then(
        ({ answer }) => answer,
        ({ message }: Error) => message,
      );
      return [came, counts];
    };
    expect(await asked(true, 1)).toStrictEqual(await asked(false, 1));
    expect(await asked(true, 2)).toStrictEqual(await asked(false, 2));
  });
});
