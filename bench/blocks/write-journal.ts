import { hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { JournalEntry } from '../../src/experiment/journal/journal.ts';
import { headerLine } from '../../src/node/journal/header.ts';
import { NO_LINES, statedSum, withSum } from '../../src/node/journal/line-sum.ts';

/** How many lines are written at a time. */
const BATCH = 10_000;

/** The key of an entry, as `callKey` makes them. */
export const journalKey = (index: number): string => hash('sha256', `call ${index}`, 'base64url');

/** An entry with a short answer. */
export const journalEntry = (index: number): JournalEntry => ({
  key: journalKey(index),
  model: 'anthropic/claude-haiku-4-5',
  status: 'answered',
  latencyMs: 812.4375 + (index % 1000),
  firstTokenMs: 211.125,
  response: {
    text: String(index % 100),
    usage: { inputTokens: 120, outputTokens: 4 },
    costUsd: 0.00014,
    finishReason: 'stop',
  },
});

/** Writes a journal with so many short answers, without opening it as one. */
export const writeJournal = (path: string, entries: number): void => {
  const file = openSync(path, 'w');
  const header = headerLine(undefined, NO_LINES);
  let sum = statedSum(Buffer.from(header)) as number;
  let lines = [header];
  for (let index = 0; index < entries; index += 1) {
    const next = withSum(JSON.stringify(journalEntry(index)), sum);
    sum = next.sum;
    lines.push(next.line);
    if (lines.length < BATCH) continue;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`);
  closeSync(file);
};
