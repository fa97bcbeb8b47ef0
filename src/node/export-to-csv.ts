import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Options, stringify } from 'csv-stringify';
import { asyncScheduler, isObservable, type Observable, type Timestamp } from 'rxjs';
import { CrucibleError } from '../domain/errors.ts';
import { csvColumns, csvRow } from '../metrics/csv-row.ts';
import type { PredictionResult } from '../metrics/stats.ts';
import { toAsyncIterable } from '../operators/to-async-iterable.ts';
import { rowSource } from './row-source.ts';

/** What a row is made of: what became of a query, by itself or with its time, as RxJS's `timestamp()` gives it. */
export type CsvEntry = PredictionResult | Timestamp<PredictionResult>;

/** A CSV file that could not be written; `cause` is what the file system said. */
export class CsvWriteError extends CrucibleError {
  override readonly name = 'CsvWriteError';
  /** The system's name for the fault, such as `ENOSPC`. */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(`exportToCsv: cannot write the file: ${message}`, { cause });
    this.code = code;
  }
}

const format: Options = {
  header: true,
  columns: [...csvColumns],
  record_delimiter: 'windows',
  // A row may have megabytes: few are to wait.
  writableHighWaterMark: 1,
};

const toTimed = (entry: CsvEntry): Timestamp<PredictionResult> =>
  'timestamp' in entry ? entry : { value: entry, timestamp: asyncScheduler.now() };

/**
 * Writes predictions as a CSV file (RFC 4180, UTF-8), one row each, and resolves with the number of rows.
 *
 * The columns are `timestamp, query, models, strategy, answer, consensus, duration_ms, total_cost, successes,
 * failures` and more, see docs/metrics.md. Questions and answers are in the file. A text that a spreadsheet
 * would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
 *
 * A file is replaced. A stream is ended, but for `process.stdout`. The time of a row is that of its entry, as
 * `timestamp()` of RxJS gives it, or else that of its writing. An iterable is read no faster than rows are
 * written, so memory stays flat; an Observable cannot be slowed down, and what is not written yet waits in
 * memory.
 *
 * Costs no calls beside those that reading the predictions makes.
 *
 * Rejects with {@link CsvWriteError} where the file cannot be written, and with the source's own error where
 * that fails; the rows before it are in the file. Either way the source is closed, which aborts its calls.
 *
 * @example
 * ```ts
 * import { tmpdir } from 'node:os';
 * import { exportToCsv } from 'crucible-ensemble/node';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 * });
 * const predictions = ensemble.predictAll(['What is 2 + 2?', 'What is 17 * 23?']);
 * await exportToCsv(predictions, `${tmpdir()}/predictions.csv`); // => 2
 * ```
 */
export const exportToCsv = async (
  entries: Iterable<CsvEntry> | AsyncIterable<CsvEntry> | Observable<CsvEntry>,
  destination: string | URL | Writable,
): Promise<number> => {
  let rows = 0;
  const source = rowSource(
    isObservable(entries) ? toAsyncIterable(entries, { bufferSize: Number.POSITIVE_INFINITY }) : entries,
    (entry) => {
      const row = csvRow(toTimed(entry));
      rows += 1;
      return row;
    },
  );
  const isPath = typeof destination === 'string' || destination instanceof URL;
  try {
    await pipeline(
      Readable.from(source),
      stringify(format),
      isPath ? createWriteStream(destination) : destination,
    );
  } catch (error) {
    throw new CsvWriteError(error);
  }
  const failure = source.failure();
  if (failure !== undefined) throw failure.error;
  return rows;
};
