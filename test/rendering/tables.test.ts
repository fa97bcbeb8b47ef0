import { describe, expect, it } from 'vitest';
import {
  formatPercent,
  formatPValue,
  formatRatio,
  formatSeconds,
  formatShare,
  formatUsd,
} from '../../src/rendering/amounts.ts';
import { columnLines } from '../../src/rendering/columns.ts';
import { markdownTable, markdownText } from '../../src/rendering/markdown.ts';

const rows = [
  ['日本語モデル', '7'],
  ['small', '1,234'],
  ['👩‍🔬 e\u0301', '–'],
] as const;

describe('tables', () => {
  it('are aligned for a terminal, in which some characters are two wide and some are none', () => {
    expect(columnLines(rows)).toStrictEqual([
      '日本語モデル      7',
      'small         1,234',
      '👩‍🔬 e\u0301              –',
    ]);
  });

  it('are aligned in Markdown, too', () => {
    expect(markdownTable(['model', 'calls'], rows)).toBe(
      [
        '| model        | calls |',
        '| ------------ | ----: |',
        '| 日本語モデル |     7 |',
        '| small        | 1,234 |',
        '| 👩‍🔬 e\u0301         |     – |',
      ].join('\n'),
    );
  });
});

describe('markdownText', () => {
  it.each([
    ['$0.50 ($0.45 to $0.55)', '$0.50 ($0.45 to $0.55)'],
    ['< 0.001', '< 0.001'],
    ['snake_case', 'snake_case'],
    ['__init__', '\\_\\_init\\_\\_'],
    ['$x$', '\\$x\\$'],
    ['<b> &amp; ~~no~~', '\\<b\\> \\&amp; \\~\\~no\\~\\~'],
    ['- item', '\\- item'],
    ['# title #', '\\# title \\#'],
    ['[a](b)|`c`', '\\[a\\](b)\\|\\`c\\`'],
  ])('writes %s as %s', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });
});

describe('amounts', () => {
  it.each([
    [formatUsd, 0, '$0.00'],
    [formatUsd, 0.000_012_345, '$0.0000123'],
    [formatUsd, 0.5, '$0.50'],
    [formatUsd, 1234.567, '$1,234.57'],
    [formatSeconds, 345, '0.35 s'],
    [formatSeconds, 61_234, '61.23 s'],
    [formatPercent, 0.9748, '97.5 %'],
    [formatShare, 0.999, '99 %'],
    [formatRatio, 2.4444, '×2.44'],
    [formatPValue, 0.0703, '0.070'],
    [formatPValue, 0.000_05, '< 0.001'],
  ])('%o shows %d as %s', (format, value, shown) => {
    expect(format(value)).toBe(shown);
  });

  it('are a dash if they are unknown', () => {
    expect(
      [formatUsd, formatSeconds, formatPercent, formatRatio, formatPValue].map((format) => format(undefined)),
    ).toStrictEqual(Array.from({ length: 5 }, () => '–'));
  });
});
