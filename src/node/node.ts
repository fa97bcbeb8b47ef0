/** What needs files: for Node alone. */
export { type JournalOptions, openJournal } from './file-journal.ts';
