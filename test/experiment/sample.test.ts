import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Question } from '../../src/experiment/question.ts';
import { type SampleOptions, sample } from '../../src/experiment/sample.ts';

const datasetOf = (count: number): Question[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${index}`, question: `${index}?` }));

const drawn = async (count: number, options: SampleOptions): Promise<number[]> => {
  const ids: number[] = [];
  for await (const { id } of sample(datasetOf(count), options)) ids.push(Number(id));
  return ids;
};

describe('sample', () => {
  const arbitrary = fc.record({
    count: fc.nat(200),
    size: fc.integer({ min: 1, max: 60 }),
    seed: fc.oneof(fc.integer(), fc.string()),
  });

  it('draws the given number of different questions in the order of the dataset, the same ones every time', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ count, size, seed }) => {
        const ids = await drawn(count, { size, seed });
        expect(ids).toHaveLength(Math.min(count, size));
        expect(ids).toStrictEqual([...new Set(ids)].sort((a, b) => a - b));
        expect(await drawn(count, { size, seed })).toStrictEqual(ids);
      }),
    );
  });

  it('has all questions of a smaller sample with the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.nat(60), async ({ count, size, seed }, more) => {
        const larger = await drawn(count, { size: size + more, seed });
        expect(larger).toEqual(expect.arrayContaining(await drawn(count, { size, seed })));
      }),
    );
  });

  it('draws every question equally often over many seeds', async () => {
    const counts = Array.from({ length: 20 }, () => 0);
    const seeds = 4000;
    for (let seed = 0; seed < seeds; seed += 1) {
      for (const id of await drawn(20, { size: 5, seed })) counts[id] = (counts[id] ?? 0) + 1;
    }
    const expected = seeds / 4;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 99.9th percentile of chi-square with 19 degrees of freedom; draws without replacement vary less.
    expect(chiSquare).toBeLessThan(43.82);
    expect(await drawn(20, { size: 5, seed: 1 })).not.toStrictEqual(await drawn(20, { size: 5, seed: 2 }));
  });

  it.each([{ size: 0 }, { size: 1.5 }, {}, { size: 3, seed: true }, { size: 3, sizes: 4 }])(
    'refuses %o',
    (options) => {
      expect(() => sample([], options as unknown as SampleOptions)).toThrow('sample: ');
    },
  );
});
