import { EMPTY, map } from 'rxjs';
import type { Group, Grouping } from '../domain/grouping.ts';
import { inPanelOrder, type Vote } from '../domain/outcome.ts';
import { checked, oneOf } from '../options.ts';
import { atOnce, inSlices } from '../time/in-slices.ts';
import { type Content, choiceOf, contentOf } from './content/content.ts';
import { contentGroups } from './content/content-groups.ts';
import { type ContentIndex, contentIndex, type Entry } from './content/content-index.ts';
import { type Language, languages } from './content/languages.ts';
import { type Question, questionOf } from './content/question.ts';

/** The options of {@link byContent}. */
export interface ContentOptions {
  /**
   * The language of the answers, as a code of ISO 639-1 such as `de`: its words without content do not count. Default: for each
   * answer, the language of which it and the question have the most such words.
   */
  readonly language?: Language;
}

/** Up to this number of different contents, all groups are computed whenever they are read. */
const MOST_AT_ONCE = 100;

/** The number of characters of an answer that are compared. */
export const LONGEST_TEXT = 20_000;

/**
 * Groups answers in prose by what they say beyond the question, without a model: "Marco Velli" and "It was painted by Marco
 * Velli in 1502" are one vote. Use it if answers are sentences, for which equal texts never meet.
 *
 * The words of the question and words such as "the" do not count; names, numbers and months count four times. An answer joins
 * a group if it contains more than half of what the shortest answer of the group says, in any of the common spellings:
 * `twenty-one` and 21, `ESA` and "European Space Agency", `mini-game` and `minigame`. To a question that offers a choice
 * ("Is …?", "tea or coffee?"), answers with the same choice are one group. The order of arrival changes nothing.
 *
 * Answers whose facts exclude each other are never in one group: other numbers, units, signs, days or weekdays for the same
 * thing, other names in the same place, a "not" on one side, opposites such as "rise" and "fall". Synonyms, paraphrases and
 * conversions need a model; they stay apart.
 *
 * Knows the words without content of 49 languages. Words are broken by `Intl.Segmenter` in Chinese, Japanese, Thai and other
 * scripts without blanks. Number words, opposites and choices are read in English only.
 *
 * Makes no calls. Reading an answer takes about 30 µs. Up to 100 different answers, the groups are exact whenever they are
 * read. With more, stop rules see only answers with the same words as one group; the exact groups are computed after the last
 * call, in slices of a few milliseconds. Compares the first 20,000 characters of an answer.
 *
 * @throws {ConfigError} if the language is not known.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { byContent } from 'crucible-ensemble/grouping';
 *
 * const answers = ['Marco Velli painted it in 1502.', 'It was Velli.', 'Piero Danti'];
 * const ensemble = createEnsemble({
 *   models: answers.map((text, index) => defineModel(`model-${index}`, () => text)),
 *   grouping: byContent(),
 * });
 * const { answer, metadata } = await ensemble.predict('Which painter made the ceiling of the Orlin chapel?');
 * answer; // => 'Marco Velli painted it in 1502.'
 * metadata.votes; // => { 'Marco Velli painted it in 1502.': 2, 'Piero Danti': 1 }
 * ```
 */
export const byContent = (options: ContentOptions = {}): Grouping => {
  const { language } = checked('byContent', options, specs);
  const grouping: Grouping<Reading> = {
    name: 'byContent',
    init: ({ question }) => ({ question: questionOf(question, language), contents: contentIndex() }),
    add(reading, vote) {
      const { question, contents } = reading;
      const text = vote.key.slice(0, LONGEST_TEXT);
      const read = (): Content =>
        typeof vote.answer === 'string' ? contentOf(text, question) : choiceOf(vote.key);
      contents.add(text, read, vote);
      return reading;
    },
    groups({ contents }) {
      if (contents.entries.length > MOST_AT_ONCE) return contents.entries.map((entry) => votesIn([entry]));
      return atOnce(contentGroups(contents)).map(votesIn);
    },
    refine: ({ contents }) =>
      // Up to that number, the groups are exact already.
      contents.entries.length > MOST_AT_ONCE
        ? inSlices(() => contentGroups(contents)).pipe(map((groups) => groups.map(votesIn)))
        : EMPTY,
  };
  return grouping;
};

const specs = { language: oneOf(languages, '') } as const;

/** What has been read for one prediction. */
interface Reading {
  readonly question: Question;
  readonly contents: ContentIndex<Vote>;
}

const votesIn = (entries: readonly Entry<Vote>[]): Group =>
  inPanelOrder(entries.flatMap(({ items }) => items));
