import { lazily } from '../../domain/lazily.ts';

/** Text next to a number that does not change its meaning. */

const NUMBER = '(?:\\d{1,3}(?:[.,]\\d{1,4})?|high|full|absolute)\\s?(?:\\\\?%|percent)?';

const SURE = '(?:confiden(?:ce|t)|certain(?:ty)?|sure)(?: (?:level|score|rating|rate))?(?![a-z])';

const LEAD =
  "(?:(?:and|with|at|an?|the|my|our|i|am|i['\u2019]m|we|are|is|of|about|around|approximately|roughly|over) ){0,6}";

/** "with 90% confidence", "(90% sure)", "confidence: 0.9". */
const CONFIDENCE = new RegExp(
  `(?:[-–—|;,] )?[(\\[]?(?<![a-z])${LEAD}(?:${NUMBER} ?${SURE}|${SURE}\\s?(?:of|is|:|=)?\\s?(?:about |~)?${NUMBER})[)\\]]?`,
  'gi',
);

const mayBeSure = /confiden|certain|sure/i;

/** Returns a text without what it says of its own confidence after a number. */
export const withoutConfidence = (text: string): string =>
  mayBeSure.test(text)
    ? text.replace(CONFIDENCE, (aside, index: number) => (/\p{N}/u.test(text.slice(0, index)) ? ' ' : aside))
    : text;

/** An exclamation mark that ends a sentence. */
const EXCLAIMED = lazily(
  () => /(?<=\d)!+(?=["'\u201d)*_]*(?:\s*$|\s*[\n\r]|\s+(?:\p{Lu}|\p{So}|\p{Extended_Pictographic})))/gu,
);

/** What shows that a text is about factorials. */
const FACTORIALS = /[\d\p{L})]!\s*[-+*/=×·)}$^\\!,;.]|factorial|permut|arrang|\bways\b/iu;

/**
 * Returns a text of prose with full stops for the exclamation marks after its numbers, unless it is about factorials.
 *
 * @param before the text before it, which may be.
 */
export const withoutExclamations = (text: string, before = ''): string =>
  text.includes('!') && !FACTORIALS.test(before) && !FACTORIALS.test(text.replace(EXCLAIMED(), ''))
    ? text.replace(EXCLAIMED(), '.')
    : text;
