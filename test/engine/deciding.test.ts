import {
  concatMap,
  defer,
  EMPTY,
  firstValueFrom,
  ignoreElements,
  map,
  merge,
  NEVER,
  Observable,
  of,
  switchMap,
  takeUntil,
  takeWhile,
  throwError,
  timer,
} from 'rxjs';
import { describe, expect, test } from 'vitest';
import { byContent } from '../../src/grouping/grouping.ts';
import {
  abstain,
  createEnsemble,
  type DecideFunction,
  defineModel,
  type EnsembleOptions,
  type Group,
  type GroupFunction,
  type Grouping,
  type Model,
  type ModelResponse,
  type Outcome,
  type RoleCall,
  type StreamEvent,
  type Vote,
  type VoteFunction,
} from '../../src/index.ts';
import { isNoCall } from '../answers-and-counts.ts';
import { marbles } from '../marbles.ts';
import { scripted } from '../scripted.ts';

const saying = (...texts: string[]) =>
  texts.map((text, index) => defineModel(`model-${index}`, () => ({ text, costUsd: 0.1 })));

const judge = defineModel('judge', () => ({ text: 'lyon', costUsd: 1 }));

const answerOf = (outcome: Outcome): string => {
  if (outcome.status !== 'answered') throw new Error(outcome.status);
  return String(outcome.answer);
};

/** Takes what a judge says as the key. */
const asking =
  (model = judge): DecideFunction =>
  (_tally, { call, question }) =>
    call(model, `Which is right? ${question}`, { role: 'judge' }).pipe(
      map((outcome) => ({ key: answerOf(outcome), reason: 'it is older' })),
    );

