import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../src/cli/read-recording.ts';
import { ConfigError } from '../../src/index.ts';
import { fileOf, jsonLines, recorded } from './recording.ts';

const faultsOf = async (path: string): Promise<readonly string[]> => {
  const error = await readRecording(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  // The folder is random.
  return (error as ConfigError).faults.map((fault) => fault.replace(/^.*[/\\](?=answers)/, ''));
};

const records = [recorded('one?', '1', 'eins'), recorded('two\u2028?', 'deux é 二')];

describe('reading a recording', () => {
  it('returns the recorded questions', async () => {
    await expect(readRecording(fileOf(jsonLines(...records)))).resolves.toEqual(records);
  });

  it('gunzips a file named .gz', async () => {
    const path = fileOf(gzipSync(jsonLines(...records)), 'answers.jsonl.gz');
    await expect(readRecording(path)).resolves.toEqual(records);
  });

  it.each([
    ['no line break at its end', (text: string) => text.trimEnd()],
    ['blank lines', (text: string) => `\n${text.replaceAll('\n', '\n\n')}`],
    ['Windows line breaks', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
  ])('accepts %s', async (_, change) => {
    await expect(readRecording(fileOf(change(jsonLines(...records))))).resolves.toEqual(records);
  });

  it('reads lines longer than a chunk, and characters across its edge', async () => {
    const long = recorded('long?', 'é'.repeat(200_001));
    await expect(readRecording(fileOf(jsonLines(long, ...records)))).resolves.toEqual([long, ...records]);
  });

  it.each([
    ['a line that is not JSON', `${jsonLines(...records)}{oops\n`, 'line 3: invalid JSON'],
    [
      'an incomplete last line',
      jsonLines(...records).slice(0, -4),
      'line 2: invalid JSON; the last line is incomplete',
    ],
    ['another shape', '[]\n', 'line 1: expected an object with a question'],
    ['NUL bytes', `${jsonLines(...records)}\0\0\0\n`, 'line 3: invalid JSON'],
    ['a file without questions', '\n\n', 'there are no recorded questions in this file'],
  ])('refuses %s and reports the place', async (_, content, fault) => {
    const [first, ...others] = await faultsOf(fileOf(content));
    expect(first).toMatch(new RegExp(`^answers\\.jsonl(?:, |: )${fault}$`));
    expect(others).toEqual([]);
  });

  it('lists every fault of a record', async () => {
    const record = {
      question: 1,
      responses: [{ model: '', text: 'x', costUsd: -1 }, 'text', { model: 'b' }],
    };
    const faults = await faultsOf(fileOf(`\n${JSON.stringify(record)}\n`));
    expect(faults).toEqual([
      'answers.jsonl, line 2: question must be a string',
      'answers.jsonl, line 2: responses[0].model must be a string that is not empty',
      expect.stringMatching(/^answers\.jsonl, line 2: responses\[0\]\.costUsd must be a number from 0 to /),
      'answers.jsonl, line 2: responses[1] must be { model, text }',
      'answers.jsonl, line 2: responses[2].text is missing; it must be a string',
    ]);
  });

  it('refuses a truncated gzip file, after its whole lines', async () => {
    const archive = gzipSync(jsonLines(...records));
    const [fault] = await faultsOf(fileOf(archive.subarray(0, -3), 'answers.jsonl.gz'));
    expect(fault).toMatch(/^answers\.jsonl\.gz, after line \d: the gzip file is truncated or damaged \(/);
  });

  it.each(['answers-that-are-absent.jsonl', 'answers-that-are-absent.jsonl.gz'])(
    'refuses %s',
    async (path) => {
      expect(await faultsOf(path)).toEqual([`${path}: there is no such file`]);
    },
  );

  it('stops when its signal aborts', async () => {
    const path = fileOf(jsonLines(...records));
    await expect(readRecording(path, AbortSignal.abort())).rejects.toHaveProperty('name', 'AbortError');
  });
});
