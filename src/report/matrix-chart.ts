import type { ScoredAgreement } from '../experiment/scorecard/scorecard.ts';
import { wilsonInterval } from '../experiment/statistics/wilson-interval.ts';
import type { Html } from '../rendering/html.ts';
import { picture, pointTitle } from './chart.ts';
import { type BandScale, scaleBand } from './charting.ts';
import { label, MIDDLE } from './marks.ts';
import { element, group, moved, tooltip } from './svg.ts';

/** The highest opacity of a cell, at which its number is still readable. */
const STRONGEST = 0.6;

/** Draws a matrix of shares for each pair of names, with stronger colours for higher shares. If a share is `null`, it has no cell. */
export const matrixChart = (
  title: string,
  names: readonly string[],
  { matrix, pairs }: Pick<ScoredAgreement, 'matrix' | 'pairs'>,
): Html => {
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
  const x = bandOf(numbers, [LEFT, size - RIGHT]);
  const y = bandOf(numbers, [TOP, size - BOTTOM]);
  const [halfAcross, halfDown] = [x.bandwidth() / 2, y.bandwidth() / 2];
  const tick = { stroke: 'currentColor', fill: 'none', 'aria-hidden': 'true' };
  return picture(
    title,
    { width: size, height: size },
    [
      group(
        { transform: moved(0, halfDown), ...tick, 'aria-label': 'y-axis tick' },
        numbers.map((number) => element('path', { d: 'M0,0L-6,0', transform: moved(LEFT, y(number)) })),
      ),
      group(
        { transform: moved(-9, halfDown), 'text-anchor': 'end', 'aria-label': 'y-axis tick label' },
        numbers.map((number) => label(moved(LEFT, y(number)), String(number), MIDDLE)),
      ),
      group(
        { transform: moved(halfAcross, 0), ...tick, 'aria-label': 'x-axis tick' },
        numbers.map((number) => element('path', { d: 'M0,0L0,-6', transform: moved(x(number), TOP) })),
      ),
      group(
        { transform: moved(halfAcross, -9), 'aria-label': 'x-axis tick label' },
        numbers.map((number) => label(moved(x(number), TOP), String(number))),
      ),
      group(
        { fill: 'var(--series-1)', 'aria-label': 'cell' },
        cells.map((cell) =>
          element(
            'rect',
            {
              'fill-opacity': strength(cell),
              height: y.bandwidth() - 2,
              y: y(cell.y) + 1,
              width: x.bandwidth() - 2,
              x: x(cell.x) + 1,
            },
            tooltip(cell.title),
          ),
        ),
      ),
      group(
        { transform: moved(halfAcross, halfDown), 'aria-label': 'text' },
        cells.map((cell) => label(moved(x(cell.x), y(cell.y)), cell.shown, MIDDLE)),
      ),
    ].join(''),
  );
};

/** The margins, in pixels. */
const [LEFT, RIGHT, TOP, BOTTOM] = [30, 20, 30, 10] as const;

const PADDING = 0.1;

/** As many pixels may be lost so that cells begin at whole ones. */
const MOST_LOST = 30;

const bandOf = (numbers: readonly number[], range: readonly [number, number]): BandScale => {
  const bands = numbers.length - PADDING;
  const step = (range[1] - range[0]) / Math.max(1, bands + 2 * PADDING);
  return scaleBand()
    .domain(numbers)
    .range(range)
    .padding(PADDING)
    .round((step - Math.floor(step)) * bands <= MOST_LOST);
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
