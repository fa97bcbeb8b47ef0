import type { Estimate } from '../experiment/statistics/interval.ts';
import { type AimMiss, type Bound, boundsOf } from '../experiment/tuning/aim-misses.ts';
import type { ShareName } from '../experiment/tuning/expectation.ts';
import type { Aim, Panel, PanelExpectation } from '../experiment/tuning/panel.ts';
import type { BaselineName } from '../experiment/tuning/settle.ts';
import type { Tuned } from '../experiment/tuning/tune.ts';
import type { ModelCalls } from '../experiment/tuning/tune-options.ts';
import { counted, formatNumber, formatPercent, formatUsd, percentFigure } from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';

const interval = ({ low, high }: Estimate, shown: (value: number) => string): string =>
  `${shown(low)}–${shown(high)}`;

const count = (calls: number): string => formatNumber(calls, 2);

/** Renders the chosen panel and the baselines, the verdict, and its expected calls, cost and coverage. */
export const tunedLines = (tuned: Tuned): readonly string[] => {
  const { panel, bestSingle, plurality, misses } = tuned;
  const { calls, costUsd, coverage, precision } = panel.expected;
  const compared = figuresOf(panel.tuned.aim);
  const row = (name: string, expected: PanelExpectation): string[] => [
    name,
    ...compared.flatMap((figure) => [
      formatPercent(expected[figure].value),
      interval(expected[figure], percentFigure),
    ]),
    count(expected.calls.value),
    ...(costUsd === undefined ? [] : [costOf(expected)]),
  ];
  return [
    ...columnLines([
      [
        '',
        ...compared.flatMap((figure) => [figure, '95 % CI']),
        'calls',
        ...(costUsd === undefined ? [] : ['cost']),
      ],
      row('chosen panel', panel.expected),
      row(`best single model (${named(bestSingle.model)})`, bestSingle),
      row('plurality of all models', plurality),
    ]),
    '',
    `verdict    ${verdictOf(tuned)}`,
    `members    ${panel.members.map(named).join(', ')}`,
    `voting     ${panel.voter.rule}`,
    `execution  ${describeExecution(panel)}`,
    `calls      ${count(calls.value)} per question (${interval(calls, count)})`,
    ...costLines(tuned),
    ...(panel.acceptFrom === undefined
      ? []
      : [
          `coverage   ${formatPercent(coverage.value)} of questions answered (${interval(coverage, percentFigure)})`,
          `precision  ${formatPercent(precision.value)} of answers right (${interval(precision, percentFigure)})`,
        ]),
    '',
    `${tuned.compared} panels compared, on questions that they had not learned from`,
    ...leftOutLines(tuned),
    ...fewLines(panel),
    ...boundsOf(panel.tuned.aim).map((bound) => aimLine(bound, panel, misses)),
    ...(misses.length === 0 ? [] : ['no panel meets the aim; this one comes closest']),
  ];
};

/** The figures that an aim compares panels by. */
const figuresOf = (aim: Aim): readonly ShareName[] =>
  'maximize' in aim && aim.maximize === 'coverage' ? ['coverage', 'precision'] : ['accuracy'];

const costOf = ({ costUsd, isCostEstimated }: PanelExpectation): string =>
  `${isCostEstimated ? '≈' : ''}${formatUsd(costUsd?.value)}`;

/** Describes the expected cost, and which costs are unknown. */
const costLines = ({ panel, unknownCosts }: Tuned): readonly string[] => {
  const { costUsd, isCostEstimated } = panel.expected;
  const { ballots } = panel.tuned;
  if (costUsd === undefined) {
    const models = unknownCosts.filter(({ calls }) => calls === ballots);
    return [`cost       unknown: no cost of ${namesOf(models)} is recorded, so panels are compared by calls`];
  }
  const mark = isCostEstimated ? '≈' : '';
  return [
    `cost       ${costOf(panel.expected)} per question (${mark}${interval(costUsd, formatUsd)})`,
    ...unknownCosts.map(
      ({ model, calls }) =>
        `           the cost of ${calls} of ${counted(ballots, 'call')} of ${named(model)} is unknown: it is estimated by the mean of the others (≈)`,
    ),
  ];
};

const named = (model: string): string => printable(model, 40);

const namesOf = (models: readonly ModelCalls[]): string => models.map(({ model }) => named(model)).join(', ');

/** Says how many questions are left out because calls failed, and of which models. */
const leftOutLines = ({ leftOut: { ballots, failed } }: Tuned): readonly string[] =>
  ballots === 0
    ? []
    : [
        `${counted(ballots, 'question')} left out because a call failed: ${failed.map(({ model, calls }) => `${named(model)} ${calls}`).join(', ')}`,
      ];

/** The width of an interval of the accuracy from which it is called wide, and the width to reach. */
const WIDE = 0.15;
const NARROW = 0.1;

/** Warns if there are too few questions for a narrow interval, and says how many it would take. */
const fewLines = ({ expected: { accuracy }, tuned: { ballots } }: Panel): readonly string[] => {
  const width = accuracy.high - accuracy.low;
  if (width <= WIDE) return [];
  const enough = Math.ceil((ballots * (width / NARROW) ** 2) / 10) * 10;
  return [
    `warning: ${counted(ballots, 'question')} leave the accuracy uncertain by ${formatNumber(100 * width)} points; about ${formatNumber(enough)} would make it ${100 * NARROW}`,
  ];
};

const baselineNames: Readonly<Record<BaselineName, string>> = {
  bestSingle: 'the best single model',
  plurality: 'the plurality of all models',
};

/** Says what is chosen, and by how much the best panel leads the best baseline on the same questions. */
const verdictOf = ({ comparison, isAimMet }: Tuned): string => {
  const { baseline, figure, lead, isPanelChosen, misses } = comparison;
  const name = baselineNames[baseline];
  const range = `(95 % CI ${signed(lead.low)} to ${signed(lead.high)})`;
  const verb = lead.value < 0 ? 'trails' : 'leads';
  const compared = (other: string): string =>
    `${verb} ${other} by ${points(Math.abs(lead.value))} of ${figure} ${range}`;
  if (isPanelChosen) return `this panel ${compared(name)}`;
  if (lead.low === 0 && lead.high === 0) return `${name} is chosen; no other panel is better`;
  // A baseline that meets the aim comes before a panel that does not, even one with a large lead.
  const reason =
    isAimMet && misses.length > 0
      ? `but misses the aim: ${misses.map((miss) => `${figures[miss.figure].name} by ${figures[miss.figure].distance(miss.by)}`).join(', ')}`
      : 'no gain beyond noise';
  return `${name} is chosen; the best other panel ${compared('it')}, ${reason}`;
};

/** Formats a difference of shares in points, with its sign. */
const signed = (share: number): string => `${share < 0 ? '−' : '+'}${percentFigure(Math.abs(share))}`;

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
  /** Formats the distance of two different values, never as 0. */
  readonly distance: (value: number) => string;
}

/** Formats a distance of shares: `1.8 points`. */
const points = (share: number): string =>
  share > 0 && share < 0.0005 ? 'less than 0.1 points' : `${percentFigure(share)} points`;
const figures: Readonly<Record<Bound['figure'], Shown>> = {
  accuracy: { name: 'accuracy', shown: formatPercent, distance: points },
  precision: { name: 'precision', shown: formatPercent, distance: points },
  costUsd: { name: 'cost', shown: formatUsd, distance: formatUsd },
  calls: {
    name: 'calls',
    shown: count,
    distance: (calls) => (calls < 0.005 ? 'less than 0.01' : count(calls)),
  },
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
