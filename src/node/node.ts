/** What needs files: for Node alone. */
export { type JournalOptions, openJournal } from './file-journal.ts';
export { type DatasetFormat, type ReadDatasetOptions, readDataset } from './read-dataset.ts';
