import { isWhole, mostOf } from '../domain/cost.ts';
import { costOfQuestion } from '../experiment/scorecard/cost-of-question.ts';
import type { ConditionScore, Scorecard } from '../experiment/scorecard/scorecard.ts';
import type { ReliabilityCurve } from '../experiment/statistics/reliability-curve.ts';
import { wilsonInterval } from '../experiment/statistics/wilson-interval.ts';
import { type Html, html } from '../rendering/html.ts';
import { figure, withCount } from './chart.ts';
import { type LinePoint, lineFigure } from './line-figure.ts';
import { matrixChart } from './matrix-chart.ts';
import { type Point, pointChart } from './point-chart.ts';
import type { ReportContent } from './report-content.ts';
import { measuredAccuracy, medianMs } from './summary.ts';

/** Draws the charts of a report. A chart is left out if there are no data for it. */
export const drawCharts = ({ scorecard, reliability }: ReportContent): readonly Html[] =>
  [
    costChart(scorecard),
    latencyChart(scorecard),
    latencyDistributionChart(scorecard),
    reliability && reliabilityChart(reliability),
    riskCoverageChart(scorecard),
    calibrationChart(scorecard),
    ...agreementCharts(scorecard),
  ].filter((drawn) => drawn !== undefined);

const share = (label: string) => ({ label, percent: true }) as const;

/** Draws accuracy over cost or latency. */
const tradeOff = (
  title: string,
  { conditions }: Scorecard,
  front: readonly string[],
  xOf: (condition: ConditionScore) => Pick<Point, 'x' | 'xMost'> | undefined,
  { label, note = '' }: { readonly label: string; readonly note?: string },
): Html | undefined => {
  const points = conditions.map((condition): Point | undefined => {
    const { condition: name } = condition;
    const accuracy = measuredAccuracy(condition);
    const x = xOf(condition);
    if (accuracy === undefined || x === undefined) return undefined;
    const { value: y, low, high } = accuracy;
    const { labelled: count } = condition;
    return {
      ...x,
      y,
      low,
      high,
      name,
      count,
      isOnFront: front.includes(name) && x.xMost !== Number.POSITIVE_INFINITY,
    };
  });
  if (points.every((point) => point === undefined)) return undefined;
  return figure(
    title,
    pointChart(title, points, { x: { label }, y: share('accuracy, %') }),
    conditions.map(({ condition, labelled }) => withCount(condition, labelled)),
    `Higher and further left is better. The line joins the conditions that no other condition beats in both; bars are 95 % intervals, n is the number of questions.${note}`,
  );
};

const costChart = (scorecard: Scorecard): Html | undefined => {
  const isPartlyKnown = scorecard.conditions.some((condition) => !isWhole(costOfQuestion(condition)));
  return tradeOff(
    'Accuracy and cost',
    scorecard,
    scorecard.pareto.costAccuracy,
    (condition) => {
      const cost = costOfQuestion(condition);
      const { costUsd } = cost;
      if (costUsd === undefined) return undefined;
      return { x: 1000 * costUsd, ...(!isWhole(cost) && { xMost: 1000 * mostOf(cost) }) };
    },
    { label: 'cost of 1,000 questions, USD', ...(isPartlyKnown && { note: PARTLY_KNOWN }) },
  );
};

const PARTLY_KNOWN =
  ' A cost with an arrow leaves out calls: it is at least as high as drawn, and at most as high as its line is long. Without such a line it is not compared.';

const latencyChart = (scorecard: Scorecard): Html | undefined =>
  tradeOff(
    'Accuracy and latency',
    scorecard,
    scorecard.pareto.latencyAccuracy,
    (condition) => {
      const median = medianMs(condition);
      return median === undefined ? undefined : { x: median / 1000 };
    },
    { label: 'median latency, s' },
  );

const latencyDistributionChart = ({ conditions }: Scorecard): Html | undefined =>
  lineFigure(
    'Latency',
    conditions.map(({ condition, latencyQuantilesMs, predicted }) => ({
      name: condition,
      points: latencyQuantilesMs.flatMap((latencyMs, percent) =>
        latencyMs > 0 ? [measured(latencyMs / 1000, percent / 100, predicted)] : [],
      ),
    })),
    {
      x: { label: 'seconds (log scale)', type: 'log', ticks: 5, tickFormat: '~g' },
      y: share('predictions completed, %'),
      note: 'The share of predictions completed within a time: further left is faster. n is the number of predictions.',
    },
  );

