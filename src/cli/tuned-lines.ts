import type { Estimate } from '../experiment/statistics/interval.ts';
import type { Panel } from '../experiment/tuning/panel.ts';
import type { Tuned } from '../experiment/tuning/tune.ts';
import { shownCost, shownPercent } from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';

const interval = ({ low, high }: Estimate, shown: (value: number) => string): string =>
  `${shown(low)}–${shown(high)}`;

/** What was chosen beside what it was chosen over, and what it costs. */
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
    `${shownPercent(accuracy.value)} %`,
    interval(accuracy, shownPercent),
  ];
  return [
    ...columnLines([
      ['', 'accuracy', '95 %'],
      row('chosen', panel.expected.accuracy),
      row(`best single model (${printable(bestSingle.model, 40)})`, bestSingle.accuracy),
      row('plurality of all', plurality.accuracy),
    ]),
    '',
    `members   ${panel.members.map((id) => printable(id, 40)).join(', ')}`,
    `votes     ${panel.voter.rule}`,
    `asked     ${askedAs(panel)}`,
    `calls     ${calls.value.toFixed(2)} a question (${interval(calls, (count) => count.toFixed(2))})`,
    ...(costUsd === undefined
      ? []
      : [`cost      ${shownCost(costUsd.value)} a question (${interval(costUsd, shownCost)})`]),
    ...(panel.acceptFrom === undefined
      ? []
      : [
          `answers   ${shownPercent(coverage.value)} % of questions (${interval(coverage, shownPercent)}), of which ` +
            `${shownPercent(precision.value)} % right (${interval(precision, shownPercent)})`,
        ]),
    '',
    `${compared} panels compared; ${isAimMet ? 'the aim is met' : 'none meets the aim, this comes nearest'}`,
  ];
};

const askedAs = ({ execution }: Panel): string => {
  switch (execution.stop) {
    case 'never':
      return 'all at once';
    case 'decided':
      return `${execution.schedule === 'parallel' ? 'all at once' : 'one after the other'}, until the rest cannot change the answer`;
    case 'confident':
      return `one after the other, until the answer is ${shownPercent(execution.threshold)} % probable`;
    case 'agreement':
      return `${execution.votes} at once, the others where these do not agree`;
  }
};
