import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvColumns, csvRow } from '../../src/metrics/csv-row.ts';
import { call, failure, prediction, someResult } from './predictions.ts';
import { unescaped } from './unescaped.ts';

const cellOf = (answer: unknown): string | number | undefined =>
  csvRow({ value: prediction({ answer }), timestamp: 0 }).answer;

describe('csvRow', () => {
  it('tells of a prediction what its metadata says', () => {
    const value = prediction({
      query: 'What is 2 + 2?',
      calls: [call('a'), call('b', { status: 'failed', costUsd: undefined, costSource: 'unknown' })],
      metadata: { consensus: 0.75, latencyMs: 12.5, missing: [{ model: 'b', reason: 'ModelError' }] },
    });
    expect(csvRow({ value, timestamp: Date.UTC(2026, 0, 2) })).toMatchObject({
      timestamp: '2026-01-02T00:00:00.000Z',
      query: 'What is 2 + 2?',
      models: 'a; b',
      strategy: 'majority',
      answer: '4',
      consensus: 0.75,
      duration_ms: 12.5,
      total_cost: '≥$0.001',
      cost_usd_min: 0.001,
      cost_usd_max: undefined,
      successes: 1,
      failures: 1,
      cost_source: 'partial',
      missing: 'b: ModelError',
      error: undefined,
    });
  });

  it.each([
    [0.1 + 0.2, 'reported', undefined, 0.3, undefined, undefined],
    [0.02, 'estimated', undefined, 0.02, undefined, undefined],
    [0.02, 'partial', undefined, '≥$0.02', 0.02, undefined],
    [0.02, 'partial', 0.05, '$0.02–$0.05', 0.02, 0.05],
    [0, 'partial', undefined, undefined, 0, undefined],
    [undefined, 'unknown', undefined, undefined, undefined, undefined],
  ] as const)(
    'writes a cost of %s USD (%s, at most %s) as %s',
    (costUsd, costSource, maxCostUsd, ...cells) => {
      const metadata = { costUsd, costSource, ...(maxCostUsd !== undefined && { maxCostUsd }) };
      const row = csvRow({ value: prediction({ metadata }), timestamp: 0 });
      expect([row.total_cost, row.cost_usd_min, row.cost_usd_max]).toStrictEqual(cells);
    },
  );

  it('tells of a failure what its calls cost, and nothing of what was asked', () => {
    const value = failure([
      call('a', { status: 'failed', costUsd: 0.5 }),
      call('b', { status: 'abstained' }),
    ]);
    expect(csvRow({ value, timestamp: 0 })).toMatchObject({
      query: undefined,
      models: 'a; b',
      total_cost: 0.501,
      cost_usd_min: undefined,
      successes: 0,
      failures: 1,
      abstentions: 1,
      status: 'failed',
      error: 'AllModelsFailedError',
    });
  });

  it('has its columns explained in docs/metrics.md, the most needed ones first', () => {
    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const [, after = ''] = page.split('| column | meaning |\n|---|---|\n');
    const [table = ''] = after.split('\n\n');
    const explained = table.split('\n').flatMap((row) => row.split('|')[1]?.match(/\w+/g) ?? []);
    expect(explained.toSorted()).toStrictEqual(csvColumns.toSorted());
    expect(csvColumns.slice(0, 10).join(', ')).toBe(
      'timestamp, query, models, strategy, answer, consensus, duration_ms, total_cost, successes, failures',
    );
  });

  it('has the same columns for any result', () => {
    fc.assert(
      fc.property(someResult, (value) => {
        expect(Object.keys(csvRow({ value, timestamp: 0 })).toSorted()).toStrictEqual(csvColumns.toSorted());
      }),
    );
  });

  it.each([
    ['=cmd()', "'=cmd()"],
    ['+1+1', "'+1+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\0=1', "'\0=1"],
    ['＝1', "'＝1"],
    ["'=1", "''=1"],
    ['-5', '-5'],
    ['-5.25', '-5.25'],
    ['-5\n', "'-5\n"],
    ["it's", "it's"],
    ["'quoted'", "'quoted'"],
    [-5, -5],
    [true, 'true'],
    [{ b: 1, a: '=x' }, '{"a":"=x","b":1}'],
  ])('writes the answer %j as %j', (answer, cell) => {
    expect(cellOf(answer)).toBe(cell);
  });

  it('never begins a text with what begins a formula, and loses none of it', () => {
    const text = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', "'", '1', '.', 'a', '\n') });
    fc.assert(
      fc.property(text, (answer) => {
        const cell = String(cellOf(answer));
        expect(/^[=@\t\r\n\0]/.test(cell) || (/^[+-]/.test(cell) && Number.isNaN(Number(cell)))).toBe(false);
        expect(unescaped(cell)).toBe(answer);
      }),
      { numRuns: 1000 },
    );
  });
});
