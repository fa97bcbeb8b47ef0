import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Html, html } from '../rendering/html.ts';

/** As wide as a phone shows it, so that its letters are readable there; a page may show it larger. */
const WIDTH = 440;

/** How many colours there are; what comes after them is told apart by its dashes. */
const COLOURS = 8;

/** The colour of one of several things; the page says what it is in light and in dark. */
export const colourOf = (index: number): string => `var(--series-${(index % COLOURS) + 1})`;

/** The dashes of one of several lines. */
export const dashesOf = (index: number): string =>
  ['none', '6 3', '2 3'][Math.floor(index / COLOURS) % 3] as string;

/** A chart as inline SVG, with a title for those who do not see it. Texts in it are shown as they are. */
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

/** What the colours of a chart stand for. */
const legend = (names: readonly string[]): Html =>
  html`<ul class="legend">${names.map(
    (name, index) =>
      html`<li><svg width="24" height="10" aria-hidden="true"><line x1="0" x2="24" y1="5" y2="5" stroke="${colourOf(index)}" stroke-width="3" stroke-dasharray="${dashesOf(index)}"/></svg>${index + 1}. ${name}</li>`,
  )}</ul>`;

/** A chart with what it shows, what its colours stand for, and how it is read. */
export const figure = (title: string, picture: Html, names: readonly string[], note: string): Html =>
  html`<figure><h3>${title}</h3>${picture}${names.length > 1 ? legend(names) : undefined}<figcaption>${note}</figcaption></figure>`;
