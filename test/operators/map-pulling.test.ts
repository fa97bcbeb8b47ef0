import { getEventListeners } from 'node:events';
import { EMPTY, NEVER, Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Model,
  type PredictManyOptions,
  type Query,
} from '../../src/index.ts';
import { aggregateStats } from '../../src/metrics/metrics.ts';
import { mapPulling } from '../../src/operators/map-pulling.ts';

/** Lets everything happen that only waits for promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A source that tells how much was read of it, and whether it was closed. */
const counted = (size: number) => {
  const source = {
    read: 0,
    closed: 0,
    *[Symbol.iterator]() {
      try {
        while (source.read < size) {
          source.read += 1;
          yield source.read - 1;
        }
      } finally {
        source.closed += 1;
      }
    },
  };
  return source;
};

/** Emits a value after some turns of the event loop, or at once after none. */
const inTurns = <Value>(turns: number, value: Value): Observable<Value> =>
  turns === 0
    ? of(value)
    : new Observable((subscriber) => {
        const turn = setImmediate(() => inTurns(turns - 1, value).subscribe(subscriber));
        return () => clearImmediate(turn);
      });

/** Answers each number with itself, the later ones sooner. */
const backwards = (item: number): Observable<number> => inTurns(Math.max(1, 8 - 2 * item), item);

