import type { ScoredAgreement } from '../experiment/scorecard/scorecard.ts';
import { wilsonInterval } from '../experiment/statistics/wilson-interval.ts';
import type { Html } from '../rendering/html.ts';
import { chart, pointTitle } from './chart.ts';
import { cell, text } from './charting.ts';

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
