import type { Html } from '../rendering/html.ts';
import { type Axes, chart, colourOf, pointTitle } from './chart.ts';
import { dots, intervals, labels, line, spans } from './marks.ts';

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
export const pointChart = (title: string, points: readonly (Point | undefined)[], axes: Axes): Html => {
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
  const bounded = placed.flatMap(({ xMost = Number.POSITIVE_INFINITY, ...point }) =>
    xMost < Number.POSITIVE_INFINITY ? [{ ...point, xMost }] : [],
  );
  const front = placed.filter(({ isOnFront }) => isOnFront).sort((a, b) => a.x - b.x || a.y - b.y);
  const numbers = labelsOf(placed);
  const colour = { stroke: (point: { readonly colour: string }) => point.colour, width: 1.5 };
  return chart(title, { inset: 12, x: { nice: true, ...axes.x }, y: { nice: true, ...axes.y } }, [
    line(front, { stroke: 'currentColor', opacity: 0.5, isStepped: true }),
    intervals(placed, colour),
    spans(bounded, colour),
    dots(placed, { fill: colour.stroke, radius: 5, title: (point) => pointTitle(point.name, point) }),
    ...(['start', 'end'] as const).map((anchor) =>
      labels(
        numbers.filter(({ textAnchor }) => textAnchor === anchor),
        { text: ({ number }) => number, anchor, dx: anchor === 'start' ? 7 : -7, dy: -9 },
      ),
    ),
  ]);
};

/** The numbers of points, at the side with more room. */
interface Label extends Pick<Point, 'x' | 'y'> {
  readonly number: string;
  readonly textAnchor: 'start' | 'end';
}

/** Points nearer to each other than this part of the chart have one label, because two would cover each other. */
const NEAR = 0.05;

const labelsOf = (points: readonly (Point & { readonly number: string })[]): readonly Label[] => {
  const distance = (ends: readonly number[]) => (one: number, other: number) =>
    Math.abs(one - other) / (Math.max(...ends) - Math.min(...ends) || 1);
  const across = distance(points.map(({ x }) => x));
  const down = distance(points.flatMap(({ low, high }) => [low, high]));
  const rightmost = Math.max(...points.map(({ x }) => x));
  const isNear = (one: Pick<Point, 'x' | 'y'>, other: Pick<Point, 'x' | 'y'>): boolean =>
    across(one.x, other.x) < NEAR && down(one.y, other.y) < NEAR;
  const groups: (Point & { readonly number: string })[][] = [];
  for (const point of points) {
    const group = groups.find(([first]) => first !== undefined && isNear(first, point));
    if (group === undefined) groups.push([point]);
    else group.push(point);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const textAnchor = across(first.x, rightmost) < 0.5 ? 'end' : 'start';
    return [{ x: first.x, y: first.y, number: group.map(({ number }) => number).join(', '), textAnchor }];
  });
};
