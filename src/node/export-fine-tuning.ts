import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConfigError } from '../domain/errors.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import {
  type FineTuningFormat,
  fineTuningExample,
  fineTuningFaults,
} from '../experiment/training/fine-tuning-example.ts';
import type { PredictionResult } from '../metrics/stats.ts';
import { between, nonEmpty, refuse, shown } from '../options.ts';
import { rowSource } from './row-source.ts';

/** Options of {@link exportFineTuning}. */
export interface ExportFineTuningOptions {
  /** Whose format the file is in. */
  readonly format: FineTuningFormat;
  /** The consensus below which an answer is not taken, 0..1. Default 1: only what all votes agree on. */
  readonly minConsensus?: number;
  /** The share of the panel that must have voted, 0..1. Default 0.5. */
  readonly minQuorum?: number;
  /** What is to be learned: the `text` of the winning side, or the bare `answer`. Default `text`. */
  readonly learn?: 'text' | 'answer';
}

/** What became of the predictions: each is in one of the counts. */
export interface FineTuningExport {
  /** How many examples are in the file. */
  readonly examples: number;
  /** How many queries had no prediction, too little agreement, too few votes, and no form in this format. */
  readonly withoutPrediction: number;
  readonly belowConsensus: number;
  readonly belowQuorum: number;
  readonly withoutForm: number;
  /** What the provider would object to in the whole file, such as too few examples. */
  readonly warnings: readonly string[];
}

/** OpenAI refuses a file of fewer; Google advises 100, and takes fewer. */
const LEAST_EXAMPLES: Readonly<Record<FineTuningFormat, number>> = { openai: 10, gemini: 100 };

/**
 * Writes what an ensemble agreed on as a training file (JSON Lines) for a small model, and resolves with what is
 * in it. Agreement stands in for labels: no right answer is needed, and none is looked at.
 *
 * The file is replaced. Predictions are read no faster than they are written, so memory stays flat. Questions
 * and answers are in the file. Costs no calls beside those that reading the predictions makes; from a
 * journal, rescore it and give the predictions.
 *
 * @throws {ConfigError} for options that cannot be, and where the file cannot be written. Rejects with the error of the
 *   predictions where reading them fails; the examples before it are in the file.
 *
 * @example
 * ```ts
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
  refuse(faultsOfExport(path, options));
  const { format } = options;
  const count = { examples: 0, withoutPrediction: 0, belowConsensus: 0, belowQuorum: 0, withoutForm: 0 };
  const source = rowSource(results, (result) => {
    const { kind, example } = sorted(result, options);
    count[kind] += 1;
    return example === undefined ? undefined : `${JSON.stringify(example)}\n`;
  });
  try {
    await pipeline(Readable.from(source), createWriteStream(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError([`exportFineTuning: ${path} cannot be written (${code ?? message})`]);
  }
  const failure = source.failure();
  if (failure !== undefined) throw failure.error;
  const least = LEAST_EXAMPLES[format];
  const warnings =
    count.examples < least ? [`${count.examples} examples: ${format} asks for ${least} or more`] : [];
  return { ...count, warnings };
};

type Example = ReturnType<typeof fineTuningExample>;

const sorted = (
  result: PredictionResult,
  { format, minConsensus = 1, minQuorum = 0.5, learn }: ExportFineTuningOptions,
): { readonly kind: Exclude<keyof FineTuningExport, 'warnings'>; readonly example?: Example } => {
  if (result instanceof NoPredictionError) return { kind: 'withoutPrediction' };
  const { consensus, quorum } = result.metadata;
  if (consensus < minConsensus) return { kind: 'belowConsensus' };
  if (quorum < minQuorum) return { kind: 'belowQuorum' };
  const example = fineTuningExample(result, { format, learn });
  return example === undefined ? { kind: 'withoutForm' } : { kind: 'examples', example };
};

const faultsOfExport = (path: unknown, options: ExportFineTuningOptions): readonly string[] => [
  ...(nonEmpty(path) === undefined
    ? []
    : [`exportFineTuning: the path must be a text, but got ${shown(path)}`]),
  ...fineTuningFaults('exportFineTuning', options, { minConsensus: between(0, 1), minQuorum: between(0, 1) }),
];
