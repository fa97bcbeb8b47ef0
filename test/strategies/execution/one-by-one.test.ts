import { defer, lastValueFrom, Observable, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/index.ts';
import { oneByOne } from '../../../src/strategies/execution/one-by-one.ts';

const asCalls = (calls: readonly Observable<unknown>[]): readonly Call[] => calls as readonly Call[];

describe('calls one by one', () => {
  it.each([0, 1, 999, 1000, 1001, 2500])(
    'are made in their order, one at a time: %d calls',
    async (count) => {
      let inFlight = 0;
      const calls = Array.from({ length: count }, (_, index) =>
        defer(async () => {
          inFlight += 1;
          expect(inFlight).toBe(1);
          await undefined;
          inFlight -= 1;
          return index;
        }),
      );
      const made = await lastValueFrom(oneByOne(asCalls(calls)).pipe(toArray()));
      expect(made).toStrictEqual(calls.map((_, index) => index));
    },
  );

  it('do not grow the stack when they answer at once', () => {
    let count = 0;
    oneByOne(asCalls(Array.from({ length: 50_000 }, () => of('4')))).subscribe(() => {
      count += 1;
    });
    expect(count).toBe(50_000);
  });

  it('are not made after the subscriber has left', () => {
    const begun: number[] = [];
    const calls = Array.from({ length: 2500 }, (_, index) =>
      index === 1500
        ? new Observable(() => void begun.push(index))
        : defer(() => {
            begun.push(index);
            return of(index);
          }),
    );
    oneByOne(asCalls(calls)).subscribe().unsubscribe();
    expect(begun).toHaveLength(1501);
  });
});
