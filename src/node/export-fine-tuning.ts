import { createWriteStream } from 'node:fs';
import { ConfigError } from '../domain/errors.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import { shownPath } from '../domain/quoting.ts';
import {
  type FineTuningFormat,
  fineTuningExample,
  fineTuningSpecs,
} from '../experiment/training/fine-tuning-example.ts';
import type { PredictionResult } from '../metrics/stats.ts';
import { between, checked } from '../options.ts';
import { pathFaults } from './path-faults.ts';
import { writeRows } from './write-rows.ts';

/** Options of {@link exportFineTuning}. */
export interface ExportFineTuningOptions {
  /** The format of the file, named after its provider. */
  readonly format: FineTuningFormat;
  /** The minimum consensus of an answer, 0..1. Default 1: all votes agree. */
  readonly minConsensus?: number;
  /** The minimum share of the panel that has voted, 0..1. Default 0.5. */
  readonly minQuorum?: number;
  /** The content to learn: the `text` of a winning response, or only the `answer`. Default `text`. */
  readonly learn?: 'text' | 'answer';
}

/** The result of an export. Each prediction is in exactly one of the counts. */
export interface FineTuningExport {
  /** The number of examples in the file. */
  readonly examples: number;
  /** The numbers of queries without a prediction, with too little consensus, too few votes, and no form in this format. */
  readonly withoutPrediction: number;
  readonly belowConsensus: number;
  readonly belowQuorum: number;
  readonly withoutForm: number;
  /** Objections that the provider would have to the whole file, such as too few examples. */
  readonly warnings: readonly string[];
}

/** OpenAI refuses a file with fewer examples; Google recommends 100 and accepts fewer. */
const LEAST_EXAMPLES: Readonly<Record<FineTuningFormat, number>> = { openai: 10, gemini: 100 };

/**
 * Writes the answers on which an ensemble agreed as a training file (JSON Lines) for a small model, and resolves with the
 * number of examples. Agreement replaces labels: expected answers are not used.
 *
 * An existing file is replaced. Predictions are read no faster than they are written, so memory stays flat. The file
 * contains questions and answers. Costs no calls beyond those of the predictions; to use a journal, rescore it and pass the
 * predictions.
 *
 * @throws {ConfigError} if an option is invalid or the file cannot be written. Rejects with the error of the predictions if
 * they fail; the examples before the error are in the file.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { tmpdir } from 'node:os';
 * import { exportFineTuning } from 'crucible-ensemble/node';
 *
 * const ensemble = createEnsemble({ models: ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 1 })) });
 * const predictions = ensemble.predictAll(Array.from({ length: 12 }, (_, a) => `What is ${a} + 1?`));
 * const { examples, warnings } = await exportFineTuning(predictions, `${tmpdir()}/train.jsonl`, { format: 'openai' });
 * examples; // => 12
 * warnings; // => []
 * ```
 */
export const exportFineTuning = async (
  results: Iterable<PredictionResult> | AsyncIterable<PredictionResult>,
  path: string,
  options: ExportFineTuningOptions,
): Promise<FineTuningExport> => {
  const completed = checked(
    'exportFineTuning',
    options,
    {
      ...fineTuningSpecs(),
      minConsensus: [between(0, 1), 1],
      minQuorum: [between(0, 1), 0.5],
    },
    pathFaults('exportFineTuning', path),
  );
  const count = { examples: 0, withoutPrediction: 0, belowConsensus: 0, belowQuorum: 0, withoutForm: 0 };
  await writeRows(
    results,
    (result) => {
      const { kind, example } = classify(result, completed);
      count[kind] += 1;
      return example && `${JSON.stringify(example)}\n`;
    },
    () => [createWriteStream(path)],
    (error) => {
      const { code, message } = error as NodeJS.ErrnoException;
      return new ConfigError([`exportFineTuning: ${shownPath(path)} cannot be written (${code ?? message})`]);
    },
  );
  const { format } = completed;
  const least = LEAST_EXAMPLES[format];
  const warnings =
    count.examples < least
      ? [`too few examples: ${count.examples}, but ${format} asks for ${least} or more`]
      : [];
  return { ...count, warnings };
};

type Example = ReturnType<typeof fineTuningExample>;

const classify = (
  result: PredictionResult,
  { format, minConsensus, minQuorum, learn }: Required<ExportFineTuningOptions>,
): { readonly kind: Exclude<keyof FineTuningExport, 'warnings'>; readonly example?: Example } => {
  if (result instanceof NoPredictionError) return { kind: 'withoutPrediction' };
  const { consensus, quorum } = result.metadata;
  if (consensus < minConsensus) return { kind: 'belowConsensus' };
  if (quorum < minQuorum) return { kind: 'belowQuorum' };
  const example = fineTuningExample(result, { format, learn });
  return example === undefined ? { kind: 'withoutForm' } : { kind: 'examples', example };
};
