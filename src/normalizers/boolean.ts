import { type Abstention, abstain } from '../domain/normalizer.ts';
import type { AnswerMarks } from './marks/answer-marks.ts';
import type { Reading } from './marks/answer-reader.ts';
import { normalizerWith } from './normalizer-readers.ts';
import { plainField } from './reading/latex.ts';
import { unwrapped } from './reading/plain-text.ts';
import { bracketedVerdict } from './verdicts/bracketed-verdict.ts';
import { BOTH, NO, type Side, sideOf, sideOfWhole, YES } from './verdicts/verdict-words.ts';
import { mayOpenVerdict, verdictOf } from './verdicts/verdicts.ts';

/**
 * Yields `true` for yes, true and correct, `false` for no, false and "not true", in the most used languages. A marked answer
 * has priority (`<answer>`, `{"answer": …}`, `\boxed{…}`, "the answer is"), then a yes or no in brackets or emphasis, then a
 * verdict at the beginning or the end of the text, or in its own sentence. A later verdict replaces an earlier one if the
 * text corrects itself ("Wait, no").
 *
 * Abstains if verdicts contradict each other, are doubtful ("maybe") or have a condition ("yes if n is odd"). The "no" of
 * "no remainder" or "no doubt" is not a verdict.
 *
 * @example
 * ```ts
 * import { boolean } from 'crucible-ensemble';
 *
 * boolean('It has no divisor but itself. [Yes]'); // true
 * ```
 */
export const boolean: (text: string) => boolean | Abstention = normalizerWith(() => reader);

const reader = {
  sought: 'a yes or no',
  isLabel: true,
  field(content: string) {
    const plain = plainField(content);
    return fromWhole(unwrapped(plain, 0, plain.length));
  },
  phrase(text: string, start: number, end: number) {
    if (!mayOpenVerdict(text, start)) return undefined;
    const phrase = text.slice(start, Math.min(end, start + LONGEST_PHRASE));
    // What strengthens it is skipped before: "definitely not".
    const side = /^not[\s.!*]*$/i.test(phrase) ? NO : (wholeSide(phrase) ?? verdictOf(phrase));
    return answerOf(side);
  },
  unmarked: (text: string, { from, to }: AnswerMarks) => fromWhole(unwrapped(text, from, to)),
};

/** How much is read of what an announcement is followed by. */
const LONGEST_PHRASE = 200;

/** The maximum number of characters of a text that is looked up as a whole. */
const LONGEST_WHOLE = 24;

function fromWhole(text: string): Reading<boolean> {
  const whole = text.length > LONGEST_WHOLE ? undefined : sideOfWhole(text.toLowerCase());
  return answerOf(whole ?? bracketedVerdict(text) ?? verdictOf(text));
}

/** Returns what a phrase says that is nothing but one word, as most are. */
const wholeSide = (phrase: string): Side | undefined =>
  phrase.length > LONGEST_WHOLE ? undefined : sideOf(unwrapped(phrase, 0, phrase.length).toLowerCase());

function answerOf(side: Side | undefined): Reading<boolean> {
  if (side === BOTH) return abstain('it says both yes and no, or neither clearly');
  return side === undefined ? undefined : side === YES;
}