describe('pulling through a window', () => {
  it('keeps the order of the source, or takes values as they come', async () => {
    const source = [0, 1, 2, 3, 4];
    expect(
      await Array.fromAsync(mapPulling(source, backwards, { concurrency: 5, ordered: true })),
    ).toStrictEqual(source);
    expect(
      await Array.fromAsync(mapPulling(source, backwards, { concurrency: 4, ordered: false })),
    ).toStrictEqual([3, 4, 2, 1, 0]);
  });

  it.each([true, false])('never has more than `concurrency` at work (ordered: %s)', async (ordered) => {
    let atWork = 0;
    let most = 0;
    const work = (item: number) =>
      new Observable<number>((subscriber) => {
        atWork += 1;
        most = Math.max(most, atWork);
        return inTurns(1 + (item % 3), item).subscribe(() => {
          atWork -= 1;
          subscriber.next(item);
          subscriber.complete();
        });
      });
    const values = await Array.fromAsync(mapPulling(counted(40), work, { concurrency: 4, ordered }));
    expect(values).toHaveLength(40);
    expect(most).toBe(4);
  });

  it.each([
    [true, 'at once', (item: number) => of(item)],
    [false, 'at once', (item: number) => of(item)],
    [true, 'later', (item: number) => inTurns(1, item)],
    [false, 'later', (item: number) => inTurns(1, item)],
  ] as const)(
    'reads no more than concurrency + 1 ahead of a slow consumer (ordered: %s, answers %s)',
    async (ordered, _, work) => {
      const source = counted(60);
      let consumed = 0;
      let furthest = 0;
      for await (const value of mapPulling(source, work, { concurrency: 5, ordered })) {
        expect(value).toBeGreaterThanOrEqual(0);
        consumed += 1;
        await settle();
        await settle();
        furthest = Math.max(furthest, source.read - consumed);
      }
      expect(consumed).toBe(60);
      expect(furthest).toBeLessThanOrEqual(6);
    },
  );

  it('reads nothing before somebody asks, and then no more than fit', async () => {
    const source = counted(100);
    const iterator = mapPulling(source, (item) => of(item), { concurrency: 3, ordered: true })[
      Symbol.asyncIterator
    ]();
    await settle();
    expect(source.read).toBe(0);
    await iterator.next();
    await settle();
    expect(source.read).toBeLessThanOrEqual(4);
    await iterator.return?.();
    expect(source.closed).toBe(1);
  });

  it('leaves out what has no value, and takes the last of several', async () => {
    const work = (item: number) => (item % 2 === 0 ? EMPTY : of(-1, item));
    expect(
      await Array.fromAsync(mapPulling([0, 1, 2, 3], work, { concurrency: 2, ordered: true })),
    ).toStrictEqual([1, 3]);
  });

  it('ends in the place of an error, after what came before, and closes its source', async () => {
    const source = counted(100);
    const work = (item: number) => (item === 3 ? throwError(() => new Error('three')) : backwards(item));
    const seen: number[] = [];
    const consume = async () => {
      for await (const value of mapPulling(source, work, { concurrency: 4, ordered: true })) seen.push(value);
    };
    await expect(consume()).rejects.toThrow('three');
    expect(seen).toStrictEqual([0, 1, 2]);
    expect(source.closed).toBe(1);
    expect(source.read).toBeLessThan(10);
  });

  it.each([
    [
      'of its iterator',
      {
        [Symbol.iterator]: () => {
          throw new Error('broken');
        },
      },
    ],
    [
      'of a step',
      {
        [Symbol.iterator]: () => ({
          next: () => {
            throw new Error('broken');
          },
        }),
      },
    ],
    [
      'of a later step',
      (function* () {
        yield 0;
        throw new Error('broken');
      })(),
    ],
    [
      'of an async iterator',
      {
        [Symbol.asyncIterator]: () => {
          throw new Error('broken');
        },
      },
    ],
    [
      'of an async step',
      { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }) },
    ],
    [
      'of a later async step',
      (async function* () {
        yield 0;
        throw new Error('broken');
      })(),
    ],
  ] as readonly (readonly [string, Iterable<number> | AsyncIterable<number>])[])(
    'passes on the error %s',
    async (_, source) => {
      const work = (item: number) => of(item);
      await expect(
        Array.fromAsync(mapPulling(source, work, { concurrency: 2, ordered: true })),
      ).rejects.toThrow('broken');
    },
  );

  it('passes on what the work itself throws', async () => {
    const work = (): Observable<number> => {
      throw new Error('no work');
    };
    const source = counted(10);
    await expect(
      Array.fromAsync(mapPulling(source, work, { concurrency: 2, ordered: true })),
    ).rejects.toThrow('no work');
    expect(source.closed).toBe(1);
  });

  it('aborts what is in flight and closes its source when the loop breaks', async () => {
    const source = counted(100);
    const aborted: number[] = [];
    const work = (item: number) =>
      item === 0
        ? of(item)
        : new Observable<number>(() => () => {
            aborted.push(item);
          });
    for await (const value of mapPulling(source, work, { concurrency: 3, ordered: true })) {
      expect(value).toBe(0);
      break;
    }
    expect(aborted).toStrictEqual(Array.from({ length: source.read - 1 }, (_, index) => index + 1));
    expect(aborted.length).toBeGreaterThan(0);
    expect(source.closed).toBe(1);
  });

  it('can be returned from while a step is pending: that step is done, and so are all later ones', async () => {
    const iterator = mapPulling([0], () => NEVER, { concurrency: 1, ordered: true })[Symbol.asyncIterator]();
    const pending = [iterator.next(), iterator.next()];
    expect(await iterator.return?.()).toStrictEqual({ done: true, value: undefined });
    expect(await Promise.all(pending)).toStrictEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(await iterator.next()).toStrictEqual({ done: true, value: undefined });
  });

  it('can be returned from before it began, and then never asks its source', async () => {
    const source = counted(10);
    const iterator = mapPulling(source, (item) => of(item), { concurrency: 1, ordered: true })[
      Symbol.asyncIterator
    ]();
    await iterator.return?.();
    expect(await iterator.next()).toStrictEqual({ done: true, value: undefined });
    expect(source.read).toBe(0);
  });

  it('drops what an async source gives after the end', async () => {
    let give: (step: IteratorResult<number>) => void = () => undefined;
    let closed = 0;
    const worked: number[] = [];
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve) => {
            give = resolve;
          }),
        return: async () => {
          closed += 1;
          return { done: true, value: undefined };
        },
      }),
    };
    const work = (item: number) => {
      worked.push(item);
      return of(item);
    };
    const iterator = mapPulling(source, work, { concurrency: 1, ordered: true })[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return?.();
    give({ done: false, value: 1 });
    expect(await pending).toStrictEqual({ done: true, value: undefined });
    await settle();
    expect(worked).toStrictEqual([]);
    expect(closed).toBe(1);
  });

  it('reads an async source one step at a time', async () => {
    let reading = 0;
    let most = 0;
    const source = async function* () {
      for (let index = 0; index < 20; index += 1) {
        reading += 1;
        most = Math.max(most, reading);
        await settle();
        reading -= 1;
        yield index;
      }
    };
    const values = await Array.fromAsync(
      mapPulling(source(), (item) => of(item), { concurrency: 5, ordered: true }),
    );
    expect(values).toHaveLength(20);
    expect(most).toBe(1);
  });

  it('serves several readers at once, each value to one of them', async () => {
    const iterator = mapPulling([0, 1, 2], (item) => inTurns(1, item), {
      concurrency: 2,
      ordered: true,
    })[Symbol.asyncIterator]();
    const steps = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    expect(steps).toStrictEqual([
      { done: false, value: 0 },
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: true, value: undefined },
    ]);
  });

  it('does not grow the stack with answers that come at once', async () => {
    let sum = 0;
    for await (const value of mapPulling(counted(100_000), (item) => of(item), {
      concurrency: 1000,
      ordered: true,
    })) {
      sum += value;
    }
    expect(sum).toBe((100_000 * 99_999) / 2);
  });
});

