import { EMPTY, lastValueFrom, map, NEVER, Observable, of, take, throwError, timer, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { type CoreOptions, createEnsemble, type Scalar } from '../../src/core/core.ts';
import {
  ConfigError,
  decided,
  defineModel,
  type Model,
  ModelError,
  majority,
  type NoPredictionError,
  type Prediction,
  unanimous,
  type Voter,
  weighted,
} from '../../src/index.ts';
import { cache, circuitBreaker, isUnusable, retry } from '../../src/policies/policies.ts';

const trimmed = (text: string): string => text.trim();
const saying = (...texts: readonly string[]): Model[] =>
  texts.map((text, index) => defineModel(`m${index}`, () => ({ text, costUsd: 0.01 })));

/** A model of foreign code. */
const callingBy = (id: string, call: () => unknown): Model => ({ id, call }) as Model;

const predicting = (options: Partial<CoreOptions<Scalar>>): Promise<Prediction<Scalar>> =>
  createEnsemble<Scalar>({ models: saying('4', '4', '5'), normalization: trimmed, ...options }).predict(
    '2 + 2?',
  );

const errorOf = (options: Partial<CoreOptions<Scalar>>): Promise<NoPredictionError> =>
  predicting(options).then(
    () => expect.unreachable(),
    (error: NoPredictionError) => error,
  );

describe('createEnsemble of the core', () => {
  it('lists every fault of its options at once, and repeats no key', () => {
    const key = 'sk-proj-abcdefgh12345678';
    const create = () =>
      createEnsemble({
        models: [{ id: key, call: () => EMPTY }],
        normalization: 'numeric',
        strategy: key,
        execution: 'parallel',
        earlyStop: 0.5,
        timeoutMs: 0,
        deadlineMs: Number.NaN,
        minResponses: 1.5,
        system: 7,
        acceptUnfinished: 1,
        [key]: 1,
      } as never);
    expect(create).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: 11 faults:
      - createEnsemble: there is no option a string of 24 characters that looks like a key (keys are passed as { apiKey }); the options are models, normalization, execution, strategy, earlyStop, minResponses, timeoutMs, deadlineMs, system, acceptUnfinished
      - createEnsemble: option "models" must be an array of models, { id, call }, each with its own id, but got an array of 1
      - createEnsemble: option "normalization" must be a function of the text, but got a string of 7 characters
      - createEnsemble: option "execution" must be { schedule, earlyStop }, such as parallel(), but got a string of 8 characters
      - createEnsemble: option "strategy" must be a voter, such as majority(), but got a string of 24 characters
      - createEnsemble: option "earlyStop" must be a stop rule, such as decided(), but got 0.5
      - createEnsemble: option "minResponses" must be an integer of at least 1, but got 1.5
      - createEnsemble: option "timeoutMs" must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got 0
      - createEnsemble: option "deadlineMs" must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got NaN
      - createEnsemble: option "system" must be a string that is not empty, but got 7
      - createEnsemble: option "acceptUnfinished" must be true or false, but got 1]
    `);
    expect(create).not.toThrow(key);
  });

  it.each([undefined, null, 7, [], 'gpt'])('refuses %j in place of options', (options) => {
    expect(() => createEnsemble(options as never)).toThrow(ConfigError);
  });

  it('refuses a panel that its voter or its limits cannot count', () => {
    expect(() => predictingSync({ strategy: weighted({ weights: { other: 2 } }) })).toThrow(/other/);
    expect(() => predictingSync({ minResponses: 4 })).toThrow(/at most the size of the panel, 3/);
    for (const minResponses of [() => Number.NaN, () => -1, async () => Promise.reject(new Error('4'))])
      expect(() => predictingSync({ execution: { schedule: () => EMPTY, minResponses } as never })).toThrow(
        ConfigError,
      );
    expect(() => predictingSync({ models: [...saying('4'), ...saying('5')] })).toThrow(/its own id/);
  });

  it.each([undefined, null, 7, '', '  ', { messages: [] }, Symbol('query')])(
    'refuses the query %s, before it asks a model',
    async (query) => {
      const call = vi.fn(() => of({ text: '4' }));
      const ensemble = createEnsemble({ models: [{ id: 'a', call }], normalization: trimmed });
      await expect(ensemble.predict(query as never)).rejects.toThrow(ConfigError);
      expect(call).not.toHaveBeenCalled();
    },
  );

  it.each([7, 'signal', {}, { aborted: false }])('refuses the signal %j', async (signal) => {
    const ensemble = createEnsemble({ models: saying('4'), normalization: trimmed });
    await expect(ensemble.predict('2 + 2?', { signal: signal as never })).rejects.toThrow(ConfigError);
  });

  it('refuses a signal in place of overrides, which would have no effect', async () => {
    const ensemble = createEnsemble({ models: saying('4'), normalization: trimmed });
    const { signal } = new AbortController();
    await expect(ensemble.predict('2 + 2?', signal as never)).rejects.toThrow(/there is no option "aborted"/);
    await expect(ensemble.predict('2 + 2?', 7 as never)).rejects.toThrow(/expected options, but got 7/);
  });

  it('refuses overrides that it has not, because they would have no effect', async () => {
    const ensemble = createEnsemble({ models: saying('4'), normalization: trimmed });
    await expect(ensemble.predict('2 + 2?', { timeoutMs: 5 } as never)).rejects.toThrow(
      /the options are signal, context/,
    );
  });

  it('counts numbers and booleans, and abstains with a reason for any other answer', async () => {
    const { answer, metadata } = await predicting({ normalization: (text) => Number(text) });
    expect([answer, metadata.votes]).toStrictEqual([4, { 4: 2, 5: 1 }]);
    expect((await predicting({ normalization: (text) => text === '4' })).answer).toBe(true);
    const { message } = await errorOf({ normalization: (text) => ({ text }) as never });
    expect(message).toMatch(/an answer must be a text, a number or a boolean/);
  });

  it('has the failed attempts of a policy in the account, and a sum that says that it is not whole', async () => {
    let calls = 0;
    const flaky = defineModel('flaky', () => {
      calls += 1;
      if (calls === 1) throw new ModelError('flaky', 'is busy', { isRetryable: true });
      return { text: '4', costUsd: 0.01 };
    });
    const [outcome] = (await predicting({ models: [retry({ baseDelayMs: 0 })(flaky)] })).outcomes;
    expect(outcome).toMatchObject({
      status: 'answered',
      costUsd: 0.01,
      costSource: 'partial',
      attempts: [{ model: 'flaky', costSource: 'unknown' }],
    });
  });

  it('streams the retries of a policy', async () => {
    let calls = 0;
    const flaky = defineModel('flaky', () => {
      calls += 1;
      return calls === 1
        ? throwError(() => new ModelError('flaky', 'is busy', { isRetryable: true }))
        : of('4');
    });
    const models = [retry({ baseDelayMs: 0 })(flaky)];
    const events$ = createEnsemble({ models, normalization: trimmed }).stream('2 + 2?').pipe(toArray());
    expect((await lastValueFrom(events$)).map(({ type }) => type)).toStrictEqual([
      'call-start',
      'call-retry',
      'call-end',
      'response',
      'consensus',
      'complete',
    ]);
  });

  it('takes a voter that tells only an answer, a consensus and votes', async () => {
    const last: Voter<string[]> = {
      name: 'last',
      init: () => [],
      add: (keys, { key }) => [...keys, key],
      tally: (keys) => ({ answer: keys.at(-1), consensus: 0.5, votes: { [keys.at(-1) ?? '']: 1 } }),
    };
    const { answer, text, metadata } = await predicting({ strategy: last as Voter });
    expect([answer, text, metadata.consensus, metadata.strategy]).toStrictEqual(['5', '5', 0.5, 'last']);
  });

  it.each<readonly [string, Partial<CoreOptions<Scalar>>, RegExp]>([
    [
      'a voter that throws',
      {
        strategy: {
          ...majority(),
          add: () => {
            throw new RangeError('4');
          },
        },
      },
      /voting strategy "majority" threw RangeError/,
    ],
    [
      'a voter that is async',
      { strategy: { ...majority(), init: async () => 0 } },
      /voting strategy "majority" returned a promise/,
    ],
    [
      'a schedule that throws',
      {
        execution: {
          schedule: () => {
            throw new RangeError('4');
          },
        },
      },
      /the schedule or the signal threw RangeError/,
    ],
    [
      'a schedule that emits nonsense',
      { execution: { schedule: () => of({ text: '4' }) as never } },
      /the schedule or the signal must return an Observable of outcomes/,
    ],
    [
      'a schedule that returns nonsense',
      { execution: { schedule: () => 7 as never } },
      /the schedule or the signal threw TypeError/,
    ],
    [
      'a normalizer that throws',
      {
        normalization: () => {
          throw new RangeError('4');
        },
      },
      /abstained: normalization threw RangeError/,
    ],
    [
      'a normalizer that is async',
      { normalization: (async () => '4') as never },
      /abstained: normalization returned a promise/,
    ],
    [
      'models that emit nonsense',
      {
        models: [callingBy('a', () => of(7)), callingBy('b', () => 7)],
      },
      /all models failed: a: .*; b: /,
    ],
    [
      'models that end without an answer',
      { models: [{ id: 'a', call: () => EMPTY }] },
      /a: ended without an answer/,
    ],
    ['a disagreement', { strategy: unanimous() }, /unanimous found no winner among 2 answers/],
  ])('says what is wrong with %s, and nothing of the answers', async (_, options, message) => {
    const error = await errorOf(options);
    expect(error.message).toMatch(message);
  });

  it('leaves a warning for a stop rule that throws, and counts all votes', async () => {
    const { metadata } = await predicting({
      earlyStop: () => {
        throw new RangeError('4');
      },
    });
    expect(metadata).toMatchObject({ successes: 3, warnings: ['the stop rule threw RangeError'] });
  });

  it('aborts the calls in flight before the answer arrives', async () => {
    const log: string[] = [];
    const never: Model = { id: 'never', call: () => new Observable(() => () => void log.push('aborted')) };
    const models = [never, ...saying('4', '4')];
    const { metadata, outcomes } = await predicting({ models, earlyStop: decided() });
    log.push('answered');
    expect(log).toStrictEqual(['aborted', 'answered']);
    expect(metadata).toMatchObject({ stoppedBy: 'rule', cancelled: 1, costSource: 'partial' });
    expect(outcomes[0]).toMatchObject({ model: 'never', status: 'cancelled', costSource: 'unknown' });
  });

  it.each<readonly [string, Partial<CoreOptions<Scalar>>, string]>([
    ['answers later', {}, 'answered'],
    ['fails', { acceptUnfinished: true }, 'failed'],
    ['never answers', { timeoutMs: 1 }, 'failed'],
    ['is not waited for', { earlyStop: decided() }, 'cancelled'],
    ['is cut off', { deadlineMs: 1 }, 'cancelled'],
  ])('ends, with a warning, if the teardown of a model throws that %s', async (does, options, status) => {
    const torn = callingBy(
      'torn',
      () =>
        new Observable((subscriber) => {
          if (does === 'answers later') timer(0).subscribe(() => subscriber.next({ text: '4' }));
          if (does === 'fails') timer(0).subscribe(() => subscriber.error(new Error('no')));
          return () => {
            throw new RangeError('4');
          };
        }),
    );
    const { answer, outcomes } = await predicting({ models: [torn, ...saying('4', '4')], ...options });
    expect(answer).toBe('4');
    expect(outcomes[0]).toMatchObject({ status, warning: 'the teardown of the model threw RangeError' });
  });

  it('has the warning of a teardown in the account, if the model answers while it is subscribed', async () => {
    const torn = callingBy(
      'torn',
      () =>
        new Observable((subscriber) => {
          subscriber.next({ text: '4' });
          return () => {
            throw new RangeError('4');
          };
        }),
    );
    const { outcomes } = await predicting({ models: [torn] });
    expect(outcomes[0]).toMatchObject({ warning: 'the teardown of the model threw RangeError' });
  });

  it.each([
    [1, []],
    [2, ['a']],
    [3, ['a', 'b']],
  ])('asks no model after its caller has left within event %i', async (events, asked) => {
    const called: string[] = [];
    const models = ['a', 'b', 'c'].map((id) =>
      callingBy(id, () => {
        called.push(id);
        return NEVER;
      }),
    );
    const events$ = createEnsemble({ models, normalization: trimmed }).stream('2 + 2?').pipe(take(events));
    await lastValueFrom(events$);
    expect(called).toStrictEqual(asked);
  });

  it.each([
    ['a rejected promise', async () => Promise.reject(new Error('no')), /Observable: use defineModel/],
    ['a promise', async () => ({ text: '4' }), /Observable: use defineModel/],
    ['an array', () => [{ text: '4' }], /must return an Observable/],
  ])('fails a call that returns %s, as the engine does', async (_, call, message) => {
    const { outcomes } = await predicting({ models: [callingBy('a', call), ...saying('4', '4')] });
    expect(outcomes[0]).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(message) },
    });
  });

  it('counts its time limits for a circuit', async () => {
    const call = vi.fn(() => NEVER);
    const silent = circuitBreaker({ minimumCalls: 2, failureRatio: 0.5 })({ id: 'silent', call });
    const ensemble = createEnsemble({
      models: [silent, ...saying('4', '4')],
      normalization: trimmed,
      timeoutMs: 1,
    });
    for (let query = 0; query < 3; query += 1) await ensemble.predict('2 + 2?');
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('tells policies which responses do not count', async () => {
    const texts = ['many', '4'];
    const call = vi.fn(() => of({ text: texts[call.mock.calls.length - 1] ?? '5' }));
    const models = [retry({ baseDelayMs: 0, shouldHandle: isUnusable })({ id: 'a', call })];
    const { answer } = await predicting({ models, normalization: (text) => Number(text) || undefined });
    expect([answer, call.mock.calls.length]).toStrictEqual([4, 2]);
  });

  it('bills a failure once that two predictions share', async () => {
    const lost = defineModel('lost', () =>
      timer(0).pipe(
        map(() => {
          throw new ModelError('lost', 'broke off', { costUsd: 1 });
        }),
      ),
    );
    const models = [cache()(lost), ...saying('4')];
    const ensemble = createEnsemble({ models, normalization: trimmed });
    const both = await Promise.all(['2 + 2?', '2 + 2?'].map((query) => ensemble.predict(query)));
    expect(both.map(({ outcomes }) => outcomes[0]?.costUsd)).toStrictEqual([1, 0]);
  });

  it('takes null for overrides that are absent', async () => {
    const ensemble = createEnsemble({ models: saying('4'), normalization: trimmed });
    expect((await ensemble.predict('2 + 2?', null as never)).answer).toBe('4');
  });

  it('is asked by operators that take an ensemble', async () => {
    const { predictWith } = await import('../../src/operators/operators.ts');
    const ensemble = createEnsemble({ models: saying('4', '4', '5'), normalization: trimmed });
    const answers = of('2 + 2?', '1 + 3?').pipe(predictWith(ensemble as never), toArray());
    expect(await lastValueFrom(answers)).toMatchObject([{ answer: '4' }, { answer: '4' }]);
  });
});

const predictingSync = (options: Partial<CoreOptions<Scalar>>): unknown =>
  createEnsemble<Scalar>({ models: saying('4', '4', '5'), normalization: trimmed, ...options });
