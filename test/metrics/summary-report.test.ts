import { parseHTML } from 'linkedom';
import { from, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../../src/metrics/aggregate.ts';
import { type SummaryReportOptions, summaryReport } from '../../src/metrics/summary-report.ts';
import { call, failure, prediction } from './predictions.ts';

const calls = [
  call('a', { latencyMs: 1000, costUsd: 0.001 }),
  call('b', { latencyMs: 3000, costUsd: undefined, costSource: 'unknown' }),
];
const results = [
  prediction({ calls, metadata: { consensus: 0.5, status: 'degraded' } }),
  prediction({ calls }),
  failure([call('a', { status: 'failed', latencyMs: 2000, costUsd: 0 })]),
];

const hostile = '<script>alert(1)</script>|`[x](y)\n# "\'\u001b[2J\u202e';
const hostileResults = [
  prediction({ calls: [call(hostile)], metadata: { strategy: hostile, execution: hostile } }),
];

describe('summaryReport', () => {
  it('says in aligned lines how many, how sure, how long, at what cost, and so for each model', () => {
    expect(summaryReport(results)).toBe(`Predictions

Overview
  queries                              3
  predictions                 2 (66.7 %)
  degraded (members missing)           1
  mean consensus                  75.0 %
  mean quorum                    100.0 %
  cost                           ≥$0.002
  mean cost of a query        ≥$0.000667

Latency
                  mean  median     p95     p99  maximum
  a prediction  3.00 s  3.00 s  3.00 s  3.00 s   3.00 s
  a             1.33 s  1.00 s  1.90 s  1.98 s   2.00 s
  b             3.00 s  3.00 s  3.00 s  3.00 s   3.00 s

Calls by model
  model  calls  answered  abstained  failed  cancelled    cost
  a          3         2          0       1          0  $0.002
  b          2         2          0       0          0       –

Strategies and executions
  strategy  execution  predictions
  majority   parallel            2

Queries without a prediction
  error                 queries
  AllModelsFailedError        1
`);
  });

  it('says the same as Markdown', () => {
    const report = summaryReport(results, { format: 'markdown', title: 'Mine' });
    expect(report).toMatch(
      /^# Mine\n\n## Overview\n\n\| +\| +value \|\n\| -+ \| -+: \|\n\| queries +\| +3 \|\n/,
    );
    expect(report).toContain('| a     |     3 |        2 |         0 |      1 |         0 | $0.002 |\n');
    expect(report).toContain('| AllModelsFailedError |       1 |\n');
  });

  it('says the same as a page', () => {
    const { document } = parseHTML(summaryReport(results, { format: 'html' }));
    const headings = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);
    expect(headings).toStrictEqual([
      'Overview',
      'Latency',
      'Calls by model',
      'Strategies and executions',
      'Queries without a prediction',
    ]);
    const cells = [...document.querySelectorAll('table')].map((table) =>
      [...table.querySelectorAll('tbody tr')].map((row) =>
        [...row.children].map(({ textContent }) => textContent),
      ),
    );
    expect(cells[1]?.[0]).toStrictEqual(['a prediction', '3.00 s', '3.00 s', '3.00 s', '3.00 s', '3.00 s']);
    expect(cells[2]).toStrictEqual([
      ['a', '3', '2', '0', '1', '0', '$0.002'],
      ['b', '2', '2', '0', '0', '0', '–'],
    ]);
  });

  it('takes the statistics of a stream', async () => {
    const stats = await lastValueFrom(from(results).pipe(aggregate({ relativeAccuracy: 0 })));
    for (const format of ['text', 'markdown', 'html'] as const) {
      expect(summaryReport(stats, { format })).toBe(summaryReport(results, { format }));
    }
  });

  it('shows hostile names, which do nothing, and keeps text and Markdown on their lines', () => {
    const page = summaryReport(hostileResults, { format: 'html', title: hostile });
    const { document } = parseHTML(page);
    expect(document.querySelectorAll('script, img, iframe, link, a')).toHaveLength(0);
    expect(document.querySelector('h1')?.textContent).toContain('<script>alert(1)</script>');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
    expect(page).not.toMatch(/(?:src|href)=|url\(|@import/);
    expect(page).toContain('prefers-color-scheme: dark');
    const plain = prediction({ calls: [call('a')] });
    const plainLines = (format: 'text' | 'markdown') => summaryReport([plain], { format }).split('\n').length;
    for (const format of ['text', 'markdown'] as const) {
      const report = summaryReport(hostileResults, { format, title: hostile });
      expect(report.split('\n')).toHaveLength(plainLines(format));
      expect(['\u001b', '\u202e'].filter((part) => report.includes(part))).toStrictEqual([]);
    }
    const markdown = summaryReport(hostileResults, { format: 'markdown', title: hostile });
    expect(markdown).toContain('\\<script\\>alert(1)\\</script\\>\\|\\`\\[x\\](y)');
  });

  it('has no prompts and no answers', () => {
    const secret = [prediction({ query: 'canary', answer: 'canary', text: 'canary' })];
    for (const format of ['text', 'markdown', 'html'] as const) {
      expect(summaryReport(secret, { format })).not.toContain('canary');
    }
  });

  it('says of nothing that there is nothing', () => {
    expect(summaryReport([])).toMatch(/queries +0\n/);
    expect(summaryReport([])).toMatch(/predictions +0 \(–\)\n/);
    expect(summaryReport([])).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('refuses formats that there are not', () => {
    expect(() => summaryReport([], { format: 'pdf' } as unknown as SummaryReportOptions)).toThrow(
      "option \"format\" must be 'text', 'markdown', 'html', but got \"pdf\"",
    );
  });
});
