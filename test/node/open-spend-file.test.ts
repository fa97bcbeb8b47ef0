import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSpendFile } from '../../src/node/open-spend-file.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spend-'));
  path = join(folder, 'spend.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

test('keeps what each key has spent in each period', async () => {
  const first = await openSpendFile(path);
  expect(first.spent('ann', '2026-11')).toBe(0);
  first.add('ann', '2026-11', 0.25);
  first.add('ann', '2026-11', 0.5);
  first.add('ann', '2026-12', 1);
  first.add('a"b\n', '2026-11', 2);
  first.close();
  const second = await openSpendFile(path);
  expect(second.spent('ann', '2026-11')).toBe(0.75);
  expect(second.spent('ann', '2026-12')).toBe(1);
  expect(second.spent('a"b\n', '2026-11')).toBe(2);
  expect(second.spent('bob', '2026-11')).toBe(0);
  second.close();
});

test('has a line on disk when a cost is added, which only its owner may read', async () => {
  const file = await openSpendFile(path);
  file.add('ann', '2026-11', 0.25);
  expect(readFileSync(path, 'utf8')).toBe('{"key":"ann","period":"2026-11","usd":0.25}\n');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  file.close();
});

test('replaces its lines by their sums', async () => {
  for (let round = 0; round < 3; round += 1) {
    const file = await openSpendFile(path);
    for (let line = 0; line < 10; line += 1) file.add('ann', '2026-11', 1);
    file.close();
  }
  const file = await openSpendFile(path);
  expect(readFileSync(path, 'utf8')).toBe('{"key":"ann","period":"2026-11","usd":30}\n');
  file.close();
});

test('ignores a last line that a killed process has not finished', async () => {
  writeFileSync(path, '{"key":"ann","period":"2026-11","usd":1}\n{"key":"ann","per');
  const file = await openSpendFile(path);
  expect(file.spent('ann', '2026-11')).toBe(1);
  file.add('ann', '2026-11', 1);
  file.close();
  const again = await openSpendFile(path);
  expect(again.spent('ann', '2026-11')).toBe(2);
  again.close();
});

test.each([
  '{"key":"ann"}',
  'null',
  '{"key":"ann","period":"2026-11","usd":"1"}',
  'sk-live-1234567890abcdef',
])('refuses a damaged line, with its number, and changes nothing: %s', async (line) => {
  const text = `{"key":"ann","period":"2026-11","usd":1}\n${line}\n`;
  writeFileSync(path, text);
  const error = await openSpendFile(path).catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/line 2: expected/);
  expect(String(error)).not.toContain('sk-live');
  expect(readFileSync(path, 'utf8')).toBe(text);
  // The refusal leaves no lock behind.
  writeFileSync(path, '');
  (await openSpendFile(path)).close();
});

test('belongs to one process at a time', async () => {
  const file = await openSpendFile(path);
  file.add('ann', '2026-11', 1);
  await expect(openSpendFile(path)).rejects.toMatchObject({ name: 'JournalLockedError' });
  appendFileSync(path, '');
  file.add('ann', '2026-11', 1);
  file.close();
  const next = await openSpendFile(path);
  expect(next.spent('ann', '2026-11')).toBe(2);
  next.close();
});

test('says why a file cannot be read', async () => {
  await expect(openSpendFile(join(folder, 'none', 'spend.jsonl'))).rejects.toThrow();
  await expect(openSpendFile(folder)).rejects.toMatchObject({ name: 'ConfigError' });
});
