import stringWidth from 'string-width';
import { formatCost, formatSeconds } from '../rendering/amounts.ts';
import { padded } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';
import type { Paint, Style } from './paint.ts';
import type { CallProgress, PredictionProgress } from './prediction-progress.ts';

/** The layout of call lines. */
export interface CallLineOptions {
  readonly paint: Paint;
  /** The width of a line, in columns. */
  readonly columns: number;
  /** Now, by the clock of durations. With it, calls in flight show how long they have run. */
  readonly timeMs?: number;
}

const marks: Readonly<Record<CallProgress['status'], readonly [string, Style]>> = {
  idle: ['·', 'dim'],
  waiting: ['⠋', 'cyan'],
  answered: ['✓', 'green'],
  abstained: ['○', 'yellow'],
  failed: ['✗', 'red'],
  cancelled: ['–', 'dim'],
};

const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const SPINNER_STEP_MS = 100;

const MAX_NAME = 24;
const LATENCY_WIDTH = 8;
const CONFIDENCE_WIDTH = 4;
const COST_WIDTH = 9;
/** The least width of the answer, however narrow the terminal is. */
const MIN_RESULT = 20;

const nameOf = ({ model }: CallProgress): string => printable(model, MAX_NAME);

/** Renders one line for each call: status, model, latency, confidence, cost, and the answer or the reason for none. */
export const callLines = ({ calls }: PredictionProgress, options: CallLineOptions): string[] => {
  const nameWidth = Math.max(...calls.map((call) => stringWidth(nameOf(call))));
  return calls.map((call) => callLine(call, nameWidth, options));
};

/** Renders the line of one call, with its name padded to `nameWidth`. */
export const callLine = (
  call: CallProgress,
  nameWidth: number,
  { paint, columns, timeMs }: CallLineOptions,
): string => {
  const { status, outcome, startedAtMs } = call;
  const waitedMs =
    status === 'waiting' && timeMs !== undefined ? timeMs - (startedAtMs ?? timeMs) : undefined;
  const latencyMs = outcome?.latencyMs ?? waitedMs;
  const [mark, style] = marks[status];
  const turning =
    waitedMs === undefined ? mark : spinner[Math.floor(waitedMs / SPINNER_STEP_MS) % spinner.length];
  const confidence = outcome?.status === 'answered' ? outcome.confidence : undefined;
  const figures = [
    (latencyMs === undefined ? '' : formatSeconds(latencyMs)).padStart(LATENCY_WIDTH),
    (confidence?.toFixed(2) ?? '').padStart(CONFIDENCE_WIDTH),
    (outcome?.costUsd === undefined ? '' : formatCost(outcome.costUsd)).padStart(COST_WIDTH),
  ].join('  ');
  const used = 2 + nameWidth + 2 + figures.length + 2;
  const result = printable(resultOf(call), Math.max(columns - used - 1, MIN_RESULT));
  return [
    `${paint(style, turning ?? mark)} ${padded(nameOf(call), nameWidth)}`,
    paint('dim', figures),
    status === 'answered' ? paint('bold', result) : paint(style, result),
  ].join('  ');
};

const resultOf = ({ status, outcome, model }: CallProgress): string => {
  if (outcome?.status === 'answered') return outcome.key;
  if (outcome?.status === 'abstained') return `abstained: ${outcome.reason}`;
  if (outcome?.status === 'failed') return `failed: ${outcome.error.message.replace(`${model}: `, '')}`;
  return status === 'idle' ? 'not called' : status;
};
