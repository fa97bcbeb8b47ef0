import { describe, expect, it } from 'vitest';
import { pageOf, pages, pageText, readResults } from '../../bench/recorded-answers/pages.ts';
import * as speed from '../../bench/table/page.ts';
import { readResults as readSpeed } from '../../bench/table/results.ts';

describe('the results on recorded answers', () => {
  it.each(pages)('in %s are those that the bench has recorded', (page) => {
    const text = pageText(page);
    expect(text).toMatch(/<!-- bench:[\w-]+ -->/);
    expect(pageOf(text, readResults())).toBe(text);
  });
});

describe('the table of speed', () => {
  it('in docs/performance.md is that of the run that the bench has recorded', () => {
    const text = speed.pageText();
    expect(speed.pageOf(text, readSpeed())).toBe(text);
  });

  it('stands in the page with every group of rows, each once', () => {
    const blocks = [...speed.pageText().matchAll(/<!-- bench:([\w-]+) -->/g)].map(([, name]) => name);
    expect(blocks.toSorted()).toStrictEqual(['speed-run', ...speed.groupBlocks].toSorted());
  });
});
