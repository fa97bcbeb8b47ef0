import type { ConditionScore, Scorecard } from '../experiment/scorecard/scorecard.ts';
import type { ReliabilityCurve } from '../experiment/statistics/reliability-curve.ts';
import { type Html, html } from '../rendering/html.ts';
import { figure } from './chart.ts';
import { lineChart } from './line-chart.ts';
import { matrixChart } from './matrix-chart.ts';
import { type Point, pointChart } from './point-chart.ts';
import { medianMs } from './summary.ts';

const READING_TRADE_OFFS =
  'Higher and further left is better. The line joins the conditions that no other condition beats in both; bars are 95 % intervals.';

const share = (label: string) => ({ label, percent: true }) as const;

/** Draws accuracy over cost or latency. */
const tradeOff = (
  title: string,
  { conditions }: Scorecard,
  front: readonly string[],
  xOf: (condition: ConditionScore) => number | undefined,
  label: string,
  note: string,
): Html | undefined => {
  const names = conditions.map(({ condition }) => condition);
  const points = conditions.map((condition): Point | undefined => {
    const { condition: name, accuracy } = condition;
    const x = xOf(condition);
    if (accuracy === undefined || x === undefined) return undefined;
    const { value: y, low, high } = accuracy;
    return { name, x, y, low, high, isOnFront: front.includes(name) };
  });
  if (points.every((point) => point === undefined)) return undefined;
  return figure(title, pointChart(title, points, { x: { label }, y: share('accuracy, %') }), names, note);
};

export const costChart = (scorecard: Scorecard): Html | undefined =>
  tradeOff(
    'Accuracy and cost',
    scorecard,
    scorecard.pareto.costAccuracy,
    ({ costUsd }) => (costUsd === undefined ? undefined : 1000 * costUsd.value),
    'cost of 1,000 questions, USD',
    READING_TRADE_OFFS,
  );

export const latencyChart = (scorecard: Scorecard): Html | undefined =>
  tradeOff(
    'Accuracy and latency',
    scorecard,
    scorecard.pareto.latencyAccuracy,
    (condition) => {
      const median = medianMs(condition);
      return median === undefined ? undefined : median / 1000;
    },
    'median latency, s',
    READING_TRADE_OFFS,
  );

export const latencyDistributionChart = ({ conditions }: Scorecard): Html | undefined => {
  const series = conditions.map(({ condition, latencyQuantilesMs }) => ({
    name: condition,
    points: latencyQuantilesMs.flatMap((latencyMs, percent) =>
      latencyMs > 0 ? [{ x: latencyMs / 1000, y: percent / 100 }] : [],
    ),
  }));
  if (series.every(({ points }) => points.length === 0)) return undefined;
  const title = 'Latency';
  return figure(
    title,
    lineChart(title, series, {
      x: { label: 'seconds (log scale)', type: 'log', ticks: 5, tickFormat: '~g' },
      y: share('predictions completed, %'),
    }),
    series.map(({ name }) => name),
    'The share of predictions completed within a time: further left is faster.',
  );
};

export const riskCoverageChart = ({ conditions }: Scorecard): Html | undefined => {
  const series = conditions.map(({ condition, riskCoverage }) => ({
    name: condition,
    points: riskCoverage.points.map(({ coverage, risk }) => ({ x: coverage, y: risk })),
  }));
  if (series.every(({ points }) => points.length === 0)) return undefined;
  const title = 'Risk and coverage';
  return figure(
    title,
    lineChart(title, series, {
      x: { ...share('questions answered, %'), domain: [0, 100] },
      y: share('wrong answers among these, %'),
    }),
    series.map(({ name }) => name),
    'The error rate if only the most confident answers are given: low and flat is better.',
  );
};

export const calibrationChart = ({ conditions }: Scorecard): Html | undefined => {
  const series = conditions.map(({ condition, calibration }) => ({
    name: condition,
    points: calibration.before.bins.map(({ meanConfidence, accuracy, interval: { low, high } }) => ({
      x: meanConfidence,
      y: accuracy,
      // The intervals of more than two conditions would hide the lines.
      ...(conditions.length <= 2 && { low, high }),
    })),
  }));
  if (series.every(({ points }) => points.length === 0)) return undefined;
  const title = 'Calibration';
  const axes = { domain: [0, 100] } as const;
  return figure(
    title,
    lineChart(title, series, {
      x: { ...share('confidence, %'), ...axes },
      y: { ...share('accuracy, %'), ...axes },
      isMarked: true,
      hasDiagonal: true,
    }),
    series.map(({ name }) => name),
    'On the dotted line, answers with a confidence of 80 % are right 80 % of the time; below it, confidence is too high.',
  );
};

export const reliabilityChart = ({ points, questions }: ReliabilityCurve): Html => {
  const observed = points.flatMap(({ size, accuracy }) =>
    accuracy === undefined ? [] : [{ x: size, y: accuracy.value, low: accuracy.low, high: accuracy.high }],
  );
  const series = [
    { name: 'average panel of this size', points: observed },
    {
      name: 'expected if errors were independent',
      points: points.map(({ size, ifIndependent }) => ({ x: size, y: ifIndependent })),
    },
    {
      name: 'best panel on these questions',
      points: points.map(({ size, best }) => ({ x: size, y: best.accuracy })),
    },
  ];
  const title = 'Reliability and size';
  const ticks = points.map(({ size }) => size);
  return figure(
    title,
    lineChart(title, series, {
      x: { label: 'members', ticks, tickFormat: 'd' },
      y: share('accuracy, %'),
      isMarked: true,
    }),
    series.map(({ name }) => name),
    `Plurality votes on ${questions} questions. The gap between the first two lines is the cost of shared errors.`,
  );
};

/** Draws one chart for each different panel, at most `atMost`. */
export const agreementCharts = ({ conditions }: Scorecard, atMost = 4): readonly Html[] => {
  const panels = new Map(
    conditions
      .toReversed()
      .filter(({ agreement: { pairs } }) => pairs.some(({ questions }) => questions > 0))
      .map((condition) => [JSON.stringify(condition.agreement.models), condition]),
  );
  return [...panels.values()]
    .reverse()
    .slice(0, atMost)
    .map(({ condition, agreement: { models, matrix, effectiveVotes } }) => {
      const title = `Agreement in ${condition}`;
      const shares = matrix.map((row) => row.map((agreed) => agreed ?? undefined));
      const worth =
        effectiveVotes === undefined ? '' : `, worth ${effectiveVotes.toFixed(1)} independent votes`;
      return html`<figure><h3>${title}</h3>${matrixChart(title, models, shares)}<ul class="legend">${models.map((model, index) => html`<li>${index + 1}. ${model}</li>`)}</ul><figcaption>How often each pair of models gave the same answer, in %. ${models.length} models${worth}.</figcaption></figure>`;
    });
};
