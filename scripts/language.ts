/** The language of comments: how often words occur that make them hard to read, and how long sentences are. */

/** How often a group of words may occur, per 1,000 words of comments. */
export interface Bar {
  readonly name: string;
  readonly pattern: RegExp;
  readonly least: number;
  readonly most: number;
}

/** Measured on RxJS 7, Polly 8, the AI SDK and cockatiel, which are within all of them. */
export const bars: readonly Bar[] = [
  { name: 'where', pattern: /\bwhere\b/gi, least: 0, most: 2 },
  { name: 'if, when, unless', pattern: /\b(?:if|when|unless)\b/gi, least: 10, most: 30 },
  { name: 'who, whom, whoever, whose', pattern: /\bwho(?:m|ever|se)?\b/gi, least: 0, most: 0.5 },
  { name: 'nobody, somebody, anybody', pattern: /\b(?:no|some|any)body\b/gi, least: 0, most: 0.05 },
  { name: 'is none, are none', pattern: /\b(?:is|are) none\b/gi, least: 0, most: 0.1 },
  { name: 'so much, as many', pattern: /\b(?:so|as|this|that) (?:many|much)\b/gi, least: 0, most: 0.3 },
];

/** Sentences with more words than this are long. */
export const LONG_SENTENCE = 25;

/** How often the words of a bar occur. */
export interface Rate {
  readonly bar: Bar;
  /** Per 1,000 words. */
  readonly rate: number;
  readonly isWithin: boolean;
}

/** The language of a text. */
export interface Language {
  readonly words: number;
  readonly rates: readonly Rate[];
  readonly sentences: number;
  /** The sentences of more than {@link LONG_SENTENCE} words. */
  readonly longSentences: readonly string[];
}

/**
 * Returns the paragraphs of a source file's comments. Fenced code and lines that begin with a tag, such as `@throws`,
 * are left out.
 */
export const commentsOf = (text: string): string[] => {
  const blocks = [
    ...text.matchAll(/^[ \t]*(?:\/\*(?<block>.*?)\*\/|(?<lines>\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*))/gms),
  ];
  return blocks.flatMap(({ groups = {} }) => {
    const lines = (groups.block ?? groups.lines ?? '')
      .split('\n')
      .map((line) => line.trim().replace(/^(?:\/\/|\*+)\s?/, ''));
    const prose = lines.join('\n').replace(/^\s*```.*?^\s*```[^\n]*$/gms, '');
    return prose
      .split('\n')
      .map((line) => (line.trimStart().startsWith('@') ? '' : line))
      .join('\n')
      .split(/\n\s*\n|\n(?=\s*[-|] )/)
      .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
      .filter((paragraph) => paragraph !== '');
  });
};

const wordsOf = (text: string): string[] => text.match(/[A-Za-z']+/g) ?? [];

/** Returns the language of paragraphs. */
export const languageOf = (paragraphs: readonly string[]): Language => {
  const text = paragraphs.join('\n');
  const words = wordsOf(text).length;
  const sentences = paragraphs.flatMap((paragraph) => paragraph.split(/(?<=[.!?])\s+(?=[A-Z`{])/));
  return {
    words,
    rates: bars.map((bar) => {
      const rate = words === 0 ? 0 : (1000 * (text.match(bar.pattern)?.length ?? 0)) / words;
      return { bar, rate, isWithin: rate >= bar.least && rate <= bar.most };
    }),
    sentences: sentences.length,
    longSentences: sentences.filter((sentence) => wordsOf(sentence).length > LONG_SENTENCE),
  };
};
