import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineFigureOptions, type LinePoint, lineFigure } from '../../src/report/line-figure.ts';
import { matrixChart } from '../../src/report/matrix-chart.ts';
import { type Point, pointChart } from '../../src/report/point-chart.ts';
import { linesByPlot, matrixByPlot, pointsByPlot } from './charts-by-plot.ts';

/** The first picture of a figure. */
const pictureOf = (html: string | undefined): string | undefined =>
  html === undefined ? undefined : /<svg aria-label[\s\S]*?<\/svg>/.exec(html)?.[0];

const share = fc.double({ min: 0, max: 1, noNaN: true });
const shares = fc.oneof(
  share,
  fc.constantFrom(0, 0.5, 1),
  fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
);
const scale = fc.constantFrom(1e-9, 1e-6, 1e-3, 0.1, 1, 7, 1e3, 1e6, 1e9);
const positive = fc
  .tuple(scale, fc.double({ min: 0.001, max: 1, noNaN: true }))
  .map(([size, part]) => size * part);
const amount = fc.oneof(positive, fc.integer({ min: 0, max: 50 }), fc.constantFrom(0, 1, 0.1));
const name = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('a "b" <c> & d', 'n\u00a0=', "it's", 'x\u202ey', ''),
);
const count = fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: undefined });

/** A share between the ends of its interval. */
const measured = fc.tuple(shares, shares, shares).map((three) => {
  const [low, y, high] = three.toSorted((a, b) => a - b) as [number, number, number];
  return { low, y, high };
});

describe('a chart of points', () => {
  const point = fc
    .record({
      x: amount,
      more: fc.option(fc.oneof(amount, fc.constantFrom(Number.POSITIVE_INFINITY)), { nil: undefined }),
      at: measured,
      count: fc.integer({ min: 0, max: 1e6 }),
      name,
      isOnFront: fc.constantFrom(true, false),
    })
    .map(
      ({ x, more, at, ...rest }): Point => ({
        x,
        ...at,
        ...rest,
        ...(more !== undefined && { xMost: x + more }),
      }),
    );
  const axes = { x: { label: 'cost, USD' }, y: { label: 'accuracy, %', percent: true } };

  it('is the same as by Observable Plot', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(point, { nil: undefined }), { minLength: 1, maxLength: 12 }),
        name,
        (points, title) => {
          if (points.every((one) => one === undefined)) return;
          expect(pointChart(title, points, axes).html).toBe(pointsByPlot(title, points, axes));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a chart of lines', () => {
  const at = fc.oneof(
    measured,
    measured.map(({ y }) => ({ y })),
  );
  const pointOf = (x: typeof amount) =>
    fc
      .tuple(x, at, count)
      .map(([x, place, count]): LinePoint => ({ x, ...place, ...(count !== undefined && { count }) }));
  const seriesOf = (x: typeof amount, maxLength: number) =>
    fc.array(
      fc
        .tuple(name, fc.array(pointOf(x), { maxLength }), fc.constantFrom(true, false))
        .map(([name, points, isSorted]) => ({
          name,
          points: isSorted ? points.toSorted((a, b) => a.x - b.x) : points,
        })),
      { minLength: 1, maxLength: 11 },
    );
  const flags = fc.record({
    isMarked: fc.constantFrom(true, false),
    hasDiagonal: fc.constantFrom(true, false),
  });
  const percent = { label: 'share, %', percent: true };
  const whole = { ...percent, domain: [0, 100] as const };
  const log = { label: 'seconds (log scale)', type: 'log', ticks: 5, tickFormat: '~g' } as const;

  it.each<[string, typeof amount, Pick<LineFigureOptions, 'x' | 'y'>, boolean]>([
    ['of latencies', positive, { x: log, y: percent }, false],
    ['of shares', shares, { x: whole, y: percent }, true],
    ['of shares up to 1', shares, { x: whole, y: whole }, true],
    ['of amounts', amount, { x: { label: 'members' }, y: percent }, false],
    [
      'with ticks',
      fc.integer({ min: 1, max: 9 }),
      { x: { label: 'members', ticks: [1, 2, 3, 5, 9], tickFormat: 'd' }, y: percent },
      false,
    ],
  ])('%s is the same as by Observable Plot', (_, x, axes, mayHaveDiagonal) => {
    fc.assert(
      fc.property(seriesOf(x, 45), name, flags, (series, title, { isMarked, hasDiagonal }) => {
        const options = { ...axes, isMarked, hasDiagonal: hasDiagonal && mayHaveDiagonal };
        const figure = lineFigure(title, series, { ...options, note: '' });
        if (series.every(({ points }) => points.length === 0)) expect(figure).toBeUndefined();
        else expect(pictureOf(figure?.html)).toBe(linesByPlot(title, series, options));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a chart of pairs', () => {
  it('is the same as by Observable Plot', () => {
    const matrix = fc.integer({ min: 2, max: 14 }).chain((size) =>
      fc.tuple(
        fc.array(name, { minLength: size, maxLength: size }),
        fc.array(fc.array(fc.option(shares), { minLength: size, maxLength: size }), {
          minLength: size,
          maxLength: size,
        }),
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: size * size, maxLength: size * size }),
      ),
    );
    fc.assert(
      fc.property(matrix, name, ([names, matrix, counts], title) => {
        if (matrix.flat().every((one) => one === null)) return;
        const pairs = names.flatMap((one, down) =>
          names.slice(down + 1).map((other, across) => ({
            models: [one, other] as const,
            agreed: Math.floor((counts[down * names.length + across] as number) / 2),
            questions: counts[down * names.length + across] as number,
          })),
        );
        const agreement = { matrix, pairs } as unknown as Parameters<typeof matrixChart>[2];
        expect(matrixChart(title, names, agreement).html).toBe(matrixByPlot(title, names, agreement));
      }),
      { numRuns: 60 },
    );
  });
});
