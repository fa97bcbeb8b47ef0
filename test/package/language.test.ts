import { describe, expect, it } from 'vitest';
import { commentsOf, languageOf } from '../../scripts/language.ts';

describe('the comments of a file', () => {
  it('are its paragraphs, without code, tags and strings', () => {
    const text = [
      '/**',
      ' * Returns the answer',
      ' * of a model.',
      ' *',
      ' * Costs a call.',
      ' *',
      ' * ```ts',
      ' * nobody.where(); // => who',
      ' * ```',
      ' *',
      ' * @throws {ConfigError} where nobody knows.',
      ' */',
      "export const answer = '/* who */'; // behind code: not read",
      '  // Sorted, because',
      '  // order matters.',
      '/** One line. */',
    ].join('\n');
    expect(commentsOf(text)).toEqual([
      'Returns the answer of a model.',
      'Costs a call.',
      'Sorted, because order matters.',
      'One line.',
    ]);
  });
});

describe('the language of comments', () => {
  const missed = (...paragraphs: readonly string[]): string[] =>
    languageOf(paragraphs).rates.flatMap(({ bar, isWithin }) => (isWithin ? [] : [bar.name]));
  const sound = `If a call fails, it is retried. ${'One word follows another. '.repeat(20)}`;

  it('is within its bars with conditions, and without riddles', () => {
    expect(missed(sound)).toEqual([]);
  });

  it.each([
    ['Where a call fails, it is retried.', 'where'],
    ['A caller who waits.', 'who, whom, whoever, whose'],
    ['It tells nobody.', 'nobody, somebody, anybody'],
    ['A number that is none.', 'is none, are none'],
    ['It costs so much.', 'so much, as many'],
    ['If, when, unless, if, when.', 'if, when, unless'],
  ])('misses a bar with: %s', (sentence, bar) => {
    expect(missed(sound, sentence)).toEqual([bar]);
  });

  it('counts sentences of more than 25 words', () => {
    const long = `${'word '.repeat(26).trim()}.`;
    const { sentences, longSentences } = languageOf([
      `Short. ${long[0]?.toUpperCase()}${long.slice(1)} Short.`,
    ]);
    expect(sentences).toBe(3);
    expect(longSentences).toHaveLength(1);
  });
});
