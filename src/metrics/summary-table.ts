import { formatCost, formatNumber, formatPercent, formatSeconds } from '../rendering/amounts.ts';
import type { Distribution } from './distribution.ts';
import { meanCost, type Spending } from './spending.ts';
import type { ModelStats, Stats } from './stats.ts';

/** A table of a summary: the first cell of a row names it, the others are numbers. */
export interface SummaryTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const spent = (spending: Spending): string => formatCost(meanCost(spending, 1));

const latencies = ({ mean, p50, p95, p99, max }: Distribution): string[] =>
  [mean, p50, p95, p99, max].map(formatSeconds);

const nameOf = ({ model, role }: ModelStats): string => (role === undefined ? model : `${model} (${role})`);

const LATENCIES = ['mean', 'median', 'p95', 'p99', 'maximum'];

/** The tables of a summary, without empty ones. */
export const summaryTables = (stats: Stats): SummaryTable[] =>
  [
    {
      title: 'Overview',
      columns: ['', 'value'],
      rows: [
        ['queries', formatNumber(stats.count)],
        ['predictions', `${formatNumber(stats.successes)} (${formatPercent(stats.successShare)})`],
        ['degraded (members missing)', formatNumber(stats.degraded)],
        ['mean consensus', formatPercent(stats.meanConsensus)],
        ['mean quorum', formatPercent(stats.meanQuorum)],
        ['cost', spent(stats.costUsd)],
        ['mean cost of a query', formatCost(meanCost(stats.costUsd, stats.count))],
      ],
    },
    {
      title: 'Latency',
      columns: ['', ...LATENCIES],
      rows: [
        ['a prediction', ...latencies(stats.latencyMs)],
        ...stats.models.map((model) => [nameOf(model), ...latencies(model.latencyMs)]),
      ],
    },
    {
      title: 'Calls by model',
      columns: ['model', 'calls', 'answered', 'abstained', 'failed', 'cancelled', 'cost'],
      rows: stats.models.map((model) => {
        const { calls, successes, abstentions, failures, cancelled, costUsd } = model;
        return [
          nameOf(model),
          ...[calls, successes, abstentions, failures, cancelled].map((count) => formatNumber(count)),
          spent(costUsd),
        ];
      }),
    },
    {
      title: 'Strategies and executions',
      columns: ['strategy', 'execution', 'predictions'],
      rows: stats.strategies.map(({ strategy, execution, count }) => [
        strategy,
        execution,
        formatNumber(count),
      ]),
    },
    {
      title: 'Queries without a prediction',
      columns: ['error', 'queries'],
      rows: Object.entries(stats.errors).map(([name, count]) => [name, formatNumber(count)]),
    },
  ].filter(({ rows }) => rows.length > 0);
