import { formatNumber, formatPercent } from '../rendering/amounts.ts';
import { type Html, html } from '../rendering/html.ts';
import { printable } from '../rendering/printable.ts';
import { type Axis, type Frame, isFlat, scaleOf, xAxis, yAxis } from './axes.ts';
import { quantile, scaleSqrt } from './charting.ts';
import type { Mark, Plane } from './marks.ts';
import { element } from './svg.ts';

/** The width of a phone, so that text is readable there; a wider page may show the chart larger. */
const WIDTH = 440;

/** The number of colours. If there are more series, they repeat the colours with dashes. */
const COLOURS = 8;

/** Returns the colour of the series at `index`, a CSS variable that differs between light and dark mode. */
export const colourOf = (index: number): string => `var(--series-${(index % COLOURS) + 1})`;

/** Returns the dash pattern of the line at `index`, `undefined` for one without gaps. */
export const dashesOf = (index: number): string | undefined =>
  [undefined, '6 3', '2 3'][Math.floor(index / COLOURS) % 3];

/** Scales with the page, and keeps blanks. */
const STYLE = `:where(.plot-d6a7b5) {
  --plot-background: white;
  display: block;
  height: auto;
  height: intrinsic;
  max-width: 100%;
}
:where(.plot-d6a7b5 text),
:where(.plot-d6a7b5 tspan) {
  white-space: pre;
}`;

/** Draws a picture as inline SVG, with a title for screen readers. */
export const picture = (
  title: string,
  { width, height }: { readonly width: number; readonly height: number },
  content: string,
): Html => ({
  html: element(
    'svg',
    {
      'aria-label': title,
      role: 'img',
      style: `background:none;font-size:12px;overflow:visible;max-width:${1.25 * width}px`,
      viewBox: `0 0 ${width} ${height}`,
      height,
      width,
      'text-anchor': 'middle',
      'font-size': 10,
      'font-family': 'system-ui, sans-serif',
      fill: 'currentColor',
      class: 'plot-d6a7b5',
    },
    `<style>${STYLE}</style>${content}`,
  ),
});

const SIZE = { width: WIDTH, height: 300 };
const MARGINS = { left: 52, right: 20, top: 20, bottom: 42 };
const FRAME: Frame = {
  left: MARGINS.left,
  right: SIZE.width - MARGINS.right,
  top: MARGINS.top,
  bottom: SIZE.height - MARGINS.bottom,
};

/** The axes of a chart. */
export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

/** Draws a chart: axes, which have room for all marks, and the marks. */
export const chart = (
  title: string,
  { x, y, inset = 0 }: Axes & { readonly inset?: number },
  marks: readonly Mark[],
): Html => {
  const { left, right, top, bottom } = FRAME;
  const xScale = scaleOf(
    x,
    marks.flatMap(({ xs }) => xs),
    [left + inset, right - inset],
  );
  const yScale = scaleOf(
    y,
    marks.flatMap(({ ys }) => ys),
    [bottom - inset, top + inset],
  );
  const plane: Plane = {
    x: (value) => xScale(x.percent ? 100 * value : value),
    y: (value) => yScale(y.percent ? 100 * value : value),
    r: radiusScale(marks.flatMap(({ radii }) => (radii === undefined ? [] : [radii]))),
    across: [left, right],
    down: [top, bottom],
    isFlat: { x: isFlat(xScale), y: isFlat(yScale) },
  };
  return picture(
    title,
    SIZE,
    [
      yAxis(yScale, y, FRAME),
      xAxis(xScale, x, FRAME, MARGINS),
      ...marks.map((mark) => mark.draw(plane)),
    ].join(''),
  );
};

/** The radius of a typical small dot and the largest radius, in pixels. */
const RADIUS = { small: 3, most: 30 };

/** Returns a scale by which the area of a dot shows its value. */
const radiusScale = (series: readonly (readonly number[])[]): Plane['r'] => {
  const finite = series.flat().filter(Number.isFinite);
  const most = Math.max(...finite);
  const quarters = series.map((radii) => quantile(radii, 0.25, positive) ?? Number.NaN);
  const small = quantile(quarters, 0.5) ?? Number.NaN;
  return scaleSqrt()
    .domain([0, most])
    .range([0, Math.min(RADIUS.most, RADIUS.small * Math.sqrt(most / small))]);
};

const positive = (value: number): number =>
  value > 0 && value < Number.POSITIVE_INFINITY ? value : Number.NaN;

/** Names a series with its number of observations, if it has any. */
export const withCount = (name: string, count: number | undefined): string =>
  count === undefined || !(count > 0) ? name : `${name} (n\u00a0=\u00a0${formatNumber(count)})`;

/** Describes a point: its share, interval and number of observations. A browser shows it near the pointer. */
export const pointTitle = (
  name: string,
  {
    y,
    low,
    high,
    count,
  }: { readonly y: number; readonly low?: number; readonly high?: number; readonly count?: number },
): string => {
  const range =
    low === undefined || high === undefined ? '' : ` (${formatPercent(low)} to ${formatPercent(high)})`;
  return withCount(`${printable(name, 100)}: ${formatPercent(y)}${range}`, count);
};

/** Lists the names of the series with their colours. */
const legend = (names: readonly string[]): Html =>
  html`<ul class="legend">${names.map(
    (name, index) =>
      html`<li><svg width="24" height="10" aria-hidden="true"><line x1="0" x2="24" y1="5" y2="5" stroke="${colourOf(index)}" stroke-width="3" stroke-dasharray="${dashesOf(index) ?? 'none'}"/></svg>${index + 1}. ${name}</li>`,
  )}</ul>`;

/** Returns a chart with its title, its legend, and a note on how to read it. */
export const figure = (title: string, picture: Html, names: readonly string[], note: string): Html =>
  html`<figure><h3>${title}</h3>${picture}${names.length > 1 ? legend(names) : undefined}<figcaption>${note}</figcaption></figure>`;
