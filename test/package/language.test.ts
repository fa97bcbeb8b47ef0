import { describe, expect, it } from 'vitest';
import { commentsOf, languageOf } from '../../scripts/language.ts';
import { refusedIn, refusedInSource } from '../../scripts/phrases.ts';

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

describe('the refused phrases', () => {
  it.each([
    ['It says what becomes of an answer.', 'what becomes of'],
    ['Whoever asks gets it.', 'Whoever'],
    ['It takes whatever comes.', 'whatever'],
    ['Listeners are told of it.', 'are told'],
    ['It ends in silence.', 'in silence'],
    ['The run goes on.', 'goes on'],
    ['A call that was given up.', 'given up'],
    ['It stands beside its file.', 'beside'],
    ['It counts anew.', 'anew'],
    ['It needs some 20 answers.', 'some 2'],
    ['A number from 1 on.', 'from 1 on'],
    ['It is O(1) a vote.', 'O(1) a v'],
  ])('are found in a page: %s', (sentence, phrase) => {
    expect(refusedIn(`# Page\n\nA line.\n${sentence}\n`)).toEqual([
      { line: 4, phrase, instead: expect.any(String) },
    ]);
  });

  it.each([
    'Besides, it is counted again: from 1 to 5, in some cases, at O(1) per vote.',
    'The call ends on the wire; it sends an outgoing request, and somebodyElse is a name.',
    'Write `beside` or `whatever` in code.',
    '```ts\nconst whatever = beside(anew);\n```',
    'See [the page](page.md#what-becomes-of-it).',
    '<!-- bench:beside -->',
  ])('leave plain words and code alone: %s', (page) => {
    expect(refusedIn(page)).toEqual([]);
  });

  it('are found in comments and messages, and not in code', () => {
    const source = [
      '/** Stands beside the answer. */',
      '// The words "nobody" and `whatever` are quoted.',
      "import { beside } from './beside.ts';",
      "throw new Error('the call goes on without it');",
      "const words = 'nobody,whatever,beside';",
      '/**',
      ' * ```ts',
      ' * anew();',
      ' * ```',
      ' */',
    ].join('\n');
    expect(refusedInSource(source).map(({ line, phrase }) => [line, phrase])).toEqual([
      [1, 'beside'],
      [4, 'goes on'],
    ]);
  });
});
