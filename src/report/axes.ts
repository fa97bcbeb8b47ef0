import { type ContinuousScale, scaleLinear, scaleLog } from './charting.ts';
import { label, MIDDLE, TOP } from './marks.ts';
import { element, group, moved } from './svg.ts';

/** An axis of numbers. */
export interface Axis {
  readonly label: string;
  /** Whether values are shares, shown in percent. */
  readonly percent?: boolean;
  /** The ends, in percent if the values are. Default: the least and the greatest value. */
  readonly domain?: readonly [number, number];
  /** Whether the axis begins and ends at a tick. */
  readonly nice?: boolean;
  readonly type?: 'log';
  /** About how many ticks there are, or where. */
  readonly ticks?: number | readonly number[];
  /** How a tick is written, as a specifier of d3-format. */
  readonly tickFormat?: string;
}

/** The edges of what a chart is drawn into, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Returns the scale of an axis, to the ends of a range. */
export const scaleOf = (
  { domain, nice = false, percent = false, type }: Axis,
  values: readonly number[],
  range: readonly [number, number],
): ContinuousScale => {
  const shown = values.map((value) => (percent ? 100 * value : value));
  const scale = (type === 'log' ? scaleLog() : scaleLinear()).domain(
    domain ?? [Math.min(...shown), Math.max(...shown)],
  );
  return (nice ? scale.nice() : scale).range(range);
};

/** The room for a tick, in pixels. */
const ROOM = { x: 80, y: 35 };

/** Returns where the ticks of an axis are, and their texts. */
const ticksOf = (
  scale: ContinuousScale,
  { ticks: wanted, tickFormat }: Axis,
  room: number,
): { readonly places: readonly number[]; readonly textOf: (value: number) => string } => {
  const [start = 0, end = 0] = scale.range();
  const ticks = wanted ?? Math.abs(end - start) / room;
  return typeof ticks === 'number'
    ? { places: scale.ticks(ticks), textOf: scale.tickFormat(ticks, tickFormat) }
    : { places: ticks, textOf: scale.tickFormat(null, tickFormat) };
};

/** Whether all values of a scale are the same. */
export const isFlat = (scale: ContinuousScale): boolean => {
  const [least, greatest] = scale.domain();
  return least === greatest;
};

const GRID = { 'stroke-opacity': 0.1, stroke: 'currentColor', 'aria-hidden': 'true' };
const TICK = { stroke: 'currentColor', fill: 'none', 'aria-hidden': 'true' };

/** Draws the axis on the left, with a grid. */
export const yAxis = (scale: ContinuousScale, axis: Axis, { left, right, top }: Frame): string => {
  const { places, textOf } = ticksOf(scale, axis, ROOM.y);
  return [
    group(
      { ...GRID, 'aria-label': 'y-grid' },
      places.map((place) => element('line', { y2: scale(place), y1: scale(place), x2: right, x1: left })),
    ),
    group(
      { ...TICK, 'aria-label': 'y-axis tick' },
      places.map((place) => element('path', { d: 'M0,0L-6,0', transform: moved(left, scale(place)) })),
    ),
    group(
      {
        transform: moved(-9, 0),
        'font-variant': 'tabular-nums',
        'text-anchor': 'end',
        'aria-label': 'y-axis tick label',
      },
      places.map((place) => label(moved(left, scale(place)), textOf(place), MIDDLE)),
    ),
    group({ transform: moved(3 - left, 3 - top), 'text-anchor': 'start', 'aria-label': 'y-axis label' }, [
      label(moved(left, top), `${isFlat(scale) ? '' : '↑ '}${axis.label}`, TOP),
    ]),
  ].join('');
};

/** Draws the axis at the bottom, with a grid. */
export const xAxis = (
  scale: ContinuousScale,
  axis: Axis,
  { right, top, bottom }: Frame,
  margins: { readonly right: number; readonly bottom: number },
): string => {
  const { places, textOf } = ticksOf(scale, axis, ROOM.x);
  return [
    group(
      { ...GRID, 'aria-label': 'x-grid' },
      places.map((place) => element('line', { y2: bottom, y1: top, x2: scale(place), x1: scale(place) })),
    ),
    group(
      { ...TICK, 'aria-label': 'x-axis tick' },
      places.map((place) => element('path', { d: 'M0,0L0,6', transform: moved(scale(place), bottom) })),
    ),
    group(
      { transform: moved(0, 9), 'font-variant': 'tabular-nums', 'aria-label': 'x-axis tick label' },
      places.map((place) => label(moved(scale(place), bottom), textOf(place), TOP)),
    ),
    group(
      {
        transform: moved(margins.right - 3, margins.bottom - 3),
        'text-anchor': 'end',
        'aria-label': 'x-axis label',
      },
      [label(moved(right, bottom), `${axis.label}${isFlat(scale) ? '' : ' →'}`)],
    ),
  ].join('');
};
