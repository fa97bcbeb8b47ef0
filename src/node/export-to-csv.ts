import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { type Options, stringify } from 'csv-stringify';
import { asyncScheduler, type Observable, type Timestamp } from 'rxjs';
import { CrucibleError } from '../domain/errors.ts';
import { isA, readSafely, textOf } from '../domain/foreign.ts';
import { csvColumns, csvRow } from '../metrics/csv-row.ts';
import type { PredictionResult } from '../metrics/stats.ts';
import { toAsyncIterable } from '../operators/to-async-iterable.ts';
import { anIterable, faultsOf, hasMethods, reading, refuse, required, shown } from '../options.ts';
import { csvFormat } from '../rendering/csv-format.ts';
import { causeAt } from './unreadable.ts';
import { writeRows } from './write-rows.ts';

/** The content of a row: the result of a query, optionally with its time, as the RxJS operator `timestamp()` emits it. */
export type CsvEntry = PredictionResult | Timestamp<PredictionResult>;

/** A CSV file that could not be written; `cause` is the error of the file system. */
export class CsvWriteError extends CrucibleError {
  override readonly name = 'CsvWriteError';
  /** The error code of the system, such as `ENOSPC`. */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    const code = readSafely(cause, 'code');
    super(`exportToCsv: cannot write the file: ${textOf(readSafely(cause, 'message'))}`, { cause });
    this.code = typeof code === 'string' ? code : undefined;
  }
}

const format: Options = {
  ...csvFormat,
  columns: [...csvColumns],
  // A row may have megabytes, so only one is buffered.
  writableHighWaterMark: 1,
};

const toTimed = (entry: CsvEntry): Timestamp<PredictionResult> =>
  'timestamp' in entry ? entry : { value: entry, timestamp: asyncScheduler.now() };

/**
 * Writes predictions as a CSV file (RFC 4180, UTF-8), one row each, and resolves with the number of rows.
 *
 * The columns are `timestamp, query, models, strategy, answer, consensus, duration_ms, total_cost, successes, failures` and
 * more, see docs/metrics.md. The file contains questions and answers. A text that a spreadsheet would read as a formula gets
 * an apostrophe before it (OWASP, "CSV Injection").
 *
 * An existing file is replaced. A stream is ended, except `process.stdout`. The time of a row is the timestamp of its entry,
 * or else the time at which it is written. An iterable is read no faster than rows are written, so memory stays flat. An
 * Observable cannot be slowed down; its values wait in memory.
 *
 * Costs no calls beyond those of the predictions.
 *
 * Rejects with `ConfigError` if the destination is another value. Rejects with {@link CsvWriteError} if the file cannot be
 * written, and with the error of the source if that fails; the rows before the error are in the file. In these two cases the
 * source is closed, which cancels its calls.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
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
  const isPath = typeof destination === 'string' || isA(destination, URL);
  const isObserved = hasMethods(entries, 'subscribe', 'pipe');
  if (!isObserved) refuse(faultsOf('exportToCsv', { entries }, { entries: required(anIterable) }));
  if (!isPath && !hasMethods(destination, 'write', 'end', 'on')) {
    refuse([`exportToCsv: expected a path, a URL or a writable stream, but got ${shown(destination)}`]);
  }
  await writeRows(
    isObserved
      ? toAsyncIterable(entries as Observable<CsvEntry>, { bufferSize: Number.POSITIVE_INFINITY })
      : (entries as Iterable<CsvEntry>),
    (entry) => {
      const row = reading('exportToCsv', () => csvRow(toTimed(entry)));
      rows += 1;
      return row;
    },
    () => [stringify(format), isPath ? createWriteStream(destination) : destination],
    (error) => new CsvWriteError(isPath ? causeAt(destination, error) : error),
  );
  return rows;
};
