import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { RecordedQuestion } from '../../src/index.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The path of a file with this content, which is gone after the test. */
export const fileOf = (content: string | Uint8Array, name = 'answers.jsonl'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'crucible-ensemble-'));
  folders.push(folder);
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Recorded questions as JSON Lines. */
export const jsonLines = (...records: readonly RecordedQuestion[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** One recorded question: the models a, b, c, ... and what each of them said. */
export const recorded = (question: string, ...texts: readonly string[]): RecordedQuestion => ({
  question,
  responses: texts.map((text, index) => ({ model: String.fromCharCode(97 + index), text })),
});
