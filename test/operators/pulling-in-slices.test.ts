import { NEVER, Observable, of } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { mapPulling } from '../../src/operators/map-pulling.ts';
import { manualClock } from '../time/manual-clock.ts';

const clock = manualClock();

/** Lets everything happen that only waits for promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function* later(items: readonly number[]): AsyncGenerator<number> {
  yield* items;
}

/** Work that takes some milliseconds until it waits, or has its value. Keeps the items. */
const taking =
  (ms: number, begun: number[], answer: (item: number) => Observable<number>) => (item: number) =>
    new Observable<number>((subscriber) => {
      clock.nowMs += ms;
      begun.push(item);
      return answer(item).subscribe(subscriber);
    });

/** How many items have begun at each pause, and at the end. */
const slicesOf = async (begun: readonly unknown[]): Promise<number[]> => {
  const slices: number[] = [];
  for (;;) {
    await settle();
    slices.push(begun.length);
    if (vi.getTimerCount() === 0) return slices;
    vi.advanceTimersToNextTimer();
  }
};

describe('many items', () => {
  it.each([
    ['an array', numbers(10)],
    ['an asynchronous source', later(numbers(10))],
  ])('of %s that begin at a time do so in slices of eight milliseconds', async (_, source) => {
    const begun: number[] = [];
    const work = taking(3, begun, () => NEVER);
    const iterator = mapPulling(source, work, { concurrency: 20, ordered: true })[Symbol.asyncIterator]();
    void iterator.next();
    expect(await slicesOf(begun)).toStrictEqual([3, 6, 9, 10]);
    await iterator.return?.();
  });

  it.each([1, 5])(
    'that have their values at once let other code run, too (concurrency: %i)',
    async (concurrency) => {
      const begun: number[] = [];
      const work = taking(1, begun, of);
      const values = Array.fromAsync(mapPulling(numbers(200), work, { concurrency, ordered: true }));
      const slices = await slicesOf(begun);
      expect(slices.length).toBeGreaterThan(3);
      expect(Math.max(...slices.map((count, place) => count - (slices[place - 1] ?? 0)))).toBeLessThanOrEqual(
        64,
      );
      expect(await values).toStrictEqual(numbers(200));
    },
  );

  it('that take less than a slice begin without a pause', async () => {
    const begun: number[] = [];
    const work = taking(0.07, begun, of);
    const values = Array.fromAsync(mapPulling(numbers(100), work, { concurrency: 100, ordered: true }));
    expect(await slicesOf(begun)).toStrictEqual([100]);
    expect(await values).toStrictEqual(numbers(100));
  });

  it('that are no longer needed do not begin after a pause', async () => {
    const begun: number[] = [];
    const work = taking(3, begun, () => NEVER);
    const iterator = mapPulling(numbers(10), work, { concurrency: 20, ordered: true })[
      Symbol.asyncIterator
    ]();
    void iterator.next();
    await iterator.return?.();
    expect(await slicesOf(begun)).toStrictEqual([3]);
  });

  it('that are aborted do not begin after a pause', async () => {
    const begun: number[] = [];
    const controller = new AbortController();
    const pulling = { concurrency: 20, ordered: true, signal: controller.signal };
    const values = Array.fromAsync(
      mapPulling(
        numbers(10),
        taking(3, begun, () => NEVER),
        pulling,
      ),
    );
    const ended = expect(values).rejects.toMatchObject({ name: 'CancelledError' });
    controller.abort();
    await ended;
    expect(await slicesOf(begun)).toStrictEqual([3]);
  });

  it('that are predictions begin in slices', async () => {
    const asked: string[] = [];
    const model = defineModel('a', (question) => {
      clock.nowMs += 3;
      asked.push(question);
      return '4';
    });
    const questions = numbers(10).map((number) => `${number}?`);
    const predictions = Array.fromAsync(
      createEnsemble({ models: [model] }).predictAll(questions, { concurrency: 10, onError: 'throw' }),
    );
    expect(await slicesOf(asked)).toStrictEqual([3, 6, 9, 10]);
    expect((await predictions).map(({ text }) => text)).toStrictEqual(numbers(10).map(() => '4'));
    expect(asked).toStrictEqual(questions);
  });
});
