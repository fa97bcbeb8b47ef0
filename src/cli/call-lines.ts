import { shownCost, shownSeconds } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { Paint, Style } from './paint.ts';
import type { CallProgress, PredictionProgress } from './prediction-progress.ts';

/** How call lines are set. */
export interface CallLineOptions {
  readonly paint: Paint;
  /** The width that a line may take. */
  readonly columns: number;
  /** Now, by the clock of durations: calls still out show how long they have been. */
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
/** The least room for what a model said, however narrow the terminal is. */
const MIN_SAYING = 20;

const nameOf = ({ model }: CallProgress): string => printable(model, MAX_NAME);

/** One line for each call: what became of it, who, how long, how sure, for how much, and what it said. */
export const callLines = ({ calls }: PredictionProgress, options: CallLineOptions): string[] => {
  const nameWidth = Math.max(...calls.map((call) => nameOf(call).length));
  return calls.map((call) => callLine(call, nameWidth, options));
};

/** The line of one call, with its name padded to a width. */
export const callLine = (
  call: CallProgress,
  nameWidth: number,
  { paint, columns, timeMs }: CallLineOptions,
): string => {
  const { status, outcome, askedAtMs } = call;
  const waitedMs = status === 'waiting' && timeMs !== undefined ? timeMs - (askedAtMs ?? timeMs) : undefined;
  const latencyMs = outcome?.latencyMs ?? waitedMs;
  const [mark, style] = marks[status];
  const turning =
    waitedMs === undefined ? mark : spinner[Math.floor(waitedMs / SPINNER_STEP_MS) % spinner.length];
  const confidence = outcome?.status === 'answered' ? outcome.confidence : undefined;
  const figures = [
    (latencyMs === undefined ? '' : shownSeconds(latencyMs)).padStart(LATENCY_WIDTH),
    (confidence?.toFixed(2) ?? '').padStart(CONFIDENCE_WIDTH),
    (outcome?.costUsd === undefined ? '' : shownCost(outcome.costUsd)).padStart(COST_WIDTH),
  ].join('  ');
  const used = 2 + nameWidth + 2 + figures.length + 2;
  const said = printable(sayingOf(call), Math.max(columns - used - 1, MIN_SAYING));
  return [
    `${paint(style, turning ?? mark)} ${nameOf(call).padEnd(nameWidth)}`,
    paint('dim', figures),
    status === 'answered' ? paint('bold', said) : paint(style, said),
  ].join('  ');
};

const sayingOf = ({ status, outcome, model }: CallProgress): string => {
  if (outcome?.status === 'answered') return outcome.key;
  if (outcome?.status === 'abstained') return `abstained: ${outcome.reason}`;
  if (outcome?.status === 'failed') return `failed: ${outcome.error.message.replace(`${model}: `, '')}`;
  return status === 'idle' ? 'not asked' : status === 'cancelled' ? 'aborted' : 'waiting';
};
