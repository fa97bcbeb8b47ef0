import { CancelledError, NoConsensusError, type NoPredictionError } from '../domain/no-prediction.ts';
import { printable } from '../rendering/printable.ts';
import { inCommandLineWords } from './command-line-words.ts';
import { type PredictionProgress, withOutcomes } from './prediction-progress.ts';
import { callLines, type Layout, voteLines } from './progress-lines.ts';

const MAX_REASON = 300;
const INDENT = '  ';

/** Renders the reason why there is no prediction, and the outcome of each call. */
export const failureLines = (
  error: NoPredictionError,
  progress: PredictionProgress,
  { paint, columns }: Layout,
): string[] => {
  const reason =
    error instanceof CancelledError
      ? 'cancelled'
      : `no prediction: ${printable(inCommandLineWords(error.message), MAX_REASON)}`;
  const final = withOutcomes(progress, error.outcomes);
  const layout = { paint, columns: columns - INDENT.length };
  return [
    reason,
    ...callLines(final, layout).map((line) => INDENT + line),
    ...(error instanceof NoConsensusError ? voteLines({ ...final, votes: error.votes }, layout) : []),
  ];
};
