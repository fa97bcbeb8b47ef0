import {
  areaY,
  cell,
  dot,
  line,
  link,
  type Markish,
  type PlotOptions,
  plot,
  ruleX,
  ruleY,
  text,
} from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { ScoredAgreement } from '../../src/experiment/scorecard/scorecard.ts';
import { wilsonInterval } from '../../src/experiment/statistics/wilson-interval.ts';
import { visible } from '../../src/rendering/printable.ts';
import { colourOf, pointTitle } from '../../src/report/chart.ts';
import type { LineFigureOptions, LinePoint, Series } from '../../src/report/line-figure.ts';
import type { Point } from '../../src/report/point-chart.ts';

/** The width of a phone. */
const WIDTH = 440;

const dashesOf = (index: number): string => ['none', '6 3', '2 3'][Math.floor(index / 8) % 3] as string;

/** Draws a chart by Observable Plot. */
const chart = (title: string, options: PlotOptions): string => {
  const { document } = parseHTML('<!doctype html><body></body>');
  const svg = plot({
    document,
    width: WIDTH,
    height: 300,
    marginLeft: 52,
    marginBottom: 42,
    style: {
      background: 'none',
      fontSize: '12px',
      overflow: 'visible',
      maxWidth: `${1.25 * (options.width ?? WIDTH)}px`,
    },
    ...options,
  });
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  return visible(svg.outerHTML);
};

/** The lines of a figure. */
export const linesByPlot = (
  title: string,
  series: readonly Series[],
  { x, y, isMarked = false, hasDiagonal = false }: Omit<LineFigureOptions, 'note'>,
): string => {
  return chart(title, {
    x: { grid: true, ...x },
    y: { grid: true, nice: true, ...y },
    marks: [
      hasDiagonal ? diagonal : [],
      ...series.map((one, index) => marksOf(one, index, { isMarked, hasArea: series.length <= MOST_AREAS })),
    ],
  });
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

/** The intervals of more lines would hide them. */
const MOST_AREAS = 2;

/** The most points of a line that say their figures; a line may have a hundred. */
const MOST_TITLES = 20;

const marksOf = (
  { name, points }: Series,
  index: number,
  { isMarked, hasArea }: { readonly isMarked: boolean; readonly hasArea: boolean },
): Markish[] => {
  const colour = colourOf(index);
  const measured = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  // A line of one point would be invisible.
  const isDotted = isMarked || points.length === 1;
  const most = Math.max(...points.map(({ count = 0 }) => count));
  const step = isDotted ? 1 : Math.ceil(points.length / MOST_TITLES);
  const titled = points.filter((_, place) => place % step === 0 || place === points.length - 1);
  return [
    hasArea ? areaY(measured, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.12 }) : null,
    isDotted ? ruleX(measured, { x: 'x', y1: 'low', y2: 'high', stroke: colour, strokeOpacity: 0.6 }) : null,
    line(points, { x: 'x', y: 'y', stroke: colour, strokeWidth: 2, strokeDasharray: dashesOf(index) }),
    dot(titled, {
      x: 'x',
      y: 'y',
      fill: colour,
      // Points without a dot still say their figures.
      fillOpacity: isDotted ? 1 : 0,
      r: ({ count }: LinePoint) => (count === undefined ? 3 : 2 + 3 * Math.sqrt(count / most)),
      title: (point: LinePoint) => pointTitle(name, point),
    }),
  ];
};

/** Points with their intervals, and the Pareto front. */
export const pointsByPlot = (
  title: string,
  points: readonly (Point | undefined)[],
  axes: Pick<PlotOptions, 'x' | 'y'>,
): string => {
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
  const labels = labelsOf(placed);
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
      ...(['start', 'end'] as const).map((textAnchor) =>
        text(
          labels.filter((label) => label.textAnchor === textAnchor),
          {
            x: 'x',
            y: 'y',
            text: 'number',
            textAnchor,
            dx: textAnchor === 'start' ? 7 : -7,
            dy: -9,
            fill: 'currentColor',
          },
        ),
      ),
    ],
  });
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

/** The highest opacity of a cell, at which its number is still readable. */
const STRONGEST = 0.6;

/** Draws a matrix of shares for each pair of names, with stronger colours for higher shares. If a share is `null`, it has no cell. */
export const matrixByPlot = (
  title: string,
  names: readonly string[],
  { matrix, pairs }: Pick<ScoredAgreement, 'matrix' | 'pairs'>,
): string => {
  const numbers = names.map((_, index) => index + 1);
  const cells = matrix.flatMap((row, down) =>
    row.flatMap((share, across) =>
      share === null
        ? []
        : [
            {
              x: across + 1,
              y: down + 1,
              share,
              shown: String(Math.round(100 * share)),
              title: titleOf(pairs, names[down], names[across]),
            },
          ],
    ),
  );
  const least = Math.min(...cells.map(({ share }) => share));
  const strength = ({ share }: { readonly share: number }): number =>
    STRONGEST * (least === 1 ? 1 : 0.1 + (0.9 * (share - least)) / (1 - least));
  const size = 60 + Math.min(380, 44 * names.length);
  return chart(title, {
    width: size,
    height: size,
    marginLeft: 30,
    marginBottom: 10,
    x: { label: null, domain: numbers, axis: 'top' },
    y: { label: null, domain: numbers },
    marks: [
      cell(cells, {
        x: 'x',
        y: 'y',
        fill: 'var(--series-1)',
        fillOpacity: strength,
        inset: 1,
        title: 'title',
      }),
      text(cells, { x: 'x', y: 'y', text: 'shown', fill: 'currentColor' }),
    ],
    opacity: { type: 'identity' },
  });
};

/** Says how often two models agreed, with its interval and the number of questions; nothing for a model and itself. */
const titleOf = (
  pairs: ScoredAgreement['pairs'],
  one: string | undefined,
  other: string | undefined,
): string | undefined => {
  const pair = pairs.find(({ models }) => models.includes(one ?? '') && models.includes(other ?? ''));
  if (one === other || pair === undefined || pair.questions === 0) return undefined;
  const { agreed, questions } = pair;
  return pointTitle(`${one} and ${other}`, {
    y: agreed / questions,
    ...wilsonInterval(agreed, questions),
    count: questions,
  });
};
