import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedQuestion } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Creates a file with this content, and returns its path. The file is removed after the test. */
export const fileOf = (content: string | Uint8Array, name = 'answers.jsonl'): string => {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
};

/** Formats recorded questions as JSON Lines. */
export const jsonLines = (...records: readonly RecordedQuestion[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Returns one recorded question with the responses of the models a, b, c, ... */
export const recorded = (question: string, ...texts: readonly string[]): RecordedQuestion => ({
  question,
  responses: texts.map((text, index) => ({ model: String.fromCharCode(97 + index), text })),
});
