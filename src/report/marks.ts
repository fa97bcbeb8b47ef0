import { element, escaped, group, moved, tooltip } from './svg.ts';

/** The scales of a chart, from values to pixels. */
export interface Plane {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly r: (value: number) => number;
  /** From end to end of the frame. */
  readonly across: readonly [number, number];
  readonly down: readonly [number, number];
  /** Whether all values of an axis are the same, so that an interval would be invisible. */
  readonly isFlat: { readonly x: boolean; readonly y: boolean };
}

/** Something that is drawn into a chart, and the values for which its scales need room. */
export interface Mark {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly radii?: readonly number[];
  draw(plane: Plane): string;
}

/** A place in a chart. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A place with an interval. */
export interface Measured {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

const xsOf = (places: readonly { readonly x: number }[]): number[] => places.map(({ x }) => x);
const ysOf = (places: readonly { readonly y: number }[]): number[] => places.map(({ y }) => y);
const rangesOf = (measured: readonly Measured[]): number[] =>
  measured.flatMap(({ low, high }) => [low, high]);

const rounded = (pixels: number): number => Math.round(1000 * pixels) / 1000;
const at = (x: number, y: number): string => `${rounded(x)},${rounded(y)}`;

/** Writes a path through points. A path of one point is closed, so that it is a dot. */
const pathThrough = (points: readonly string[]): string =>
  `M${points.join('L')}${points.length === 1 ? 'Z' : ''}`;

/** How lines and intervals look. */
export interface Stroke {
  readonly stroke: string;
  readonly opacity?: number;
  readonly dashes?: string | undefined;
}

/** Joins places by a line: from each straight to the next, or `stepped`, first across and then down. */
export const line = (
  places: readonly Place[],
  {
    stroke,
    opacity,
    dashes,
    width = 1.5,
    isStepped = false,
  }: Stroke & { width?: number; isStepped?: boolean },
): Mark => ({
  xs: xsOf(places),
  ys: ysOf(places),
  draw: ({ x, y }) => {
    const points = places.flatMap((place, index) => {
      const before = places[index - 1];
      const point = at(x(place.x), y(place.y));
      return isStepped && before !== undefined ? [at(x(place.x), y(before.y)), point] : [point];
    });
    return group(
      {
        'stroke-dasharray': dashes,
        'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
        'stroke-opacity': opacity,
        'stroke-width': width,
        stroke,
        fill: 'none',
        'aria-label': 'line',
      },
      places.length === 0 ? [] : [element('path', { d: pathThrough(points) })],
    );
  },
});

/** Draws the line x = y from 0 to 1, dotted. */
export const diagonal: Mark = {
  xs: [0, 1],
  ys: [0, 1],
  draw: ({ x, y }) =>
    group(
      {
        'stroke-dasharray': '2 4',
        'stroke-miterlimit': 1,
        'stroke-opacity': 0.4,
        stroke: 'currentColor',
        fill: 'none',
        'aria-label': 'link',
      },
      [element('path', { d: pathThrough([at(x(0), y(0)), at(x(1), y(1))]) })],
    ),
};

/** Fills the area between the ends of intervals. */
export const area = (
  measured: readonly Measured[],
  { fill, opacity }: { fill: string; opacity: number },
): Mark => ({
  xs: xsOf(measured),
  ys: rangesOf(measured),
  draw: ({ x, y }) => {
    const above = measured.map((point) => at(x(point.x), y(point.high)));
    const below = measured.map((point) => at(x(point.x), y(point.low)));
    return group(
      { 'fill-opacity': opacity, fill, 'aria-label': 'area' },
      measured.length === 0
        ? []
        : [element('path', { d: `M${[...above, ...below.toReversed()].join('L')}Z` })],
    );
  },
});

/** Draws intervals upright. */
export const intervals = <Point extends Measured>(
  measured: readonly Point[],
  {
    opacity,
    width,
    stroke,
  }: Omit<Stroke, 'stroke'> & { width?: number; stroke: string | ((point: Point) => string) },
): Mark => ({
  xs: xsOf(measured),
  ys: rangesOf(measured),
  draw: ({ x, y, down: [top, bottom], isFlat }) =>
    group(
      {
        'stroke-opacity': opacity,
        'stroke-width': width,
        stroke: typeof stroke === 'string' ? stroke : undefined,
        'aria-label': 'rule',
      },
      measured.map((point) =>
        element('line', {
          stroke: typeof stroke === 'string' ? undefined : stroke(point),
          y2: isFlat.y ? bottom : y(point.high),
          y1: isFlat.y ? top : y(point.low),
          x2: x(point.x),
          x1: x(point.x),
        }),
      ),
    ),
});

/** Draws lines across, each from a place to an `x` further right. */
export const spans = <Point extends Place & { readonly xMost: number }>(
  points: readonly Point[],
  { width, stroke }: { width: number; stroke: (point: Point) => string },
): Mark => ({
  xs: points.flatMap(({ x, xMost }) => [x, xMost]),
  ys: ysOf(points),
  draw: ({ x, y, across: [left, right], isFlat }) =>
    group(
      { 'stroke-width': width, 'aria-label': 'rule' },
      points.map((point) =>
        element('line', {
          stroke: stroke(point),
          y2: y(point.y),
          y1: y(point.y),
          x2: isFlat.x ? right : x(point.xMost),
          x1: isFlat.x ? left : x(point.x),
        }),
      ),
    ),
});

/** Draws dots of one size, each with its colour. */
export const dots = <Point extends Place>(
  points: readonly Point[],
  {
    fill,
    radius,
    title,
  }: { fill: (point: Point) => string; radius: number; title: (point: Point) => string },
): Mark => ({
  xs: xsOf(points),
  ys: ysOf(points),
  draw: ({ x, y }) =>
    group(
      { 'aria-label': 'dot' },
      points.map((point) =>
        element(
          'circle',
          { fill: fill(point), r: radius, cy: y(point.y), cx: x(point.x) },
          tooltip(title(point)),
        ),
      ),
    ),
});

/** Draws dots of one colour, the largest first, so that no dot hides a smaller one. */
export const sizedDots = <Point extends Place>(
  points: readonly Point[],
  {
    fill,
    opacity,
    radius,
    title,
  }: {
    fill: string;
    opacity: number | undefined;
    radius: (point: Point) => number;
    title: (point: Point) => string;
  },
): Mark => ({
  xs: xsOf(points),
  ys: ysOf(points),
  radii: points.map(radius),
  draw: ({ x, y, r }) =>
    group(
      { 'fill-opacity': opacity, fill, 'aria-label': 'dot' },
      points
        .toSorted((one, other) => radius(other) - radius(one) || 0)
        .filter((point) => r(radius(point)) > 0)
        .map((point) =>
          element('circle', { r: r(radius(point)), cy: y(point.y), cx: x(point.x) }, tooltip(title(point))),
        ),
    ),
});

/** Writes texts near places. */
export const labels = <Point extends Place>(
  points: readonly Point[],
  {
    text,
    anchor,
    dx,
    dy,
  }: { text: (point: Point) => string; anchor: 'start' | 'end'; dx: number; dy: number },
): Mark => ({
  xs: xsOf(points),
  ys: ysOf(points),
  draw: ({ x, y }) =>
    group(
      { transform: moved(dx, dy), 'text-anchor': anchor, 'aria-label': 'text' },
      points.map((point) => label(moved(x(point.x), y(point.y)), text(point), MIDDLE)),
    ),
});

/** How far a text is below its place: as its middle, or as its top. */
export const MIDDLE = '0.32em';
export const TOP = '0.71em';

/** Writes a text. */
export const label = (transform: string, text: string, y?: string): string =>
  element('text', { transform, y }, escaped(text));
