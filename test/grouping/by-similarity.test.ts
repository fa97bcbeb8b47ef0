import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { bySimilarity } from '../../src/grouping/by-similarity.ts';
import { grouped } from './grouped.ts';

describe('bySimilarity', () => {
  it('joins answers with similar letters to the answer with the most votes', () => {
    const answers = ['Reykjavick', 'Reykjavik', 'Oslo', 'Reykjavik'];
    expect(grouped(bySimilarity(), '', answers)).toEqual([
      ['Reykjavick', 'Reykjavik', 'Reykjavik'],
      ['Oslo'],
    ]);
  });

  it('compares letters, not meanings', () => {
    expect(grouped(bySimilarity({ threshold: 0.7 }), '', ['1834', '1831'])).toHaveLength(1);
    expect(grouped(bySimilarity(), '', ['4', 'four'])).toHaveLength(2);
  });

  it('joins everything at 0, and only equal texts but for their case at 1', () => {
    expect(grouped(bySimilarity({ threshold: 0 }), '', ['a', 'xyz'])).toHaveLength(1);
    expect(grouped(bySimilarity({ threshold: 1 }), '', ['Paris', 'paris', 'Pari'])).toHaveLength(2);
  });

  it('refuses a threshold that is no share', () => {
    expect(() => bySimilarity({ threshold: 2 })).toThrow(ConfigError);
  });
});
