import type { Estimate } from '../experiment/statistics/interval.ts';
import { type AimMiss, type Bound, boundsOf } from '../experiment/tuning/aim-misses.ts';
import type { Panel } from '../experiment/tuning/panel.ts';
import type { Tuned } from '../experiment/tuning/tune.ts';
import { formatNumber, formatPercent, formatUsd, percentFigure } from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';

const interval = ({ low, high }: Estimate, shown: (value: number) => string): string =>
  `${shown(low)}–${shown(high)}`;

/** Renders the chosen panel beside its alternatives, and its expected calls, cost and coverage. */
export const tunedLines = ({ panel, bestSingle, plurality, misses, compared }: Tuned): readonly string[] => {
  const { calls, costUsd, coverage, precision } = panel.expected;
  const row = (name: string, accuracy: Estimate): string[] => [
    name,
    formatPercent(accuracy.value),
    interval(accuracy, percentFigure),
  ];
  return [
    ...columnLines([
      ['', 'accuracy', '95 % CI'],
      row('chosen panel', panel.expected.accuracy),
      row(`best single model (${printable(bestSingle.model, 40)})`, bestSingle.accuracy),
      row('plurality of all models', plurality.accuracy),
    ]),
    '',
    `members    ${panel.members.map((id) => printable(id, 40)).join(', ')}`,
    `voting     ${panel.voter.rule}`,
    `execution  ${describeExecution(panel)}`,
    `calls      ${formatNumber(calls.value, 2)} per question (${interval(calls, (count) => formatNumber(count, 2))})`,
    ...(costUsd === undefined
      ? []
      : [`cost       ${formatUsd(costUsd.value)} per question (${interval(costUsd, formatUsd)})`]),
    ...(panel.acceptFrom === undefined
      ? []
      : [
          `coverage   ${formatPercent(coverage.value)} of questions answered (${interval(coverage, percentFigure)})`,
          `precision  ${formatPercent(precision.value)} of answers right (${interval(precision, percentFigure)})`,
        ]),
    '',
    `${compared} panels compared, on questions that they had not learned from`,
    ...boundsOf(panel.tuned.aim).map((bound) => aimLine(bound, panel, misses)),
    ...(misses.length === 0 ? [] : ['no panel meets the aim; this one comes closest']),
  ];
};

/** Describes a bound of the aim, the expectation with its interval, and by how much it misses the bound. */
const aimLine = ({ figure, bound, side }: Bound, { expected }: Panel, misses: readonly AimMiss[]): string => {
  const estimate = expected[figure];
  const miss = misses.find((one) => one.figure === figure);
  const { name, shown, distance } = figures[figure];
  const range = estimate && `${shown(estimate.value)} expected (${interval(estimate, shown)})`;
  return `aim        ${name} of at ${side} ${shown(bound)}: ${range}, ${miss === undefined ? 'met' : `missed by ${distance(miss.by)}`}`;
};

interface Shown {
  readonly name: string;
  readonly shown: (value: number) => string;
  /** Formats the distance of two values. */
  readonly distance: (value: number) => string;
}

const points = (share: number): string => `${percentFigure(share)} points`;
const count = (calls: number): string => formatNumber(calls, 2);
const figures: Readonly<Record<Bound['figure'], Shown>> = {
  accuracy: { name: 'accuracy', shown: formatPercent, distance: points },
  precision: { name: 'precision', shown: formatPercent, distance: points },
  costUsd: { name: 'cost', shown: formatUsd, distance: formatUsd },
  calls: { name: 'calls', shown: count, distance: count },
};

const describeExecution = ({ execution }: Panel): string => {
  switch (execution.stop) {
    case 'never':
      return 'parallel';
    case 'decided':
      return `${execution.schedule === 'parallel' ? 'parallel' : 'one call at a time'}, until the outcome is decided`;
    case 'confident':
      return `one call at a time, until an answer is ${formatPercent(execution.threshold)} probable`;
    case 'agreement':
      return `${execution.votes} calls in parallel, the others only if these disagree`;
  }
};