describe('decide', () => {
  test('gives a decider the last word, and pays for its calls', async () => {
    const ensemble = createEnsemble({ models: saying('Paris', 'Paris', 'Lyon'), decide: asking() });
    const { answer, text, metadata, outcomes } = await ensemble.predict('Which city?');
    expect([answer, text]).toEqual(['lyon', 'Lyon']);
    expect(metadata).toMatchObject({
      votes: { paris: 2, lyon: 1 },
      consensus: 1 / 3,
      successes: 3,
      quorum: 1,
      status: 'complete',
      costUsd: 1.3,
      costBreakdown: { judge: 1 },
      decision: { by: 'custom', status: 'chosen', reason: 'it is older' },
    });
    expect(outcomes.at(-1)).toMatchObject({ model: 'judge', role: 'judge', index: 3, status: 'answered' });
  });

  test('takes an answer of its own', async () => {
    const decide: DecideFunction = async () => ({
      answer: 'both',
      text: 'Both.',
      details: { drewOn: [0, 1] },
    });
    const { answer, text, metadata } = await createEnsemble({
      models: saying('Paris', 'Paris', 'Lyon'),
      decide,
    }).predict('Which city?');
    expect([answer, text]).toEqual(['both', 'Both.']);
    expect(metadata).toMatchObject({
      consensus: 2 / 3,
      decision: { by: 'custom', status: 'written', details: { drewOn: [0, 1] } },
    });
    expect(metadata.confidence).toBeUndefined();
  });

  test('reads a text of its own as the answers of the members are read', async () => {
    const models = saying('It is 4.', 'It is 5.');
    const written = createEnsemble({
      models,
      normalization: 'numeric',
      decide: () => ({ text: 'It is 4.5.' }),
    });
    const { answer, text, metadata } = await written.predict('How many?');
    expect([answer, text]).toEqual([4.5, 'It is 4.5.']);
    expect(metadata.decision).toEqual({ by: 'custom', status: 'written' });
    const unread = createEnsemble({ models, normalization: 'numeric', decide: () => ({ text: 'Many.' }) });
    const kept = await unread.predict('How many?');
    expect(kept.answer).toBe(4);
    expect(kept.metadata).toMatchObject({
      status: 'complete',
      decision: { status: 'abstained', reason: 'what it wrote does not count: a number was not found' },
    });
  });

  test('is given up if the check of its text never ends', () => {
    marbles((m) => {
      const models = ['Paris', 'Lyon'].map((text) => scripted(text, m.cold('-(a|)', { a: { text } })));
      const check = (answer: unknown) => answer !== 'nice' || new Promise<boolean>(() => undefined);
      const ensemble = createEnsemble({ models, check, decide: () => ({ text: 'Nice' }), timeoutMs: 7 });
      const reasons = ensemble.predict$('Which city?').pipe(map(({ metadata }) => metadata.decision?.reason));
      m.expect(reasons).toBeObservable('--------(r|)', { r: 'it had no result within 7 ms' });
    })();
  });

  test('makes a prediction of votes without a winner', async () => {
    const options = { models: saying('Paris', 'Lyon'), strategy: 'unanimous' as const };
    await expect(createEnsemble(options).predict('Which city?')).rejects.toThrow('found no winner');
    const { answer } = await createEnsemble({ ...options, decide: asking() }).predict('Which city?');
    expect(answer).toBe('lyon');
    const undecided = createEnsemble({ ...options, decide: () => abstain('both may be right') });
    await expect(undecided.predict('Which city?')).rejects.toThrow(
      '"custom" has no verdict: both may be right',
    );
  });

  test.each<[string, DecideFunction, string, string | RegExp]>([
    ['abstains', () => abstain('both may be right'), 'abstained', 'both may be right'],
    [
      'throws',
      () => {
        throw new RangeError('sk-secret');
      },
      'failed',
      /threw RangeError/,
    ],
    ['rejects', () => Promise.reject(new RangeError('sk-secret')), 'failed', /threw RangeError/],
    ['errors', () => throwError(() => new RangeError('sk-secret')), 'failed', /threw RangeError/],
    [
      'names an answer that does not exist',
      () => ({ key: 'rome' }),
      'failed',
      /the key of an answer that was given/,
    ],
    ['returns a number', () => 7 as never, 'failed', /must return a verdict/],
    ['has no text', () => ({ answer: 7 }) as never, 'failed', /an "answer" and its "text"/],
    [
      'has a list for details',
      () => ({ key: 'lyon', details: [] }) as never,
      'failed',
      /"details" are an object/,
    ],
    [
      'has details that are no JSON',
      () => ({ key: 'lyon', details: { count: 1n } }),
      'failed',
      /written as JSON/,
    ],
    [
      'has a reason that is none',
      () => ({ key: 'lyon', reason: 7 }) as never,
      'failed',
      /"reason" is a string/,
    ],
    [
      'calls no model',
      (_, { call }) => call('gpt' as never, 'Which?', { role: 'judge' }) as never,
      'failed',
      /the model must be a model/,
    ],
    ['asks nothing', (_, { call }) => call(judge, ' ', { role: 'judge' }) as never, 'failed', /blank/],
  ])('lets the votes decide if it %s, and says so', async (_, decide, status, reason) => {
    const ensemble = createEnsemble({ models: saying('Paris', 'Paris', 'Lyon'), decide });
    const { answer, metadata } = await ensemble.predict('Which city?');
    expect(answer).toBe('paris');
    expect(metadata.decision).toEqual({ by: 'custom', status, reason: expect.stringMatching(reason) });
    expect(metadata.status).toBe(status === 'failed' ? 'degraded' : 'complete');
    expect(metadata.warnings.join()).toMatch(/the votes decide, because "custom" has no verdict/);
    expect(JSON.stringify(metadata)).not.toContain('secret');
  });

  test.each<[string, DecideFunction]>([
    ['returns nothing', () => undefined],
    ['emits nothing', () => EMPTY],
    ['resolves to nothing', async () => undefined],
  ])('keeps what the votes say if it %s', async (_, decide) => {
    const { answer, metadata } = await createEnsemble({
      models: saying('Paris', 'Paris', 'Lyon'),
      decide,
    }).predict('?');
    expect(answer).toBe('paris');
    expect(metadata.decision).toEqual({ by: 'custom', status: 'kept' });
    expect(metadata.warnings).toEqual([]);
  });

  test('is not asked if there are too few votes', async () => {
    const failing = defineModel('failing', () => {
      throw new Error('down');
    });
    const decide = asking(
      defineModel('judge', () => {
        throw new Error('was asked');
      }),
    );
    const ensemble = createEnsemble({ models: [...saying('Paris'), failing], minResponses: 2, decide });
    const error = await ensemble.predict('Which city?').catch((fault) => fault);
    expect(error.name).toBe('InsufficientResponsesError');
    expect(error.outcomes).toHaveLength(2);
  });

  test('streams its calls into the same prediction, in order', async () => {
    const events: StreamEvent[] = [];
    const ensemble = createEnsemble({ models: saying('Paris', 'Lyon'), decide: asking() });
    for await (const event of ensemble.stream('Which city?')) events.push(event);
    expect(events.filter(isNoCall).map((event) => ('role' in event ? event.role : event.type))).toEqual([
      'response',
      'consensus',
      'response',
      'consensus',
      'judge',
      'complete',
    ]);
  });

  test('is cancelled on the wire when its caller leaves, its signal aborts or the deadline passes', () => {
    const cancelling = (
      options: { deadlineMs?: number; signal?: AbortSignal },
      leave: string | undefined,
      frames: string,
    ) =>
      marbles((m) => {
        const judged = m.cold<ModelResponse>('---------j|', { j: { text: 'lyon' } });
        const models = ['Paris', 'Lyon'].map((text) => scripted(text, m.cold('-(a|)', { a: { text } })));
        const ensemble = createEnsemble({ models, decide: asking(scripted('judge', judged)), ...options });
        const predicted = ensemble.predict$('Which city?');
        if (leave === undefined)
          predicted.subscribe(({ answer, metadata, outcomes }) => {
            expect(answer).toBe('paris');
            expect(metadata).toMatchObject({
              stoppedBy: 'completion',
              status: 'degraded',
              decision: { status: 'failed', reason: expect.stringContaining('deadline') },
            });
            expect(outcomes.at(-1)).toMatchObject({ role: 'judge', status: 'cancelled' });
          });
        else m.cold(leave).subscribe({ complete: () => subscription.unsubscribe() });
        const subscription = leave === undefined ? of().subscribe() : predicted.subscribe();
        m.expect(judged).toHaveSubscriptions(frames);
      })();
    cancelling({ deadlineMs: 5 }, undefined, '-^---!');
    cancelling({}, '----|', '-^--!');
  });

  test('cancels the calls of an async function when its caller leaves', () => {
    marbles((m) => {
      const judging = m.cold('------');
      const models = saying('Lyon', 'Paris');
      const decide: DecideFunction = async (_, { call, question }) => {
        await firstValueFrom(call(scripted('judge', judging), question, { role: 'judge' }));
        return undefined;
      };
      const leaving = createEnsemble({ models, decide }).predict$('Which?').subscribe();
      m.scheduler.schedule(() => leaving.unsubscribe(), 3);
      m.expect(judging).toHaveSubscriptions('^--!');
    })();
  });

  test('is given up if it makes no call and has no result', () => {
    marbles((m) => {
      const models = ['Paris', 'Paris'].map((text, index) =>
        scripted(`${text}-${index}`, m.cold('-(a|)', { a: { text } })),
      );
      const predicted = createEnsemble({ models, decide: () => NEVER, timeoutMs: 7 }).predict$('Which city?');
      m.expect(predicted.pipe(map(({ metadata }) => metadata.decision?.reason))).toBeObservable(
        '--------(r|)',
        {
          r: 'it had no result within 7 ms',
        },
      );
    })();
  });

  /** A model that counts how often it is called. */
  const counted = (): Model & { calls: number } => {
    const model = {
      id: 'counted',
      calls: 0,
      call: () =>
        defer(() => {
          model.calls += 1;
          return timer(5).pipe(map(() => ({ text: 'late' })));
        }),
    };
    return model;
  };

  test.each([
    ['the deadline', 10],
    ['its verdict', 0],
    ['its caller', 10],
  ])('makes no call after its end by %s', (end, waitsMs) => {
    marbles((m) => {
      const late = counted();
      const seen: string[] = [];
      const decide: DecideFunction = (_, { call, question }) => {
        const late$ = timer(15).pipe(concatMap(() => call(late, question, { role: 'judge' })));
        late$.subscribe({ next: ({ status }) => seen.push(status), complete: () => seen.push('ended') });
        return waitsMs === 0 ? { key: 'lyon' } : NEVER;
      };
      const ensemble = createEnsemble({
        models: saying('Paris', 'Lyon'),
        decide,
        ...(end === 'the deadline' && { deadlineMs: waitsMs }),
      });
      const open = ensemble.predict$('Which?').subscribe();
      if (end === 'its caller') m.scheduler.schedule(() => open.unsubscribe(), waitsMs);
      m.flush();
      expect([late.calls, seen]).toEqual([0, ['ended']]);
    })();
  });

  test('sends nothing if the reader of a stream leaves when a call begins', () => {
    const late = counted();
    const decide: DecideFunction = (_, { call, question }) =>
      merge(call(late, question, { role: 'judge' }), call(late, question, { role: 'judge' })).pipe(
        map(() => undefined),
      );
    const types: string[] = [];
    createEnsemble({ models: saying('Paris', 'Lyon'), decide })
      .stream('Which?')
      .pipe(takeWhile((event) => event.type !== 'call-start' || event.role === undefined, true))
      .subscribe(({ type }) => types.push(type));
    expect([types.at(-1), late.calls]).toEqual(['call-start', 0]);
  });

  test.each([
    { key: 'lyon', text: 'Paris' },
    { key: 'lyon', text: undefined },
    { key: 'lyon', text: 5, answer: 'nice' },
  ])('takes the text of the chosen answer, whatever else is in %o', async (verdict) => {
    const ensemble = createEnsemble({ models: saying('Paris', 'Lyon'), decide: () => verdict as never });
    const { answer, text, metadata } = await ensemble.predict('Which?');
    expect([answer, text, metadata.decision?.status]).toEqual(['lyon', 'Lyon', 'chosen']);
  });

  test('has a consensus of the members if the voter counts under other keys', async () => {
    const strategy: VoteFunction = ([first]) => ({
      answer: first?.answer,
      consensus: 0.5,
      votes: { 'all of them': 0.5 },
    });
    for (const key of ['lyon', 'constructor']) {
      const models = saying('Paris', 'Lyon', 'constructor', 'Nice');
      const { metadata } = await createEnsemble({ models, strategy, decide: () => ({ key }) }).predict(
        'Which?',
      );
      expect(metadata.consensus).toBe(1 / 4);
    }
  });

  test.each([{ key: 'lyon' }, { text: 'Nice' }, undefined])(
    'leaves the outcomes without groups if there is no grouping, with %o',
    async (verdict) => {
      const ensemble = createEnsemble({ models: saying('Paris', 'Lyon'), decide: () => verdict });
      const { outcomes } = await ensemble.predict('Which?');
      expect(outcomes.filter((outcome) => 'group' in outcome)).toEqual([]);
    },
  );

  test('may sort the groups in place', async () => {
    const grouping: GroupFunction = (votes) => [votes];
    const decide: DecideFunction = ({ groups }) => {
      for (const group of groups) (group as Vote[]).reverse();
      (groups as Group[]).reverse();
      return { key: 'Paris' };
    };
    const ensemble = createEnsemble({ models: saying('Paris', 'Lyon'), grouping, decide });
    const { text, metadata, outcomes } = await ensemble.predict('Which?');
    expect([text, metadata.votes, metadata.decision?.status]).toEqual(['Paris', { Paris: 2 }, 'chosen']);
    expect(outcomes.map((outcome) => 'group' in outcome && outcome.group)).toEqual(['Paris', 'Paris']);
  });

  test('is not marked by the end of the refinement before it', () => {
    marbles((m) => {
      const reasons: string[] = [];
      const hanging: Model = defineModel('hanging', (_, { signal }) => {
        signal.addEventListener('abort', () => reasons.push(String(signal.reason)));
        return new Promise(() => undefined);
      });
      const decide: DecideFunction = (_, { call, question }) =>
        call(hanging, question, { role: 'judge' }).pipe(
          takeUntil(timer(2)),
          map(() => undefined),
        );
      const grouping = { ...byContent(), refine: () => NEVER } as Grouping;
      createEnsemble({ models: saying('Paris', 'Lyon'), grouping, decide, timeoutMs: 5 })
        .predict$('Which?')
        .subscribe();
      m.flush();
      expect(reasons).toEqual([expect.stringContaining('no longer needs this one')]);
    })();
  });

  test('is degraded if the deadline passes while groups are refined', () => {
    marbles((m) => {
      const grouping = { ...byContent(), refine: () => NEVER } as Grouping;
      const predicted = createEnsemble({
        models: saying('Paris', 'Lyon'),
        grouping,
        deadlineMs: 5,
      }).predict$('Which?');
      m.expect(predicted.pipe(map(({ metadata }) => metadata.status))).toBeObservable('-----(d|)', {
        d: 'degraded',
      });
    })();
  });

  describe('cancels its calls before the prediction arrives', () => {
    const ofRoles = ({ type, ...event }: StreamEvent): string[] =>
      type === 'complete' ? [type] : 'role' in event ? [`${type} ${event.role}`] : [];

    test.each<[string, Partial<EnsembleOptions>]>([
      ['it chooses', { decide: (_, { call }) => slow(call).pipe(map(() => ({ key: 'lyon' }))) }],
      ['it writes', { decide: (_, { call }) => slow(call).pipe(map(() => ({ text: 'Nice' }))) }],
      ['it ends', { decide: (_, { call }) => slow(call).pipe(ignoreElements(), takeUntil(timer(3))) }],
      [
        'it fails',
        { decide: (_, { call }) => slow(call).pipe(switchMap(() => throwError(() => new Error('no')))) },
      ],
      [
        'it is a promise',
        {
          decide: async (_, { call }) => {
            slow(call).subscribe();
            return undefined;
          },
        },
      ],
      ['the deadline passes', { deadlineMs: 3, decide: (_, { call }) => slow(call).pipe(ignoreElements()) }],
      [
        'groups are refined',
        {
          grouping: {
            ...byContent(),
            refine: (_, { call }) => slow(call).pipe(map(() => [])),
          } as Grouping,
        },
      ],
    ])('if %s', (_, options) => {
      marbles((m) => {
        const events: string[] = [];
        createEnsemble({ models: saying('Paris', 'Lyon'), ...options })
          .stream('Which?')
          .subscribe((event) => events.push(...ofRoles(event)));
        m.scheduler.schedule(() => undefined, 20);
        m.flush();
        expect(events.at(-1)).toBe('complete');
        const count = (type: string): number => events.filter((event) => event === `${type} judge`).length;
        expect([count('call-end'), count('call-start')]).toEqual([2, 2]);
      })();
    });

    const slow = (call: RoleCall): Observable<Outcome> =>
      merge(
        ...[1, 10].map((ms) =>
          call(scripted('judge', timer(ms).pipe(map(() => ({ text: 'lyon' })))), 'Which?', { role: 'judge' }),
        ),
      );
  });

  test('keeps its verdict if its teardown throws', async () => {
    const decide: DecideFunction = () =>
      new Observable((subscriber) => {
        subscriber.add(() => {
          throw new RangeError('mine');
        });
        setImmediate(() => subscriber.next({ key: 'lyon' }));
      });
    const { answer, metadata } = await createEnsemble({ models: saying('Paris', 'Lyon'), decide }).predict(
      '?',
    );
    expect([answer, metadata.warnings]).toEqual([
      'lyon',
      ['cancelling a step after the votes threw RangeError: check its teardown'],
    ]);
  });
});
