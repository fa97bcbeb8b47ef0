import { EMPTY, interval, NEVER, Observable, of, range, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { BufferOverflowError } from '../../src/index.ts';
import { toAsyncIterable } from '../../src/operators/operators.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('toAsyncIterable', () => {
  it('gives the values of an Observable, and its end', async () => {
    expect(await Array.fromAsync(toAsyncIterable(of(1, 2, 3)))).toStrictEqual([1, 2, 3]);
    expect(await Array.fromAsync(toAsyncIterable(EMPTY))).toStrictEqual([]);
  });

  it('throws the error of an Observable behind its values, once', async () => {
    const source = new Observable<number>((subscriber) => {
      subscriber.next(1);
      subscriber.next(2);
      subscriber.error(new Error('the end'));
    });
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    expect(await iterator.next()).toStrictEqual({ done: false, value: 1 });
    expect(await iterator.next()).toStrictEqual({ done: false, value: 2 });
    await expect(iterator.next()).rejects.toThrow('the end');
    expect(await iterator.next()).toStrictEqual({ done: true, value: undefined });
    await expect(Array.fromAsync(toAsyncIterable(throwError(() => new Error('at once'))))).rejects.toThrow(
      'at once',
    );
  });

  it('subscribes at the first step of a loop, and anew for each loop', async () => {
    let subscriptions = 0;
    const source = new Observable<number>((subscriber) => {
      subscriptions += 1;
      subscriber.next(subscriptions);
      subscriber.complete();
    });
    const iterable = toAsyncIterable(source);
    const iterator = iterable[Symbol.asyncIterator]();
    await settle();
    expect(subscriptions).toBe(0);
    expect(await iterator.next()).toStrictEqual({ done: false, value: 1 });
    expect(await Array.fromAsync(iterable)).toStrictEqual([2]);
  });

  it('unsubscribes when the loop breaks', async () => {
    const source = new Subject<number>();
    const loop = (async () => {
      for await (const value of toAsyncIterable(source)) if (value === 2) break;
    })();
    expect(source.observed).toBe(true);
    source.next(1);
    source.next(2);
    source.next(3);
    await loop;
    expect(source.observed).toBe(false);
  });

  it('unsubscribes when the loop throws', async () => {
    const source = new Subject<number>();
    const loop = (async () => {
      for await (const value of toAsyncIterable(source)) throw new Error(`cannot use ${value}`);
    })();
    source.next(1);
    await expect(loop).rejects.toThrow('cannot use 1');
    expect(source.observed).toBe(false);
  });

  it('gives a loop that throws its own error, also if the teardown of the source throws', async () => {
    const source = new Observable<number>((subscriber) => {
      subscriber.next(1);
      return () => {
        throw new RangeError('of the teardown');
      };
    });
    const loop = async (leave: () => void) => {
      for await (const _ of toAsyncIterable(source)) {
        leave();
        break;
      }
    };
    const bug = (): never => {
      throw new SyntaxError('of the loop');
    };
    await expect(loop(bug)).rejects.toThrow('of the loop');
    await expect(loop(() => undefined)).rejects.toThrow('of the teardown');
  });

  it('is done when it is returned from, also for the steps that are pending', async () => {
    const iterator = toAsyncIterable(NEVER)[Symbol.asyncIterator]();
    const pending = [iterator.next(), iterator.next()];
    await iterator.return?.();
    expect(await Promise.all(pending)).toStrictEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it('never subscribes once it has been returned from', async () => {
    let subscriptions = 0;
    const source = new Observable(() => {
      subscriptions += 1;
    });
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(await iterator.next()).toStrictEqual({ done: true, value: undefined });
    expect(subscriptions).toBe(0);
  });

  it('keeps as many values as its buffer holds, and fails behind them rather than lose any', async () => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source, { bufferSize: 3 })[Symbol.asyncIterator]();
    const first = iterator.next();
    for (let value = 0; value < 4; value += 1) source.next(value);
    expect(source.observed).toBe(true);
    source.next(4);
    expect(source.observed).toBe(false);
    expect(await first).toStrictEqual({ done: false, value: 0 });
    const values: number[] = [];
    const drain = async () => {
      for (let step = await iterator.next(); !step.done; step = await iterator.next())
        values.push(step.value);
    };
    await expect(drain()).rejects.toBeInstanceOf(BufferOverflowError);
    expect(values.slice(0, 3)).toStrictEqual([1, 2, 3]);
  });

  it('holds no more than its buffer of an endless source that is quicker than its consumer', async () => {
    let made = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed) {
        made += 1;
        subscriber.next(made);
      }
    });
    const consume = async () => {
      for await (const _ of toAsyncIterable(endless, { bufferSize: 10 })) await settle();
    };
    await expect(consume()).rejects.toThrow('more than 10 values wait to be read');
    expect(made).toBeLessThanOrEqual(12);
  });

  it('keeps up with a source that gives its consumer time', async () => {
    const values: number[] = [];
    for await (const value of toAsyncIterable(interval(0), { bufferSize: 1 })) {
      values.push(value);
      if (values.length === 5) break;
    }
    expect(values).toStrictEqual([0, 1, 2, 3, 4]);
  });

  it('may hold everything, where that is asked for', async () => {
    const all = await Array.fromAsync(
      toAsyncIterable(range(0, 50_000), { bufferSize: Number.POSITIVE_INFINITY }),
    );
    expect(all).toHaveLength(50_000);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a buffer of %s', (bufferSize) => {
    expect(() => toAsyncIterable(NEVER, { bufferSize })).toThrow(
      `toAsyncIterable: option "bufferSize" must be an integer of at least 1, or Infinity, but got ${bufferSize}`,
    );
  });
});
