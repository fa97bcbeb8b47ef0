import { formatNumber, formatPercent } from '../rendering/amounts.ts';
import { type Html, html } from '../rendering/html.ts';
import { printable } from '../rendering/printable.ts';
import { type PlotOptions, parseHTML, plot } from './charting.ts';

/** The width of a phone, so that text is readable there; a wider page may show the chart larger. */
const WIDTH = 440;

/** The number of colours. If there are more series, they repeat the colours with dashes. */
const COLOURS = 8;

/** Returns the colour of the series at `index`, a CSS variable that differs between light and dark mode. */
export const colourOf = (index: number): string => `var(--series-${(index % COLOURS) + 1})`;

/** Returns the dash pattern of the line at `index`. */
export const dashesOf = (index: number): string =>
  ['none', '6 3', '2 3'][Math.floor(index / COLOURS) % 3] as string;

/** Draws a chart as inline SVG, with a title for screen readers. Texts are escaped. */
export const chart = (title: string, options: PlotOptions): Html => {
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
  return { html: svg.outerHTML };
};

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
      html`<li><svg width="24" height="10" aria-hidden="true"><line x1="0" x2="24" y1="5" y2="5" stroke="${colourOf(index)}" stroke-width="3" stroke-dasharray="${dashesOf(index)}"/></svg>${index + 1}. ${name}</li>`,
  )}</ul>`;

/** Returns a chart with its title, its legend, and a note on how to read it. */
export const figure = (title: string, picture: Html, names: readonly string[], note: string): Html =>
  html`<figure><h3>${title}</h3>${picture}${names.length > 1 ? legend(names) : undefined}<figcaption>${note}</figcaption></figure>`;
