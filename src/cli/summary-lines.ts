import { answerKey } from '../domain/answer-key.ts';
import type { Decision, Prediction } from '../domain/prediction.ts';
import { formatSeconds, formatShare, formatVotes, knownCost } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { Paint } from './paint.ts';
import type { PredictionProgress } from './prediction-progress.ts';

const MAX_LENGTH = 300;

/** Renders the result, one line each: answer, text, consensus, cost, latency, models that were cancelled or not in time, warnings. */
export const summaryLines = (
  { answer, text, metadata, outcomes }: Prediction,
  { deadlineMs }: PredictionProgress,
  paint: Paint,
): string[] => {
  const key = answerKey(answer);
  const votes = Object.entries(metadata.votes)
    .sort(([, a], [, b]) => b - a)
    .map(([voted, count]) => `${printable(voted, 40)}: ${formatVotes(count)}`);
  const cancelled = outcomes
    .filter(({ status }) => status === 'cancelled')
    .map(({ model }) => printable(model, 40))
    .join(', ');
  const isLate = metadata.stoppedBy === 'deadline';
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['answer', paint('bold', paint('green', printable(key, MAX_LENGTH)))],
    ['text', text.trim() === key ? undefined : printable(text, MAX_LENGTH)],
    [
      'consensus',
      `${formatShare(metadata.consensus)} of ${votesOf(metadata.successes)}${metadata.grouping === undefined ? '' : `, by ${printable(metadata.grouping, 40)}`} (${votes.slice(0, 5).join(', ')}${votes.length > 5 ? ', …' : ''})`,
    ],
    ['decision', metadata.decision && decisionIn(metadata.decision)],
    ['cost', knownCost(metadata) ?? 'unknown'],
    ['latency', formatSeconds(metadata.latencyMs)],
    [
      isLate ? 'missing' : 'cancelled',
      cancelled && `${cancelled}${isLate ? `: not in time (deadline ${deadlineMs} ms)` : ''}`,
    ],
    ...metadata.warnings.map((warning) => ['warning', printable(warning, MAX_LENGTH)] as const),
  ];
  return rows.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [`${paint('dim', label.padEnd(9))}  ${value}`],
  );
};

const decisionIn = ({ by, status, reason }: Decision): string =>
  `${statuses[status]} ${printable(by, 40)}${reason === undefined ? '' : `: ${printable(reason, MAX_LENGTH)}`}`;

const statuses: Readonly<Record<Decision['status'], string>> = {
  chosen: 'chosen by',
  written: 'written by',
  kept: 'by the votes, without',
  abstained: 'by the votes, because of no verdict of',
  failed: 'by the votes, because of no verdict of',
};

const votesOf = (count: number): string => (count === 1 ? '1 vote' : `${count} votes`);
