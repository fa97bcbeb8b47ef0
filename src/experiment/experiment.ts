/** Experiments: conditions over a dataset, recorded once and rescored for free. */

export { fingerprintOf } from './fingerprint.ts';
// The record of calls
export type { Journal, JournalEntry } from './journal.ts';
export { callKey } from './journal-key.ts';
export { memoryJournal } from './memory-journal.ts';
// Questions
export type { Dataset, Question } from './question.ts';
export { type SampleOptions, sample } from './sample.ts';
