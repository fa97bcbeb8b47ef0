import { lazily } from '../../domain/lazily.ts';
import { isDigit, isWordCharacter } from '../reading/characters.ts';
import { lowered } from '../reading/lowered.ts';
import { goesOnAfterNo } from '../verdicts/own-verdict.ts';
import { formulaAfter, isDenied, isJudgedWrong, type KnownOptions, listAfter } from './option-denial.ts';
import { isLabel } from './option-label.ts';
import type { OptionScanner, Spelling } from './option-scanner.ts';

/** An option that a text names. */
export interface Mention<Option extends string> {
  readonly option: Option;
  readonly at: number;
  readonly end: number;
  readonly isDenied: boolean;
  /** Whether it continues a list that the mention before it opens: "A, B and C". */
  readonly isListed: boolean;
}

/** Finds the options that a short text names, in order. */
export type MentionFinder<Option extends string> = (text: string) => readonly Mention<Option>[];

/** Returns a finder of options: of words as such, of single characters if they are the label of an option. */
export function mentionFinder<Option extends string>(
  spellings: readonly Spelling<Option>[],
  optionAt: OptionScanner<Option>,
): MentionFinder<Option> {
  const lastWords = new Set(spellings.map(({ lower }) => lower.split(/\s+/).at(-1) ?? lower));
  return (text) => {
    const lower = lowered(text);
    const endAt: KnownOptions['endAt'] = (at) => {
      const found = optionAt(text, lower, at);
      return found === undefined ? undefined : at + found.lower.length;
    };
    const mentions: Mention<Option>[] = [];
    let item = -1;
    let operand = -1;
    for (let at = 0; at < text.length && mentions.length < MOST_MENTIONS; at++) {
      const found = optionAt(text, lower, at);
      if (found === undefined) continue;
      const end = at + found.lower.length;
      const isListed =
        (at === item || (at === operand && !isJudgedWrong(text, end))) &&
        endsItem().test(text.slice(end, end + 20));
      if (!isListed && !isNamed(text, at, end, found)) continue;
      mentions.push({
        option: found.option,
        at,
        end,
        isDenied: isDenied(text, at, end, { endAt, lastWords }),
        isListed,
      });
      item = listAfter(text, end);
      operand = formulaAfter(text, end);
      at = end - 1;
    }
    return mentions;
  };
}

/** A text with more of them goes through its options and chooses none. */
const MOST_MENTIONS = 20;

/** What follows an item of a list. */
export const endsItem = lazily(
  () =>
    /^[)\]}*_"'\u201d\s]*(?:$|[.,;!?\n/&\u3002\u3001)]|(?:and|or|nor|und|oder|et|ou|y|e|и|или|are|is|were|both|all|fail|tie|look|seem|fit|work|hold|can|could|may|might|do|would|will|have)(?![\p{L}\p{N}]))/iu,
);

function isNamed(text: string, at: number, end: number, { lower, option }: Spelling<string>): boolean {
  if (lower === 'no') return goesOnAfterNo(text.slice(end, end + 20));
  const code = lower.charCodeAt(0);
  if (isDigit(code) && SCALE.test(text.slice(Math.max(0, at - 12), at))) return false;
  if (lower.length === 1 && isWordCharacter(code)) return isLabel(text, at, option);
  return lower.length > 1 || !isWithoutBlanks(lower) || !isInRun(text, at, end);
}

/** What comes before the best mark that can be given: "4 out of 5". */
const SCALE = /\d\s?(?:out of|of) $/i;

const isWithoutBlanks = (text: string): boolean => /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text);

/** Whether a short word of a script without blanks has characters of such a script on both sides. */
const isInRun = (text: string, at: number, end: number): boolean =>
  isWithoutBlanks(text.charAt(at - 1)) && isWithoutBlanks(text.charAt(end));
