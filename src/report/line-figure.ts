import { areaY, dot, line, link, type Markish, type PlotOptions } from '@observablehq/plot';
import type { Html } from '../rendering/html.ts';
import { chart, colourOf, dashesOf, figure } from './chart.ts';

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

/** Options of {@link lineFigure}. */
export interface LineFigureOptions extends Pick<PlotOptions, 'x' | 'y'> {
  /** How to read the chart. */
  readonly note: string;
  /** Whether each point is marked, for few measured points. Default `false`. */
  readonly isMarked?: boolean;
  /** Whether to draw the diagonal x = y. Default `false`. */
  readonly hasDiagonal?: boolean;
}

/** Draws lines, each in the colour of its position, with a legend and a note; `undefined` if there are no points. */
export const lineFigure = (
  title: string,
  series: readonly Series[],
  { x, y, note, isMarked = false, hasDiagonal = false }: LineFigureOptions,
): Html | undefined => {
  if (series.every(({ points }) => points.length === 0)) return undefined;
  const picture = chart(title, {
    x: { grid: true, ...x },
    y: { grid: true, ...y },
    marks: [
      hasDiagonal ? diagonal : [],
      ...series.map(({ points }, index) => marksOf(points, index, isMarked)),
    ],
  });
  return figure(
    title,
    picture,
    series.map(({ name }) => name),
    note,
  );
};

const diagonal = link([0], {
  x1: 0,
  y1: 0,
  x2: 1,
  y2: 1,
  stroke: 'currentColor',
  strokeOpacity: 0.4,
  strokeDasharray: '2 4',
});

const marksOf = (points: Series['points'], index: number, isMarked: boolean): Markish[] => {
  const colour = colourOf(index);
  const measured = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  // A line of one point would be invisible.
  const isDotted = isMarked || points.length === 1;
  return [
    areaY(measured, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.12 }),
    line(points, { x: 'x', y: 'y', stroke: colour, strokeWidth: 2, strokeDasharray: dashesOf(index) }),
    isDotted ? dot(points, { x: 'x', y: 'y', fill: colour, r: 3 }) : null,
  ];
};