describe('predictAll', () => {
  it('takes no single text, which could be iterated letter by letter', () => {
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
    expect(() => ensemble.predictAll('What is 2 + 2?')).toThrow('; use predict for one question');
  });

  const echo = defineModel('echo', async (question) => {
    if (question.startsWith('bad')) throw new Error('no');
    return question;
  });
  const ask = async <Replacement = never>(
    questions: Iterable<string> | AsyncIterable<string>,
    options: PredictManyOptions<Replacement> = {},
    models: readonly Model[] = [echo],
  ): Promise<(Replacement | string)[]> =>
    Array.fromAsync(createEnsemble({ models }).predictAll(questions, options), (prediction) =>
      typeof prediction === 'object' && prediction !== null && 'text' in prediction
        ? String(prediction.text)
        : (prediction as Replacement),
    );

  it('predicts arrays, sets, generators and async generators', async () => {
    const questions = ['a', 'b', 'c'];
    expect(await ask(questions)).toStrictEqual(questions);
    expect(await ask(new Set(questions))).toStrictEqual(questions);
    expect(
      await ask(
        (function* () {
          yield* questions;
        })(),
      ),
    ).toStrictEqual(questions);
    expect(
      await ask(
        (async function* () {
          yield* questions;
        })(),
      ),
    ).toStrictEqual(questions);
    expect(await ask([])).toStrictEqual([]);
  });

  describe.each([true, false])('ordered: %s', (ordered) => {
    it('tells the error of a query in its place, and goes on with the others', async () => {
      const queries = ['a', 'bad 1', { messages: [] }, 'b', 'bad 2', 'c'] as Query[];
      const results = await Array.fromAsync(
        createEnsemble({ models: [echo] }).predictAll(queries, { ordered }),
      );
      const told = results.map((result) =>
        'text' in result ? [result.text] : [result.name, result.outcomes.length],
      );
      const expected = [
        ['a'],
        ['AllModelsFailedError', 1],
        ['InvalidQueryError', 0],
        ['b'],
        ['AllModelsFailedError', 1],
        ['c'],
      ];
      if (ordered) expect(told).toStrictEqual(expected);
      else expect(told.map(String).toSorted()).toStrictEqual(expected.map(String).toSorted());
      const stats = aggregateStats(results);
      expect(stats).toMatchObject({ count: 6, successes: 3, failures: 3 });
    });
  });

  it('says what is wrong with a query, and keeps the cause', async () => {
    const queries = [{ messages: [{ role: 'robot', content: '?' }] }] as unknown as Query[];
    const [result] = await Array.fromAsync(createEnsemble({ models: [echo] }).predictAll(queries));
    expect(result).toMatchObject({
      name: 'InvalidQueryError',
      message: expect.stringContaining('messages[0].role must be'),
      cause: { name: 'ConfigError' },
    });
  });

  it('ends with the error of the source and of the signal, whatever is done about queries', async () => {
    const failing = function* () {
      yield 'a';
      throw new RangeError('of the source');
    };
    const { predictAll } = createEnsemble({ models: [echo] });
    await expect(Array.fromAsync(predictAll(failing()))).rejects.toThrow(RangeError);
    const signal = AbortSignal.abort();
    await expect(Array.fromAsync(predictAll(['a'], { signal }))).rejects.toThrow('was cancelled');
  });

  it.each([null, 'skip', 7, {}])('refuses another way of handling errors: %o', (onError) => {
    expect(() => createEnsemble({ models: [echo] }).predictAll(['a'], { onError: onError as never })).toThrow(
      'predictAll: option "onError" must be \'throw\', a function of the error, the query and its index, but got',
    );
  });

  it('ends at the first query without a prediction, in its place, if it is to throw', async () => {
    const seen: string[] = [];
    const consume = async () => {
      for await (const { text } of createEnsemble({ models: [echo] }).predictAll(['a', 'b', 'bad', 'c'], {
        onError: 'throw',
      }))
        seen.push(text);
    };
    await expect(consume()).rejects.toMatchObject({ name: 'AllModelsFailedError' });
    expect(seen).toStrictEqual(['a', 'b']);
  });

  it('replaces such a query, or leaves it out, as `onError` says', async () => {
    const questions = ['a', 'bad 1', 'b', 'bad 2'];
    const told: [string, unknown, number][] = [];
    const replaced = await ask(questions, {
      onError: (error, query, index) => {
        told.push([(error as Error).name, query, index]);
        return `no answer to ${query}`;
      },
    });
    expect(replaced).toStrictEqual(['a', 'no answer to bad 1', 'b', 'no answer to bad 2']);
    expect(told).toStrictEqual([
      ['AllModelsFailedError', 'bad 1', 1],
      ['AllModelsFailedError', 'bad 2', 3],
    ]);
    expect(await ask(questions, { onError: () => undefined })).toStrictEqual(['a', 'b']);
    expect(await ask(questions, { onError: () => null })).toStrictEqual(['a', null, 'b', null]);
  });

  it('ends with what `onError` itself throws', async () => {
    const onError = () => {
      throw new RangeError('enough');
    };
    await expect(ask(['a', 'bad'], { onError })).rejects.toThrow('enough');
  });

  it('aborts the calls in flight when the loop breaks', async () => {
    const signals: AbortSignal[] = [];
    const model = defineModel('slow', (question, { signal }) => {
      if (question === '0') return question;
      signals.push(signal);
      return new Promise(() => undefined);
    });
    for await (const { text } of createEnsemble({ models: [model] }).predictAll(['0', '1', '2', '3'], {
      onError: 'throw',
      concurrency: 3,
    })) {
      expect(text).toBe('0');
      break;
    }
    expect(signals.length).toBeGreaterThan(0);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('can be iterated again where its source can', async () => {
    const predictions = createEnsemble({ models: [echo] }).predictAll(['a', 'b'], { onError: 'throw' });
    const texts = async () => Array.fromAsync(predictions, ({ text }) => text);
    expect(await Promise.all([texts(), texts()])).toStrictEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it.each([0, -1, 1.5, Number.NaN, '3'])('refuses a concurrency of %s', (concurrency) => {
    const { predictAll } = createEnsemble({ models: [echo] });
    expect(() => predictAll([], { concurrency: concurrency as number })).toThrow(
      'predictAll: option "concurrency" must be an integer of at least 1, or Infinity, but got ',
    );
  });

  it('takes the overrides of every prediction', async () => {
    const models = ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text));
    const predictions = createEnsemble({ models }).predictAll(['?'], {
      onError: 'throw',
      earlyStop: 'decided',
      strategy: 'weighted',
    });
    const [prediction] = await Array.fromAsync(predictions);
    expect(prediction?.metadata).toMatchObject({ successes: 2, strategy: 'weighted' });
  });

  it('refuses overrides and options that are invalid, all at once and before it reads', () => {
    const source = counted(3);
    const predictAll = () =>
      createEnsemble({ models: [defineModel('a', () => '4')] }).predictAll(source as never, {
        concurrency: 0,
        timeoutMs: -1,
        signal: {} as AbortSignal,
      });
    expect(predictAll).toThrow(
      [
        '3 faults:',
        '- predictAll: option "concurrency" must be an integer of at least 1, or Infinity, but got 0',
        '- predictAll: option "timeoutMs" must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got -1',
        '- predictAll: option "signal" must be an AbortSignal, but got an object',
      ].join('\n'),
    );
    expect(source.read).toBe(0);
  });

  it.each([true, false])('ends with CancelledError when the signal aborts (ordered: %s)', async (ordered) => {
    const controller = new AbortController();
    const source = counted(10);
    let aborted = 0;
    const silent: Model = {
      id: 'silent',
      call: () =>
        new Observable(() => () => {
          aborted += 1;
        }),
    };
    const queries = (function* () {
      for (const index of source) yield `query ${index}`;
    })();
    const predictions = createEnsemble({ models: [silent] }).predictAll(queries, {
      concurrency: 3,
      ordered,
      signal: controller.signal,
      onError: () => 'replaced',
    });
    const reading = Array.fromAsync(predictions);
    await settle();
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toMatchObject({ name: 'CancelledError', cause: { message: 'enough' } });
    expect({ aborted, read: source.read, closed: source.closed }).toStrictEqual({
      aborted: 3,
      read: 3,
      closed: 1,
    });
  });

  it('reads nothing when its signal has aborted already', async () => {
    const source = counted(3);
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
    const reading = Array.fromAsync(ensemble.predictAll(source as never, { signal: AbortSignal.abort() }));
    await expect(reading).rejects.toMatchObject({ name: 'CancelledError' });
    expect(source.read).toBe(0);
  });

  it('takes Infinity for a concurrency', async () => {
    const questions = Array.from({ length: 200 }, (_, index) => String(index));
    expect(await ask(questions, { concurrency: Number.POSITIVE_INFINITY })).toStrictEqual(questions);
  });
});

describe('leaving a loop over a quiet source', () => {
  const never = new Promise<never>(() => undefined);
  const failing = (): never => {
    throw new RangeError('of the source');
  };
  const closings: [string, (() => unknown) | undefined][] = [
    ['never settles', () => never],
    ['rejects', () => Promise.reject(new RangeError('of the source'))],
    ['throws', failing],
    ['returns nothing', () => undefined],
    // biome-ignore lint/suspicious/noThenProperty: a thenable that throws
    ['returns a thenable that throws', () => ({ then: failing })],
    ['is missing', undefined],
  ];
  /** A source that gives two questions and then is quiet. */
  const quiet = (close: (() => unknown) | undefined) => {
    const source = {
      closed: 0,
      [Symbol.asyncIterator]: () => {
        let read = 0;
        return {
          next: () => {
            read += 1;
            return read > 2 ? never : Promise.resolve({ done: false, value: `question ${read}` });
          },
          ...(close !== undefined && {
            return: () => {
              source.closed += 1;
              return close();
            },
          }),
        };
      },
    };
    return source as typeof source & AsyncIterable<string>;
  };
  const leavings: [string, (controller: AbortController) => void, unknown][] = [
    ['break', () => undefined, 'left'],
    [
      'throw',
      () => {
        throw new SyntaxError('of the loop');
      },
      expect.objectContaining({ message: 'of the loop' }),
    ],
    ['abort', (controller) => controller.abort(), expect.objectContaining({ name: 'CancelledError' })],
  ];
  const cases = closings.flatMap(([closing, close]) =>
    leavings.flatMap(([how, leave, end]) =>
      [true, false].map((ordered) => ({ closing, close, how, leave, end, ordered })),
    ),
  );

  it.each(cases)(
    'by $how returns at once, also if its return() $closing (ordered: $ordered)',
    async ({ close, how, leave, end, ordered }) => {
      const controller = new AbortController();
      const { signal } = controller;
      const source = quiet(close);
      const signals: AbortSignal[] = [];
      const model = defineModel('slow', (question, context) => {
        if (question === 'question 1') return question;
        signals.push(context.signal);
        return never;
      });
      const loop = async () => {
        const predictions = createEnsemble({ models: [model] }).predictAll(source, {
          ordered,
          signal,
          onError: 'throw',
        });
        for await (const { text } of predictions) {
          expect(text).toBe('question 1');
          await settle();
          leave(controller);
          if (how === 'break') break;
        }
        return 'left';
      };
      expect(await loop().catch((error) => error)).toStrictEqual(end);
      expect(source.closed).toBe(close === undefined ? 0 : 1);
      expect(signals.map(({ aborted }) => aborted)).toStrictEqual([true]);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    },
  );

  it('before it has given anything, by an abort, ends it as well', async () => {
    const controller = new AbortController();
    const source = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
    const { predictAll } = createEnsemble({ models: [defineModel('a', () => '4')] });
    const reading = Array.fromAsync(predictAll(source, { signal: controller.signal }));
    await settle();
    controller.abort();
    await expect(reading).rejects.toMatchObject({ name: 'CancelledError' });
  });

  it('that is a generator in the middle of an await returns at once', async () => {
    const questions = async function* () {
      yield 'question';
      await never;
    };
    for await (const { text } of createEnsemble({ models: [defineModel('a', () => '4')] }).predictAll(
      questions(),
      { onError: 'throw' },
    )) {
      expect(text).toBe('4');
      break;
    }
  });
});

describe('the signal of many predictions', () => {
  it('has no listener before the first step, after the last prediction, and after the loop', async () => {
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, 'abort').length;
    const { predictAll } = createEnsemble({ models: [defineModel('a', () => '4')] });
    const iterator = predictAll(['?', '?'], { signal })[Symbol.asyncIterator]();
    expect(listeners()).toBe(0);
    await iterator.next();
    await settle();
    // Nobody has read the second prediction, but it is made.
    expect(listeners()).toBe(0);
  });
});
