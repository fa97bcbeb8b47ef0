import { dot, line, type PlotOptions, ruleX, ruleY, text } from '@observablehq/plot';
import type { Html } from '../rendering/html.ts';
import { chart, colourOf, pointTitle } from './chart.ts';

/** A point of a chart, with its vertical interval. */
export interface Point {
  readonly x: number;
  /** The most that `x` may be, if it is a lower bound: `Infinity` if that is unknown. */
  readonly xMost?: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** The number of questions that `y` is measured on. */
  readonly count: number;
  readonly name: string;
  /** Whether the point is on the Pareto front: no other point is at least as good in both and better in one. */
  readonly isOnFront: boolean;
}

/**
 * Draws points with their intervals, and the Pareto front as a line. Each point has the colour and the number of its
 * position. If a point is `undefined`, its position is skipped. A point that may lie further right has an arrow, and
 * a line up to the most that is known.
 */
export const pointChart = (
  title: string,
  points: readonly (Point | undefined)[],
  axes: Pick<PlotOptions, 'x' | 'y'>,
): Html => {
  const placed = points.flatMap((point, index) =>
    point === undefined
      ? []
      : [
          {
            ...point,
            colour: colourOf(index),
            number: `${index + 1}${point.xMost === undefined ? '' : ' →'}`,
          },
        ],
  );
  const bounded = placed.filter(({ xMost = Number.POSITIVE_INFINITY }) => xMost < Number.POSITIVE_INFINITY);
  const front = placed.filter(({ isOnFront }) => isOnFront).sort((a, b) => a.x - b.x || a.y - b.y);
  return chart(title, {
    inset: 12,
    x: { grid: true, nice: true, ...axes.x },
    y: { grid: true, nice: true, ...axes.y },
    marks: [
      line(front, { x: 'x', y: 'y', curve: 'step-after', stroke: 'currentColor', strokeOpacity: 0.5 }),
      ruleX(placed, { x: 'x', y1: 'low', y2: 'high', stroke: 'colour', strokeWidth: 1.5 }),
      ruleY(bounded, { y: 'y', x1: 'x', x2: 'xMost', stroke: 'colour', strokeWidth: 1.5 }),
      dot(placed, {
        x: 'x',
        y: 'y',
        fill: 'colour',
        r: 5,
        title: (point: Point) => pointTitle(point.name, point),
      }),
      text(placed, { x: 'x', y: 'y', text: 'number', dx: 10, dy: -9, fill: 'currentColor' }),
    ],
  });
};
