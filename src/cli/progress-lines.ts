import stringWidth from 'string-width';
import { formatSeconds, formatVotes, knownCost } from '../rendering/amounts.ts';
import { padded } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';
import { inCommandLineWords } from './command-line-words.ts';
import type { Paint, Style } from './paint.ts';
import type { CallProgress, PredictionProgress } from './prediction-progress.ts';

/** The layout of lines. */
export interface Layout {
  readonly paint: Paint;
  /** The width of a line, in columns. */
  readonly columns: number;
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
/** The minimum width of the answer, however narrow the terminal is. */
const MIN_RESULT = 20;

/**
 * Renders one line for each call: status, model, latency, confidence, cost, and the answer or the reason for none.
 *
 * @param timeMs now, by the clock of durations. With it, calls in flight show how long they have run.
 */
export const callLines = (
  { calls }: PredictionProgress,
  { paint, columns }: Layout,
  timeMs?: number,
): string[] => {
  const names = calls.map(nameOf);
  const nameWidth = Math.max(...names.map((name) => stringWidth(name)));
  return calls.map((call, index) => {
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
      ((outcome && knownCost(outcome)) ?? '').padStart(COST_WIDTH),
    ].join('  ');
    const used = 2 + nameWidth + 2 + figures.length + 2;
    const result = printable(resultOf(call), Math.max(columns - used - 1, MIN_RESULT));
    return [
      `${paint(style, turning ?? mark)} ${padded(names[index] ?? '', nameWidth)}`,
      paint('dim', figures),
      paint(status === 'answered' ? 'bold' : style, result),
    ].join('  ');
  });
};

/** The name of a model, with the role of its call. */
const nameOf = ({ model, role }: Pick<CallProgress, 'model' | 'role'>): string =>
  role === undefined ? printable(model, MAX_NAME) : `${printable(model, MAX_NAME)} (${role})`;

const resultOf = ({ status, outcome, model, isLate = false }: CallProgress): string => {
  if (isLate) return 'not in time';
  if (outcome?.status === 'answered') return outcome.key;
  if (outcome?.status === 'abstained') return `abstained: ${outcome.reason}`;
  if (outcome?.status === 'failed') {
    return `failed: ${inCommandLineWords(outcome.error.message).replace(`${model}: `, '')}`;
  }
  return status === 'idle' ? 'not called' : status;
};

const MAX_BAR = 24;
const MIN_BAR = 6;
const MAX_ANSWERS = 5;
const MAX_ANSWER = 30;
/** Columns for the vote count and the gaps. */
const COUNT_WIDTH = 12;

/** Renders a bar for each answer with votes, most votes first. A full bar is the whole panel. */
export const voteLines = ({ calls, votes }: PredictionProgress, { paint, columns }: Layout): string[] => {
  const ranked = Object.entries(votes)
    .sort(([, a], [, b]) => b - a)
    .map(([answer, count]) => ({ answer: printable(answer, MAX_ANSWER), count }));
  const shown = ranked.slice(0, MAX_ANSWERS);
  const answerWidth = Math.max(...shown.map(({ answer }) => stringWidth(answer)));
  // Weights may add up to more than one for each call.
  const members = calls.filter(({ role }) => role === undefined).length;
  const whole = Math.max(members, ...shown.map(({ count }) => count));
  const barWidth = Math.min(MAX_BAR, Math.max(MIN_BAR, columns - answerWidth - COUNT_WIDTH));
  const lines = shown.map(({ answer, count }, rank) => {
    const filled = Math.round((barWidth * count) / whole);
    const bar = paint(rank === 0 ? 'green' : 'yellow', '█'.repeat(filled));
    const rest = paint('dim', '░'.repeat(barWidth - filled));
    return `  ${padded(answer, answerWidth)}  ${bar}${rest}  ${formatVotes(count)}`;
  });
  return ranked.length > shown.length ? [...lines, `  and ${ranked.length - shown.length} more`] : lines;
};
