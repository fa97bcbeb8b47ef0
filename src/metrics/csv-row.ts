import type { Timestamp } from 'rxjs';
import { answerText } from '../domain/answer-key.ts';
import { type Cost, isWhole, sumOf } from '../domain/cost.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import { type Outcome, ofMembers } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import { reading } from '../options.ts';
import { knownCost, plainUsd } from '../rendering/amounts.ts';
import type { PredictionResult } from './stats.ts';

/** The columns of a CSV file of predictions, in order. */
export const csvColumns = [
  'timestamp',
  'query',
  'models',
  'strategy',
  'answer',
  'consensus',
  'duration_ms',
  'total_cost',
  'successes',
  'failures',
  'abstentions',
  'cancelled',
  'cost_source',
  'quorum',
  'confidence',
  'status',
  'execution',
  'missing',
  'warnings',
  'error',
  'text',
  'cost_usd_min',
  'cost_usd_max',
  'served_by',
] as const;

/** One row: a cell for each column, `undefined` if there is no value. */
export type CsvRow = Readonly<Record<(typeof csvColumns)[number], string | number | undefined>>;

const emptyRow = Object.fromEntries(csvColumns.map((column) => [column, undefined])) as CsvRow;

/**
 * Turns a text into a cell that no spreadsheet runs as a formula. A text that starts with `=`, `+`, `-`, `@`, one of
 * their full-width forms, tab, CR, LF or NUL gets a leading apostrophe (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10). A
 * plain number stays as it is. If a text already has apostrophes before such a start, it gets one more, so that
 * removing one apostrophe restores the text.
 */
const toCell = (text: string): string =>
  /^'*[=+\-@\t\r\n\0＝＋－＠]/.test(text) && !/^[+-]\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text;

/** The models that were called, as their providers name them, in the order of their outcomes. */
const servers = (outcomes: readonly Outcome[]): string =>
  list([...new Set(outcomes.flatMap(({ servedBy }) => servedBy ?? []))]);

const list = (items: readonly string[]): string => toCell(items.join('; '));

/** A number if the cost is wholly known; otherwise a text that no spreadsheet adds up, such as `≥$0.02`, and its bounds. */
const costCells = (cost: Cost) => {
  const { costUsd, costSource, maxCostUsd } = cost;
  return {
    ...(isWhole(cost)
      ? { total_cost: plainUsd(costUsd) }
      : { total_cost: knownCost(cost), cost_usd_min: plainUsd(costUsd), cost_usd_max: plainUsd(maxCostUsd) }),
    cost_source: costSource,
  };
};

const ofPrediction = ({ query, answer, text, metadata, outcomes }: Prediction) => ({
  query: toCell(typeof query === 'string' ? query : JSON.stringify(query)),
  models: list(metadata.modelsUsed),
  strategy: toCell(metadata.strategy),
  answer: typeof answer === 'number' ? answer : toCell(answerText(answer)),
  consensus: metadata.consensus,
  duration_ms: metadata.latencyMs,
  successes: metadata.successes,
  failures: metadata.failures,
  abstentions: metadata.abstentions,
  cancelled: metadata.cancelled,
  ...costCells(metadata),
  quorum: metadata.quorum,
  confidence: metadata.confidence,
  status: metadata.status,
  execution: toCell(metadata.execution),
  missing: list(metadata.missing.map(({ model, reason }) => `${model}: ${reason}`)),
  warnings: list(metadata.warnings),
  text: toCell(text),
  served_by: servers(outcomes),
});

/** An error has its calls, but neither the question nor its duration. Its message is kept out of the file. */
const ofFailure = ({ name, outcomes }: NoPredictionError) => {
  const members = ofMembers(outcomes);
  const counted = (status: Outcome['status']): number =>
    members.filter((outcome) => outcome.status === status).length;
  return {
    models: list([...new Set(outcomes.map(({ model }) => model))]),
    successes: counted('answered'),
    failures: counted('failed'),
    abstentions: counted('abstained'),
    cancelled: counted('cancelled'),
    ...costCells(sumOf(outcomes)),
    status: 'failed',
    error: name,
    served_by: servers(outcomes),
  };
};

/**
 * Turns a prediction, or the error of a query, into a row of {@link csvColumns} for a CSV writer that quotes.
 * `exportToCsv` of `crucible-ensemble/node` writes such rows into a file.
 *
 * Numbers stay numbers: durations in milliseconds, costs in USD, proportions 0..1. A cost that leaves out calls is a text such
 * as `≥$0.02`, with its bounds in `cost_usd_min` and `cost_usd_max`. The time is ISO 8601 in
 * UTC. A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV Injection").
 *
 * @throws {RangeError} if the timestamp is not a valid time in milliseconds since 1970.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { csvRow } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 * });
 * const row = csvRow({ value: await ensemble.predict('What is 2 + 2?'), timestamp: 0 });
 * row.timestamp; // => '1970-01-01T00:00:00.000Z'
 * row.models; // => 'model-1; model-2; model-3'
 * row.answer; // => '4'
 * ```
 */
export const csvRow = (entry: Timestamp<PredictionResult>): CsvRow =>
  reading('csvRow', () => {
    const { value, timestamp } = entry;
    return {
      ...emptyRow,
      timestamp: new Date(timestamp).toISOString(),
      ...(value instanceof NoPredictionError ? ofFailure(value) : ofPrediction(value)),
    };
  });
