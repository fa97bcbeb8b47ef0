import { areaY, dot, line, link, type PlotOptions } from '@observablehq/plot';
import type { Html } from '../rendering/html.ts';
import { chart, colourOf, dashesOf } from './chart.ts';

/** A line of a chart: its points from left to right, with or without intervals. */
export interface Series {
  readonly name: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low?: number;
    readonly high?: number;
  }[];
}

/** Options of {@link lineChart}. */
export interface LineChartOptions {
  readonly x: PlotOptions['x'];
  readonly y: PlotOptions['y'];
  /** Whether each point is marked, for few measured points. Default `false`. */
  readonly isMarked?: boolean;
  /** Whether to draw the diagonal x = y. Default `false`. */
  readonly hasDiagonal?: boolean;
}

/** Draws lines, each in the colour of its position. */
export const lineChart = (
  title: string,
  series: readonly Series[],
  { x, y, isMarked = false, hasDiagonal = false }: LineChartOptions,
): Html =>
  chart(title, {
    x: { grid: true, ...x },
    y: { grid: true, ...y },
    marks: [
      ...(hasDiagonal
        ? [
            link([0], {
              x1: 0,
              y1: 0,
              x2: 1,
              y2: 1,
              stroke: 'currentColor',
              strokeOpacity: 0.4,
              strokeDasharray: '2 4',
            }),
          ]
        : []),
      ...series.flatMap(({ points }, index) => [
        areaY(
          points.filter(({ low, high }) => low !== undefined && high !== undefined),
          {
            x: 'x',
            y1: 'low',
            y2: 'high',
            fill: colourOf(index),
            fillOpacity: 0.12,
          },
        ),
        line(points, {
          x: 'x',
          y: 'y',
          stroke: colourOf(index),
          strokeWidth: 2,
          strokeDasharray: dashesOf(index),
        }),
        // A line of one point would be invisible.
        ...(isMarked || points.length === 1
          ? [dot(points, { x: 'x', y: 'y', fill: colourOf(index), r: 3 })]
          : []),
      ]),
    ],
  });
