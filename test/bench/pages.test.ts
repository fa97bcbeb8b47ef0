import { describe, expect, it } from 'vitest';
import { pages, pageText, readResults, withBlocks } from '../../bench/recorded-answers/pages.ts';

describe('the results on recorded answers', () => {
  it.each(pages)('in %s are those that the bench has recorded', (page) => {
    const text = pageText(page);
    expect(text).toMatch(/<!-- bench:[\w-]+ -->/);
    expect(withBlocks(text, readResults())).toBe(text);
  });
});
