import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import Papa from 'papaparse';
import { concat, finalize, from, map, NEVER, of, throwError, timestamp } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { csvColumns } from '../../src/metrics/csv-row.ts';
import { CsvWriteError, exportToCsv } from '../../src/node/export-to-csv.ts';
import { failure, prediction } from '../metrics/predictions.ts';
import { unescaped } from '../metrics/unescaped.ts';

const folder = mkdtempSync(`${tmpdir()}/export-to-csv-`);
const path = `${folder}/predictions.csv`;

afterAll(() => rmSync(folder, { recursive: true }));

type Row = Record<string, string>;

/** Reads the file with two independent parsers, which must agree. The first ends a row at each line break, as spreadsheets do. */
const readBack = (): Row[] => {
  const text = readFileSync(path, 'utf8');
  const rows: Row[] = parse(text, { columns: true, record_delimiter: ['\r\n', '\n', '\r'] });
  const { data, errors } = Papa.parse<Row>(text, {
    delimiter: ',',
    header: true,
    newline: '\r\n',
    skipEmptyLines: true,
  });
  expect(errors).toStrictEqual([]);
  expect(data).toStrictEqual(rows);
  return rows;
};

const hostile = [
  '',
  ' ',
  '"',
  '""',
  'a,b;c\td',
  'a\nb\r\nc\rd',
  '"\r\n"',
  "=cmd|'/c calc'!A1",
  '+1',
  '-1+1',
  '@x',
  "'=x",
  "''",
  '\0',
  'a\0b',
  '👩‍👩‍👧 naïve 日本語',
  '\u2028\u202e\ufeff',
  '\ufeff=1',
  '\u001b[2J',
  '<script>alert(1)</script>',
  '__proto__',
  // Longer than any buffer on the way.
  '"'.repeat(100_000),
  `=${'x,"\r\n'.repeat(20_000)}`,
];

describe('exportToCsv', () => {
  it('writes rows that two independent readers read back unchanged', async () => {
    const predictions = hostile.map((text, index) =>
      prediction({ query: text, answer: hostile.at(-1 - index), text }),
    );
    expect(await exportToCsv(predictions, path)).toBe(hostile.length);
    const rows = readBack();
    rows.forEach((row, index) => {
      expect(unescaped(row.query ?? '') === hostile[index]).toBe(true);
      expect(unescaped(row.text ?? '') === hostile[index]).toBe(true);
      expect(unescaped(row.answer ?? '') === hostile.at(-1 - index)).toBe(true);
    });
  });

  it('writes any text so that it is read back unchanged', async () => {
    const unit = fc.oneof(
      fc.constantFrom('"', ',', '\r', '\n', '\r\n', '=', "'", '\0', ';', ' '),
      fc.string({ unit: 'binary' }),
    );
    const texts = fc.array(unit).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 20 }), async (queries) => {
        await exportToCsv(
          queries.map((query) => prediction({ query })),
          path,
        );
        expect(readBack().map(({ query = '' }) => unescaped(query))).toStrictEqual(queries);
      }),
      { numRuns: 50 },
    );
  });

  it('writes RFC 4180: a header, CRLF, and unrounded numbers', async () => {
    const timed = of(prediction({ metadata: { latencyMs: 1234.5 } })).pipe(
      map((value) => ({ value, timestamp: Date.UTC(2026, 0, 2, 3, 4, 5) })),
    );
    await exportToCsv(timed, path);
    expect(readFileSync(path, 'utf8')).toBe(
      `${csvColumns.join(',')}\r\n2026-01-02T03:04:05.000Z,What is 2 + 2?,model-1; model-2; model-3,majority,4,1,1234.5,0.003,3,0,0,0,reported,1,,complete,parallel,,,,4,,,\r\n`,
    );
  });

  it('writes only the header if there are no predictions', async () => {
    expect(await exportToCsv([], path)).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(`${csvColumns.join(',')}\r\n`);
  });

  it('accepts iterables, async iterables and Observables, with failures and timestamps', async () => {
    const entries = [prediction(), failure(), { value: prediction(), timestamp: 0 }];
    expect(await exportToCsv(new Set(entries), path)).toBe(3);
    expect(readBack().map(({ status }) => status)).toStrictEqual(['complete', 'failed', 'complete']);
    expect(
      await exportToCsv(
        (async function* () {
          yield* entries;
        })(),
        path,
      ),
    ).toBe(3);
    expect(await exportToCsv(from(entries), path)).toBe(3);
    expect(readBack()[2]?.timestamp).toBe('1970-01-01T00:00:00.000Z');
    expect(await exportToCsv(from([prediction()]).pipe(timestamp()), path)).toBe(1);
  });

  it('writes every value of an Observable that emits more than a buffer holds', async () => {
    const predictions = Array.from({ length: 3000 }, () => prediction());
    expect(await exportToCsv(from(predictions), path)).toBe(3000);
    expect(readBack()).toHaveLength(3000);
  });

  it('reads no faster than it can write', async () => {
    let read = 0;
    const endless = (function* () {
      for (;;) {
        read += 1;
        yield prediction({ text: 'x'.repeat(10_000) });
      }
    })();
    let stuck = (): void => undefined;
    const isStuck = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    const target = new Writable({ write: () => stuck() });
    const written = exportToCsv(endless, target);
    await isStuck;
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThan(30);
    target.destroy(new Error('enough'));
    await expect(written).rejects.toThrow('enough');
    expect(endless.next().done).toBe(true);
  });

  it('reports the error of the file', async () => {
    const missing = exportToCsv([prediction()], `${folder}/missing/predictions.csv`);
    await expect(missing).rejects.toThrow(CsvWriteError);
    await expect(missing).rejects.toThrow('exportToCsv: cannot write the file: ENOENT');
    await expect(exportToCsv([prediction()], folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it.runIf(process.platform === 'linux')('reports that the disk is full', async () => {
    const written = exportToCsv([prediction()], '/dev/full');
    await expect(written).rejects.toMatchObject({ name: 'CsvWriteError', code: 'ENOSPC' });
  });

  it('cancels calls in flight if the file cannot be written', async () => {
    let isOut = true;
    const calls = concat(of(prediction()), NEVER).pipe(
      finalize(() => {
        isOut = false;
      }),
    );
    await expect(exportToCsv(calls, folder)).rejects.toThrow(CsvWriteError);
    expect(isOut).toBe(false);
  });

  it('rejects with the error of its source, and keeps the rows before it', async () => {
    const error = failure();
    const source = concat(
      of(prediction()),
      throwError(() => error),
    );
    await expect(exportToCsv(source, path)).rejects.toBe(error);
    expect(readBack()).toHaveLength(1);
    await expect(exportToCsv([{ value: prediction(), timestamp: NaN }], path)).rejects.toThrow(ConfigError);
  });

  it('reports that the stream was closed', async () => {
    const target = new Writable({ write: (_chunk, _encoding, done) => done() });
    const written = exportToCsv(concat(of(prediction()), NEVER), target);
    setImmediate(() => target.destroy());
    await expect(written).rejects.toThrow(CsvWriteError);
  });
});
