import type { Abstention } from '../domain/normalizer.ts';
import { quoted } from '../domain/quoted.ts';
import { reading, refuse, shown } from '../options.ts';
import type { AnswerMarks } from './marks/answer-marks.ts';
import type { AnswerReader, Reading } from './marks/answer-reader.ts';
import { normalizerWith } from './normalizer-readers.ts';
import { announcedOption, isOpener } from './options/announced-option.ts';
import { chosenOption } from './options/chosen-option.ts';
import { plainLetters } from './options/option-letters.ts';
import { mentionFinder } from './options/option-mentions.ts';
import { optionScanner, type Spelling } from './options/option-scanner.ts';
import { fold } from './reading/fold.ts';
import { plainField } from './reading/latex.ts';
import { lowered } from './reading/lowered.ts';
import { unwrapped } from './reading/plain-text.ts';

/**
 * Returns a normalizer that yields one of `options`, spelled as listed. The marked answer has priority (`<answer>`,
 * `{"answer": …}`, `\boxed{…}`, `#### …`, "the answer is (B)"), then the option at the beginning of the text, followed by
 * its reasons, then the only option that a short text names. If several fit at a place, the longest counts. Case does not
 * matter, except for a single letter in prose: it counts if it is a label, as in `(b)`, `**b**`, "option b", "I think B",
 * but not as an article, a variable or a part of a name.
 *
 * Abstains if no option is found, from options that are denied ("not B", "A is wrong"), and if several are chosen.
 *
 * @throws {ConfigError} if `options` is not an array of strings, is empty, contains a blank option, or contains two that
 * differ in case only.
 *
 * @example
 * ```ts
 * import { choice } from 'crucible-ensemble';
 *
 * choice(['A', 'B', 'C'])('Paris is not in Italy, so the answer is (b).'); // 'B'
 * ```
 */
export function choice<const Option extends string>(
  options: readonly Option[],
): (text: string) => Option | Abstention {
  return reading('choice', () => {
    const reader = optionReader(checkedSpellings(options));
    return normalizerWith(() => reader);
  });
}

function optionReader<Option extends string>(spellings: readonly Spelling<Option>[]): AnswerReader<Option> {
  const whole = new Map(spellings.map(({ lower, option }) => [lower, option]));
  const longest = Math.max(...spellings.map(({ lower }) => lower.length));
  const optionAt = optionScanner(spellings);
  const find = mentionFinder(spellings, optionAt);

  const loose = new Map(spellings.map(({ lower, option }) => [loosely(lower), option]));

  const wholeOption = (plain: string): Option | undefined => {
    if (plain.length > longest) return undefined;
    const lower = lowered(plain);
    return whole.get(lower) ?? (loose.size === whole.size ? loose.get(loosely(lower)) : undefined);
  };

  const plainOption = (text: string, from: number, to: number): Reading<Option> => {
    const plain = unwrapped(text, from, to);
    const bare = plain.length > longest + 8 ? plain : plain.replace(WRAPPING, '');
    return wholeOption(plain) ?? wholeOption(bare) ?? chosenOption(plain, find);
  };

  return {
    sought: spellings.length === 1 ? 'the only option' : `one of the ${spellings.length} options`,
    isLabel: true,
    field(content) {
      const plain = plainField(plainLetters(content));
      return wholeOption(unwrapped(content, 0, content.length)) ?? plainOption(plain, 0, plain.length);
    },
    phrase(text, start, end) {
      // What sets off an option tells `'B'` from `B'`.
      const from = isOpener(text.charCodeAt(start - 1)) ? start - 1 : start;
      const line = plainLetters(text.slice(from, Math.min(end, start + LONGEST_PHRASE)));
      return announcedOption(line, optionAt, find);
    },
    unmarked(text: string, { from, to }: AnswerMarks) {
      const plain = plainLetters(text.slice(from, to));
      return plainOption(plain, 0, plain.length);
    },
  };
}

/** What sets off an option that is the whole text: `(B)`, `[[B]]`, `**B.**`. */
const WRAPPING = /^[\s([{<*_"$]+|[\s)\]}>*_".:$]+$/g;

/** Returns an option with its words joined in one way: `not_relevant` is "not relevant". */
const loosely = (lower: string): string => lower.replace(/[\s_-]+/g, ' ');

/** How much is read of what an announcement is followed by. */
const LONGEST_PHRASE = 200;

function checkedSpellings<Option extends string>(options: readonly Option[]): Spelling<Option>[] {
  if (!Array.isArray(options) || options.some((option) => typeof option !== 'string')) {
    refuse([`choice: expected an array of strings, such as ['A', 'B'], but got ${shown(options)}`]);
  }
  const spellings = options.map((option) => ({ lower: lowered(plainLetters(fold(option)).trim()), option }));
  const blank = spellings.some(({ lower }) => lower === '');
  const twice = spellings.filter(({ lower }, index) =>
    spellings.slice(0, index).some((other) => other.lower === lower),
  );
  refuse([
    ...(options.length === 0 ? ['choice: expected at least one option, but got none'] : []),
    ...(blank ? ['choice: an option must not be blank'] : []),
    ...twice.map(
      ({ option }) => `choice: options must differ in more than case, but got ${quoted(option)} twice`,
    ),
  ]);
  return spellings;
}
