import type { Html } from '../rendering/html.ts';
import { type Axes, chart, colourOf, dashesOf, figure, pointTitle, withCount } from './chart.ts';
import { area, diagonal, intervals, line, type Mark, sizedDots } from './marks.ts';

/** A point of a line: a share, with its interval and the number of observations behind it if it is measured. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  readonly count?: number;
}

/** A line of a chart: its points from left to right. */
export interface Series {
  readonly name: string;
  readonly points: readonly LinePoint[];
}

/** Options of {@link lineFigure}. */
export interface LineFigureOptions extends Axes {
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
  const picture = chart(title, { x, y: { nice: true, ...y } }, [
    ...(hasDiagonal ? [diagonal] : []),
    ...series.flatMap((one, index) =>
      marksOf(one, index, { isMarked, hasArea: series.length <= MOST_AREAS }),
    ),
  ]);
  return figure(
    title,
    picture,
    series.map(({ name, points }) => withCount(name, Math.max(...points.map(({ count = 0 }) => count)))),
    note,
  );
};

/** The intervals of more lines would hide them. */
const MOST_AREAS = 2;

/** The most points of a line that say their figures; a line may have a hundred. */
const MOST_TITLES = 20;

const marksOf = (
  { name, points }: Series,
  index: number,
  { isMarked, hasArea }: { readonly isMarked: boolean; readonly hasArea: boolean },
): Mark[] => {
  const colour = colourOf(index);
  const measured = points.filter(isMeasured);
  // A line of one point would be invisible.
  const isDotted = isMarked || points.length === 1;
  const most = Math.max(...points.map(({ count = 0 }) => count));
  const step = isDotted ? 1 : Math.ceil(points.length / MOST_TITLES);
  const titled = points.filter((_, place) => place % step === 0 || place === points.length - 1);
  return [
    ...(hasArea ? [area(measured, { fill: colour, opacity: 0.12 })] : []),
    ...(isDotted ? [intervals(measured, { stroke: colour, opacity: 0.6 })] : []),
    line(points, { stroke: colour, width: 2, dashes: dashesOf(index) }),
    sizedDots(titled, {
      fill: colour,
      // Points without a dot still say their figures.
      opacity: isDotted ? undefined : 0,
      radius: ({ count }) => (count === undefined ? 3 : 2 + 3 * Math.sqrt(count / most)),
      title: (point) => pointTitle(name, point),
    }),
  ];
};

const isMeasured = (point: LinePoint): point is LinePoint & { readonly low: number; readonly high: number } =>
  point.low !== undefined && point.high !== undefined;
