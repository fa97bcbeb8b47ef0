import { type Abstention, abstain } from '../domain/normalizer.ts';
import { quoted } from '../domain/quoting.ts';
import { reading, refuse, shown } from '../options.ts';
import type { AnswerMarks } from './answer-marks.ts';
import { COMMA, DOLLAR, LEFT_PARENTHESIS, SPACE } from './character-codes.ts';
import {
  type CharacterTest,
  isLowerCaseLetter,
  isSpace,
  oneOf,
  skip,
  skipSpaces,
  standsAt,
} from './characters.ts';
import { readAnswer } from './final-answer.ts';
import { fold } from './fold.ts';
import { lowered, optionScanner, type Spelling } from './option-scanner.ts';
import { unwrapped } from './plain-text.ts';

/**
 * Returns a normalizer that yields one of `options`, spelled as listed: the one that a text marks as its answer
 * (`<answer>`, `{"answer": …}`, `\boxed{…}`, `#### …`, "the answer is (B)"), else the last one that is a word of
 * its own. If several fit, the longest counts. Case does not matter, except for a single letter in prose: it counts as
 * listed, or if it is set off as in `(b)`, `**b**`, "option b".
 *
 * Abstains if no option is found, and if a marked answer names several.
 *
 * @throws {ConfigError} if `options` is not an array of strings, is empty, contains a blank option, or contains two that
 * differ in case only.
 *
 * @example
 * ```ts
 * choice(['A', 'B', 'C'])('Paris is not in Italy, so the answer is (b).'); // 'B'
 * ```
 */
export function choice<const Option extends string>(
  options: readonly Option[],
): (text: string) => Option | Abstention {
  return reading('choice', () => {
    const spellings = checkedSpellings(options);
    const whole = new Map(spellings.map(({ lower, option }) => [lower, option]));
    const optionAt = optionScanner(spellings);

    const scan = (text: string, lower: string, from: number, to: number) => {
      let last: Option | undefined;
      let several = false;
      for (let at = from; at < to; at++) {
        const found = optionAt(text, lower, at);
        if (found === undefined) continue;
        const end = at + found.lower.length;
        if (end > to || (end - at === 1 && !isLetterChoice(text, at, found))) continue;
        several ||= last !== undefined && last !== found.option;
        last = found.option;
        at = end - 1;
      }
      return { last, several };
    };

    const field = (content: string): Option | Abstention | undefined => {
      const plain = unwrapped(content, 0, content.length);
      const lower = lowered(plain);
      const exact = whole.get(lower) ?? leadingLabel(plain, lower);
      if (exact !== undefined) return exact;
      const { last, several } = scan(plain, lower, 0, plain.length);
      return several ? abstain('the marked answer names several options') : last;
    };

    /** Returns the option of `B. Paris` or `(B) Paris`. */
    const leadingLabel = (text: string, lower: string): Option | undefined => {
      const at = text.charCodeAt(0) === LEFT_PARENTHESIS ? 1 : 0;
      const found = optionAt(text, lower, at);
      if (found === undefined) return undefined;
      return endsLabel(text.charCodeAt(at + found.lower.length)) ? found.option : undefined;
    };

    const phrase = (text: string, start: number, end: number): Option | Abstention | undefined => {
      const line = text.slice(start, end);
      const lower = lowered(line);
      let at = skip(line, opensOption, 0);
      if (standsAt(line, at, '\\text{')) at += 6;
      const found = optionAt(line, lower, at);
      if (found === undefined) return undefined;
      const after = at + found.lower.length;
      if (after - at === 1 && line.charAt(at) !== found.option && startsWords(line, after)) return undefined;
      const other = alternativeAt(line, after);
      const second = other === undefined ? undefined : optionAt(line, lower, other);
      return second === undefined || second.option === found.option
        ? found.option
        : abstain('the announced answer names several options');
    };

    const unmarked = (text: string, { from, to }: AnswerMarks): Option | undefined => {
      const plain = unwrapped(text, from, to);
      const exact = plain.length > longest ? undefined : whole.get(lowered(plain));
      return exact ?? scan(text, lowered(text), from, to).last;
    };

    const longest = Math.max(...spellings.map(({ lower }) => lower.length));
    const reader = {
      sought: `one of the ${options.length} options`,
      field,
      phrase,

      unmarked,
    } as const;
    return (text) => readAnswer(text, reader);
  });
}

function checkedSpellings<Option extends string>(options: readonly Option[]): Spelling<Option>[] {
  if (!Array.isArray(options) || options.some((option) => typeof option !== 'string')) {
    refuse([`choice: expected an array of strings, such as ['A', 'B'], but got ${shown(options)}`]);
  }
  const spellings = options.map((option) => ({ lower: lowered(fold(option).trim()), option }));
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

/** Whether a single letter in prose is a choice: set off, or as listed unless it is an "a" or "I" among words. */
function isLetterChoice(text: string, at: number, { option }: Spelling<string>): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at + 1);
  if (setsOff(before) && setsOff(after)) return true;
  if (announces(text, at)) return true;
  if (text.charAt(at) !== option) return false;
  const article = option === 'A' || option === 'a' || option === 'I' || option === 'i';
  return !(article && startsWords(text, at + 1) && alternativeAt(text, at + 1) === undefined);
}

/** The brackets and emphasis around an option. */
const setsOff = oneOf('()[]*_`');

const endsLabel = oneOf(').:');

/** A `$` opens LaTeX. */
const opensOption: CharacterTest = (code) => isSpace(code) || code === DOLLAR;

const announcing = ['option ', 'choice ', 'letter ', 'answer '] as const;

const announces = (text: string, at: number): boolean =>
  announcing.some((word) => standsAt(text, at - word.length, word));

const startsWords = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === SPACE && isLowerCaseLetter(code);
};

/** Returns the position of the second option in "A or B", "(A) and (B)", "A/B". */
function alternativeAt(text: string, end: number): number | undefined {
  let at = skipSpaces(text, skip(text, setsOff, end));
  if (text.charCodeAt(at) === COMMA) at = skipSpaces(text, at + 1);
  const joint = ['/', 'or ', 'and '].find((conjunction) => standsAt(text, at, conjunction));
  if (joint === undefined) return undefined;
  return skip(text, setsOff, skipSpaces(text, at + joint.length));
}
