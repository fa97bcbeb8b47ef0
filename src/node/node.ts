/** Journals, datasets and exports in files, and checks that run programs. Requires Node. */

export { bridgeToDiagnosticsChannel } from './bridge-to-diagnostics-channel.ts';
export {
  type ExportFineTuningOptions,
  exportFineTuning,
  type FineTuningExport,
} from './export-fine-tuning.ts';
export { exportForReview } from './export-for-review.ts';
export { type CsvEntry, CsvWriteError, exportToCsv } from './export-to-csv.ts';
export { openJournal } from './file-journal.ts';
export type { JournalOptions } from './journal/open-journal.ts';
export { type CompilesOptions, compiles } from './programs/compiles.ts';
export type { ProgramOptions } from './programs/program-options.ts';
export type { ProgramLimits } from './programs/run-program.ts';
export { type TestCount, type UnitTestsOptions, unitTests } from './programs/unit-tests.ts';
export { type DatasetFormat, type ReadDatasetOptions, readDataset } from './read-dataset.ts';
export { readReviews } from './read-reviews.ts';
