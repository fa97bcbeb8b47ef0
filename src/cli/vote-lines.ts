import stringWidth from 'string-width';
import { formatVotes } from '../rendering/amounts.ts';
import { padded } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';
import type { Paint } from './paint.ts';
import type { PredictionProgress } from './prediction-progress.ts';

const MAX_BAR = 24;
const MIN_BAR = 6;
const MAX_ANSWERS = 5;
const MAX_ANSWER = 30;
/** Columns for the vote count and the gaps. */
const COUNT_WIDTH = 12;

/** The layout of vote lines. */
export interface VoteLineOptions {
  readonly paint: Paint;
  /** The width of a line, in columns. */
  readonly columns: number;
}

/** Renders a bar for each answer with votes, most votes first. A full bar is the whole panel. */
export const voteLines = (
  { calls, votes }: PredictionProgress,
  { paint, columns }: VoteLineOptions,
): string[] => {
  const ranked = Object.entries(votes)
    .sort(([, a], [, b]) => b - a)
    .map(([answer, count]) => ({ answer: printable(answer, MAX_ANSWER), count }));
  const shown = ranked.slice(0, MAX_ANSWERS);
  const answerWidth = Math.max(...shown.map(({ answer }) => stringWidth(answer)));
  // Weights may add up to more than one for each call.
  const whole = Math.max(calls.length, ...shown.map(({ count }) => count));
  const barWidth = Math.min(MAX_BAR, Math.max(MIN_BAR, columns - answerWidth - COUNT_WIDTH));
  const lines = shown.map(({ answer, count }, rank) => {
    const filled = Math.round((barWidth * count) / whole);
    const bar = paint(rank === 0 ? 'green' : 'yellow', '█'.repeat(filled));
    const rest = paint('dim', '░'.repeat(barWidth - filled));
    return `  ${padded(answer, answerWidth)}  ${bar}${rest}  ${formatVotes(count)}`;
  });
  return ranked.length > shown.length ? [...lines, `  and ${ranked.length - shown.length} more`] : lines;
};
