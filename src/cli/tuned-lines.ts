import type { Estimate } from '../experiment/statistics/interval.ts';
import type { Panel } from '../experiment/tuning/panel.ts';
import type { Tuned } from '../experiment/tuning/tune.ts';
import { formatNumber, formatPercent, formatUsd, percentFigure } from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';

const interval = ({ low, high }: Estimate, shown: (value: number) => string): string =>
  `${shown(low)}–${shown(high)}`;

/** Renders the chosen panel beside its alternatives, and its expected calls, cost and coverage. */
export const tunedLines = ({
  panel,
  bestSingle,
  plurality,
  isAimMet,
  compared,
}: Tuned): readonly string[] => {
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
    `${compared} panels compared; ${isAimMet ? 'the aim is met' : 'no panel meets the aim, this one comes closest'}`,
  ];
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
