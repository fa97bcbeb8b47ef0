/**
 * Many predictions with hostile content, written as CSV and read back by two readers that know nothing of
 * each other. Shows that every text comes back identical and that the heap does not grow with the number of
 * rows, neither while they are written nor for the statistics of the same predictions.
 *
 * Run with `--expose-gc`; an argument sets the number of predictions (100,000).
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import Papa from 'papaparse';
import { linearRegression } from 'simple-statistics';
import type { Prediction } from '../src/index.ts';
import { csvColumns } from '../src/metrics/csv-row.ts';
import { statsFold } from '../src/metrics/stats-fold.ts';
import { drawsFor, normalDraw } from '../src/models/random.ts';
import { exportToCsv } from '../src/node/export-to-csv.ts';

const total = Number(process.argv[2] ?? 100_000);
const MEBIBYTE = 2 ** 20;
/** Every so many predictions there is a text of 1 MB. */
const LARGE_EVERY = 500;

const pieces = [
  '"',
  '""',
  ',',
  ';',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\0',
  "=cmd|'/c calc'!A1",
  '+',
  '-1',
  '@SUM(A1)',
  "'",
  '👩‍👩‍👧',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\u001b[2J',
  '<script>',
  'naïve 日本語',
  ' ',
  'plain',
];

/** The same text for the same name, on every call. */
const textOf = (name: string, index: number): string => {
  const draw = drawsFor(`${name} ${index}`);
  const count = Math.floor(12 * draw());
  const text = Array.from({ length: count }, () => pieces[Math.floor(pieces.length * draw())]).join('');
  return index % LARGE_EVERY === 1 ? text + '"=a,\r\n'.repeat(Math.ceil(MEBIBYTE / 6)) : text;
};

const predictionOf = (index: number): Prediction => ({
  query: textOf('query', index),
  answer: textOf('answer', index + 1),
  text: textOf('text', index + 2),
  outcomes: [],
  metadata: {
    consensus: 2 / 3,
    quorum: 1,
    status: 'complete',
    missing: [],
    confidence: undefined,
    votes: {},
    latencyMs: 1000 * Math.exp(normalDraw(drawsFor(`latency ${index}`))),
    costUsd: index / total,
    costSource: 'reported',
    costBreakdown: {},
    modelsUsed: ['model-1', 'model-2'],
    successes: 2,
    failures: 0,
    abstentions: 0,
    cancelled: 0,
    strategy: 'majority',
    execution: 'parallel',
    warnings: [],
    stoppedBy: 'completion',
  },
});

const unescaped = (cell: string): string => cell.replace(/^'(?='*[=+\-@\t\r\n\0＝＋－＠])/, '');

const folder = mkdtempSync(`${tmpdir()}/bench-csv-`);
const path = `${folder}/predictions.csv`;

/** The heap in use, in MiB, at every tenth of the rows. */
const samples: [number, number][] = [];
const sample = (rows: number): void => {
  if (rows % Math.ceil(total / 10) !== 0) return;
  globalThis.gc?.();
  samples.push([rows, process.memoryUsage().heapUsed / MEBIBYTE]);
};

/** How much the heap grows in a hundred thousand rows, in MiB. The first sample is from before warming up. */
const slope = (): string => {
  const heap = samples.splice(0).slice(1);
  const grown = linearRegression(heap).m * 100_000;
  const sizes = heap.map(([, size]) => size);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map((size) => size.toFixed(1));
  return `heap ${least} to ${most} MiB, slope ${grown.toFixed(2)} MiB per 100,000 rows`;
};

const fold = statsFold({ relativeAccuracy: 0.01 });

function* predictions(): Generator<Prediction> {
  for (let index = 0; index < total; index += 1) {
    const prediction = predictionOf(index);
    fold.add(prediction);
    sample(index);
    yield prediction;
  }
}

/** Compares a row with the prediction that it was made of; returns whether all is there. */
const isFaithful = (row: Readonly<Record<string, string>>, index: number): boolean => {
  const { query, answer, text, metadata } = predictionOf(index);
  return (
    unescaped(row.query ?? '') === query &&
    unescaped(row.answer ?? '') === answer &&
    unescaped(row.text ?? '') === text &&
    Number(row.duration_ms) === metadata.latencyMs &&
    Number(row.total_cost) === metadata.costUsd
  );
};

const timed = async (what: string, work: () => Promise<string>): Promise<void> => {
  const startedAtMs = performance.now();
  const result = await work();
  console.log(`${what}: ${result}, ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
};

/** The file is decoded before it reaches the reader: papaparse decodes each chunk by itself, and so splits characters. */
const readBy = async (reader: Duplex): Promise<string> => {
  let rows = 0;
  let wrong = 0;
  await pipeline(
    createReadStream(path, 'utf8'),
    reader,
    async (parsed: AsyncIterable<Record<string, string>>) => {
      for await (const row of parsed) {
        if (Object.keys(row).length !== csvColumns.length || !isFaithful(row, rows)) wrong += 1;
        rows += 1;
      }
    },
  );
  if (wrong > 0 || rows !== total) process.exitCode = 1;
  return `${rows.toLocaleString('en-US')} rows, ${wrong} of them not identical`;
};

try {
  await timed('exportToCsv', async () => {
    const rows = await exportToCsv(predictions(), path);
    const size = statSync(path).size / MEBIBYTE;
    return `${rows.toLocaleString('en-US')} rows, ${size.toFixed(0)} MiB, ${slope()}`;
  });
  await timed('csv-parse', () =>
    readBy(parse({ columns: true, record_delimiter: '\r\n', max_record_size: 100 * MEBIBYTE })),
  );
  await timed('papaparse', () =>
    readBy(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true, delimiter: ',', newline: '\r\n' })),
  );
  const { count, latencyMs } = fold.stats();
  console.log(`statistics of ${count.toLocaleString('en-US')}: median ${latencyMs.p50?.toFixed(0)} ms`);
} finally {
  rmSync(folder, { recursive: true });
}
