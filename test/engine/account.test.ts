import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/outcome.ts';
import { toRecord } from '../../src/domain/record.ts';
import { Ledger, totalCost } from '../../src/engine/account.ts';

const outcome = (model: string, costUsd: number | undefined, index = 0): Outcome =>
  ({
    status: 'abstained',
    model,
    index,
    costUsd,
    costSource: costUsd === undefined ? 'unknown' : 'reported',
  }) as unknown as Outcome;

/** A call that has ended with its outcome, or that is in flight. */
const started = (index: number, hasEnded: boolean, left: number[] = []) => ({
  index,
  outcome: hasEnded ? outcome('ended', 1, index) : undefined,
  whenCancelled: () => outcome('cancelled', undefined, index),
  unsubscribe: () => void left.push(index),
});

describe('the ledger of a prediction', () => {
  it.each([
    ['in order', [0, 1, 2]],
    ['one of them late', [0, 2, 1]],
    ['the last one first', [2, 0, 1]],
    ['several of one member', [1, 1, 0]],
  ])('has its calls in panel order if they started %s, however many were expected', (_how, indices) => {
    for (const expected of [0, 1, 3, 10]) {
      const ledger = new Ledger(expected);
      const numbers = indices.map((index) => ledger.enter(started(index, true)));
      expect(numbers).toStrictEqual([0, 1, 2]);
      expect(ledger.account().map(({ index }) => index)).toStrictEqual(indices.toSorted());
    }
  });

  it('has the calls of one member in the order of starting', () => {
    const ledger = new Ledger(1);
    const inOrderOfStart = [1, 1, 0, 1].map((index, number) => outcome(`call ${number}`, 1, index));
    for (const ended of inOrderOfStart) ledger.enter({ ...started(ended.index, true), outcome: ended });
    expect(ledger.account().map(({ model }) => model)).toStrictEqual([
      'call 2',
      'call 0',
      'call 1',
      'call 3',
    ]);
  });

  it('is empty before the first call', () => {
    const ledger = new Ledger(3);
    expect(ledger.account()).toStrictEqual([]);
    expect(() => ledger.unsubscribe()).not.toThrow();
  });

  it('counts a call in flight as cancelled, and cancels each call once', () => {
    const left: number[] = [];
    const ledger = new Ledger(2);
    for (const index of [0, 1, 2]) ledger.enter(started(index, index === 1, left));
    expect(ledger.account().map(({ model }) => model)).toStrictEqual(['cancelled', 'ended', 'cancelled']);
    ledger.unsubscribe();
    expect(left).toStrictEqual([0, 1, 2]);
  });
});

describe('the total cost of outcomes', () => {
  it.each<
    readonly [
      what: string,
      outcomes: readonly (readonly [string, number | undefined])[],
      ReturnType<typeof totalCost>,
    ]
  >([
    ['of no call', [], { costUsd: undefined, costSource: 'unknown', costBreakdown: {}, modelsUsed: [] }],
    [
      'of one call each',
      [
        ['a', 1],
        ['b', 2],
      ],
      { costUsd: 3, costSource: 'reported', costBreakdown: { a: 1, b: 2 }, modelsUsed: ['a', 'b'] },
    ],
    [
      'of several calls of one model',
      [
        ['a', 1],
        ['a', 2],
        ['b', 4],
        ['b', undefined],
        ['b', 8],
      ],
      { costUsd: 15, costSource: 'partial', costBreakdown: { a: 3, b: 12 }, modelsUsed: ['a', 'b'] },
    ],
    [
      'that is unknown',
      [
        ['a', undefined],
        ['a', undefined],
      ],
      {
        costUsd: undefined,
        costSource: 'unknown',
        costBreakdown: { a: undefined },
        modelsUsed: ['a'],
      },
    ],
  ])('%s', (_what, calls, total) => {
    expect(totalCost(calls.map(([model, costUsd]) => outcome(model, costUsd)))).toStrictEqual(total);
  });

  it('is the same of a panel that was called as a whole, in part, or with other calls', () => {
    const cost = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
    const ids = ['a', '__proto__', 'b', '7'];
    const costs = toRecord(new Map(ids.map((id) => [id, undefined])), () => undefined);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...ids), cost), { maxLength: 6 }),
        fc.array(cost, { minLength: ids.length, maxLength: ids.length }),
        fc.boolean(),
        (some, each, isWhole) => {
          const calls = isWhole ? ids.map((id, index) => [id, each[index]] as const) : some.toSorted();
          const outcomes = calls.map(([model, costUsd], index) => outcome(model, costUsd, index));
          const total = totalCost(outcomes, { ids, samples: 1, costs });
          const oracle = totalCost(outcomes);
          expect(total).toStrictEqual(oracle);
          expect(Object.entries(total.costBreakdown)).toStrictEqual(Object.entries(oracle.costBreakdown));
          expect(Object.values(costs)).toStrictEqual(ids.map(() => undefined));
        },
      ),
    );
  });

  it('has a model of any name', () => {
    const { costBreakdown } = totalCost([outcome('__proto__', 1), outcome('__proto__', 2)]);
    expect(Object.entries(costBreakdown)).toStrictEqual([['__proto__', 3]]);
  });
});