/** A share of `count` observations, with Wilson's interval. */
const measured = (x: number, y: number, count: number): LinePoint =>
  count === 0 ? { x, y } : { x, y, ...wilsonInterval(Math.min(count, y * count), count), count };

const riskCoverageChart = ({ conditions }: Scorecard): Html | undefined =>
  lineFigure(
    'Risk and coverage',
    conditions.map(({ condition, riskCoverage, labelled }) => ({
      name: condition,
      points: riskCoverage.points.map(({ coverage, risk }) =>
        measured(coverage, risk, Math.round(coverage * labelled)),
      ),
    })),
    {
      x: { ...share('questions answered, %'), domain: [0, 100] },
      y: share('wrong answers among these, %'),
      note: 'The error rate if only the most confident answers are given: low and flat is better. n is the number of answers at the right end.',
    },
  );

const calibrationChart = ({ conditions }: Scorecard): Html | undefined =>
  lineFigure(
    'Calibration',
    conditions.map(({ condition, calibration }) => ({
      name: condition,
      points: calibration.before.bins.map(({ meanConfidence, accuracy, interval: { low, high }, count }) => ({
        x: meanConfidence,
        y: accuracy,
        low,
        high,
        count,
      })),
    })),
    {
      x: { ...share('confidence, %'), domain: [0, 100] },
      y: { ...share('accuracy, %'), domain: [0, 100] },
      isMarked: true,
      hasDiagonal: true,
      note: 'On the dotted line, answers with a confidence of 80 % are right 80 % of the time; below it, confidence is too high. Bars are 95 % intervals; a larger dot stands for more answers, n for those of the largest.',
    },
  );

const reliabilityChart = ({ points, questions }: ReliabilityCurve): Html | undefined =>
  lineFigure(
    'Reliability and size',
    [
      {
        name: 'average panel of this size',
        points: points.flatMap(({ size, accuracy }) =>
          accuracy === undefined
            ? []
            : [{ x: size, y: accuracy.value, low: accuracy.low, high: accuracy.high, count: questions }],
        ),
      },
      {
        name: 'expected if errors were independent',
        points: points.map(({ size, ifIndependent }) => ({ x: size, y: ifIndependent })),
      },
      {
        name: 'best panel on these questions',
        points: points.map(({ size, best }) => ({ x: size, y: best.accuracy })),
      },
    ],
    {
      x: { label: 'members', ticks: points.map(({ size }) => size), tickFormat: 'd' },
      y: share('accuracy, %'),
      isMarked: true,
      note: `Plurality votes on ${questions} questions. Bars are 95 % intervals; the best panel has none, because it is chosen by these questions. The gap between the first two lines is the cost of shared errors.`,
    },
  );

/** The maximum number of panels with a chart of their agreement. */
const MAX_AGREEMENTS = 4;

/** Draws one chart for each different panel. */
const agreementCharts = ({ conditions }: Scorecard): readonly Html[] => {
  const panels = new Map(
    conditions
      .toReversed()
      .filter(({ agreement: { pairs } }) => pairs.some(({ questions }) => questions > 0))
      .map((condition) => [JSON.stringify(condition.agreement.models), condition]),
  );
  return [...panels.values()]
    .reverse()
    .slice(0, MAX_AGREEMENTS)
    .map(({ condition, agreement: { models, matrix, pairs, effectiveVotes } }) => {
      const counts = pairs.map(({ questions }) => questions);
      const [least, most] = [Math.min(...counts), Math.max(...counts)];
      const title = `Agreement in ${condition}`;
      const worth =
        effectiveVotes === undefined ? '' : `, worth ${effectiveVotes.toFixed(1)} independent votes`;
      return html`<figure><h3>${title}</h3>${matrixChart(title, models, { matrix, pairs })}<ul class="legend">${models.map((model, index) => html`<li>${index + 1}. ${model}</li>`)}</ul><figcaption>How often each pair of models gave the same answer, in %, on ${least === most ? least : `${least} to ${most}`} questions. ${models.length} models${worth}.</figcaption></figure>`;
    });
};
